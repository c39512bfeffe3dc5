"""Purchases that a supplier gets together, in one file at set times."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_table(
        "exports",
        sa.Column("purchase_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("laid_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchases.id"]),
        sa.PrimaryKeyConstraint("purchase_id"),
    )
    op.create_index("exports_batches", "exports", ["store_id", "supplier", "batch"])
