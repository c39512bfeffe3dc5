"""How the hub learns of what happens on a connection."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column(
        "connections",
        sa.Column("hears", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{webhook,poll}"),
    )
