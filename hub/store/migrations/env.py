"""Alembic's entry: it is only ever run by hub.store.upgrading, which hands it a connection."""

from alembic import context

from hub.store.upgrading import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
