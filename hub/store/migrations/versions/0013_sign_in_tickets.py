"""People who sign in at an OpenID provider, and the tickets that they come back with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column("users", sa.Column("subject", sa.String(), nullable=True))
    op.create_unique_constraint(None, "users", ["subject"])
    op.create_table(
        "sign_in_tickets",
        sa.Column("ticket_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("ticket_hash"),
    )
