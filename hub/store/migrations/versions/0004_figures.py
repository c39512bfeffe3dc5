"""What figures count: enquiries, outcomes, and when a purchase was acknowledged and a parcel left."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the schema to this version."""
    op.create_table(
        "enquiries",
        sa.Column("connection_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("gap", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("connection_id", "ticket_id"),
    )
    op.create_index("enquiries_received", "enquiries", ["store_id", "received_at"])
    op.create_index(op.f("ix_enquiries_order_id"), "enquiries", ["order_id"])
    op.create_table(
        "outcomes",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("suppliers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"]),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_index(op.f("ix_outcomes_order_id"), "outcomes", ["order_id"])
    op.add_column("purchases", sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("shipments", sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True))
