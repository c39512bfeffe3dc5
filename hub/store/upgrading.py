"""Migrations, run by Alembic: one transaction each, one process at a time."""

from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import hub.store.tables
import hub.store.tables_aftermath
import hub.store.tables_amendments
import hub.store.tables_configuration
import hub.store.tables_costs
import hub.store.tables_figures
import hub.store.tables_people
import hub.store.tables_silence
import hub.store.trade
from hub.sdk import HubError
from hub.store.database import driver_arguments

METADATA = SQLModel.metadata
"""Every table; importing this module has loaded them all."""

TABLES = (
    hub.store.tables,
    hub.store.tables_aftermath,
    hub.store.tables_amendments,
    hub.store.tables_configuration,
    hub.store.tables_costs,
    hub.store.tables_figures,
    hub.store.tables_people,
    hub.store.tables_silence,
    hub.store.trade,
)

_LOCK = 7_305_011
"""An advisory lock's number, so that two processes starting at once do not migrate together."""


class SchemaTooNew(HubError):
    """The database was written by a newer version of the hub; use that version, or restore a backup."""


async def upgrade(url: str) -> None:
    """Run every migration that is missing. Refuses a database that is newer than this version."""
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(**driver_arguments(url))
    )
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


def configuration() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    connection.exec_driver_sql(f"select pg_advisory_lock({_LOCK})")
    try:
        _refuse_newer(connection)
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    finally:
        connection.exec_driver_sql(f"select pg_advisory_unlock({_LOCK})")


def _refuse_newer(connection: Connection) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaTooNew


def differences(connection: Connection) -> list[Any]:
    """What the migrations make that the tables do not declare, and the other way round; a test wants none."""
    from alembic.autogenerate import compare_metadata

    return list(compare_metadata(MigrationContext.configure(connection), METADATA))
