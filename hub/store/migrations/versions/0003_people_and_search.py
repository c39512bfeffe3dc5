"""People who sign in, what they say about cases, and the indexes by which their pages find things."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

HEARD = "coalesce(recorded_at, cancel_requested_at, created_at)"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.add_column("api_keys", sa.Column("stores", postgresql.ARRAY(sa.Text()), nullable=True))
    _people()
    _said_of_cases()
    _indexes()


def _people() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("stores", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "sign_in_tries",
        sa.Column("name_hash", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name_hash"),
    )


def _said_of_cases() -> None:
    op.create_table(
        "case_notes",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_table(
        "case_proposals",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case_id"),
    )


def _indexes() -> None:
    for name, table, columns, where in (
        ("orders_heard", "orders", [HEARD, "id"], None),
        ("orders_heard_of_store", "orders", ["store_id", HEARD, "id"], None),
        ("orders_cancelled", "orders", [HEARD, "id"], "cancel_requested_at is not null"),
        ("orders_number_start", "orders", ["upper(ltrim(number, '#')) text_pattern_ops"], None),
        ("order_lines_sku_start", "order_lines", ["upper(sku) text_pattern_ops", "order_id"], None),
        ("shipments_number_start", "shipments", ["upper(tracking_number) text_pattern_ops"], None),
        ("purchases_reference_start", "purchases", ["upper(reference) text_pattern_ops"], None),
        ("purchases_theirs_start", "purchases", ["upper(supplier_reference) text_pattern_ops"], None),
        ("purchases_supplier", "purchases", ["store_id", "supplier", "claimed_at"], None),
        ("cases_open_order", "cases", ["order_id"], "state = 'open'"),
        ("runs_started", "runs", ["started_at", "id"], None),
        ("runs_open_order", "runs", ["order_id", "flow"], "ended_at is null"),
        ("runs_version", "runs", ["flow_version_id"], "ended_at is null"),
        ("clocks_due", "clocks", ["state", "due_at", "id"], None),
        ("deliveries_last", "deliveries", ["connection_id", "received_at"], None),
    ):
        op.create_index(
            name,
            table,
            [sa.text(c) if "(" in c else c for c in columns],
            postgresql_where=sa.text(where) if where else None,
        )
