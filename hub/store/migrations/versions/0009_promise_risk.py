"""By when a purchase should have left, and how often each supplier's left late or were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column("purchases", sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "supplier_risks",
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("purchases", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "supplier"),
    )
