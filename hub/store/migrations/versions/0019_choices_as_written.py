"""What a case offers is kept in the order in which it was written."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.execute("alter table cases alter column choices type json using choices::json")
