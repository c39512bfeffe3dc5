"""A store's article may be several of a supplier's: packs, and kits of several parts."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column(
        "supplier_articles", sa.Column("units", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    op.drop_constraint("supplier_articles_pkey", "supplier_articles")
    op.create_primary_key(
        "supplier_articles_pkey", "supplier_articles", ["store_id", "sku", "supplier", "supplier_sku"]
    )
    op.drop_constraint("reservations_purchase_id_line_id_key", "reservations")
    op.create_unique_constraint(None, "reservations", ["purchase_id", "line_id", "supplier_sku"])
