"""Purchases are found by their supplier's reference, and what is charged otherwise than was expected by its age."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_index("purchases_theirs", "purchases", ["store_id", "supplier", "supplier_reference"])
    op.create_index(
        "purchases_unowed",
        "purchases",
        ["store_id"],
        postgresql_where="state not in ('claimed', 'confirmed')",
    )
    op.create_index(
        "purchase_costs_otherwise",
        "purchase_costs",
        ["store_id", "invoiced_at", "purchase_id"],
        postgresql_where="state <> 'as-expected'",
    )
