"""Orders that one sales channel copied from another."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column("orders", sa.Column("copy_of", sa.String(), nullable=False, server_default=""))
    op.add_column("orders", sa.Column("mirrors", sa.Uuid(), nullable=True))
    op.create_foreign_key(None, "orders", "orders", ["mirrors"], ["id"])
    op.create_index("orders_copy", "orders", ["store_id", "copy_of"], postgresql_where="copy_of <> ''")
    op.create_index("orders_mirrors", "orders", ["mirrors"], postgresql_where="mirrors is not null")
    op.create_table(
        "mirrored_parcels",
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("fulfilment_id", sa.String(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipments.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("shipment_id", "order_id"),
    )
