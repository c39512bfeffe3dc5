"""A decision says why nothing better was chosen."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column("decisions", sa.Column("proof", postgresql.JSONB(), nullable=True))
