"""Purchases by their age, for the list of those that no parcel is known of."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_index(
        "purchases_age", "purchases", ["claimed_at", "id"], postgresql_where=sa.text("state = 'confirmed'")
    )
