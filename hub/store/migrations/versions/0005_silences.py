"""Silences: what should have been heard of and was not, and the facts by which that is noticed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring the schema to this version."""
    _tables()
    _facts()


def _tables() -> None:
    op.create_table(
        "signals",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("signal", sa.String(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("connection_id", "signal"),
    )
    op.create_table(
        "silences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("connection_id", sa.String(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("orders", postgresql.JSONB(), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "silences_standing",
        "silences",
        ["store_id", "kind", "about"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
    )


def _facts() -> None:
    op.add_column("poll_cursors", sa.Column("every", postgresql.INTERVAL(), nullable=True))
    op.add_column("poll_cursors", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("purchases", sa.Column("untracked_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stock_levels", sa.Column("said", sa.Integer(), nullable=True))
    op.add_column("stock_levels", sa.Column("said_since", sa.DateTime(timezone=True), nullable=True))
    for name, table, columns, where in (
        ("events_paid", "events", ["store_id", "made_at"], "name = 'order_paid'"),
        ("purchases_untracked", "purchases", ["store_id", "untracked_since"], "untracked_since is not null"),
        (
            "purchases_unanswered",
            "purchases",
            ["store_id", "claimed_at"],
            "state = 'confirmed' and acknowledged_at is null",
        ),
        ("stock_said", "stock_levels", ["store_id", "supplier", "said_since"], None),
    ):
        op.create_index(name, table, columns, postgresql_where=sa.text(where) if where else None)
