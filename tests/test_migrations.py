"""The migrations make exactly what the tables declare."""

import asyncpg
from sqlalchemy.ext.asyncio import create_async_engine

from hub.store.database import driver_arguments
from hub.store.migrating import head
from hub.store.upgrading import differences


async def test_the_migrations_make_what_the_tables_declare(database_url: str) -> None:
    arguments = driver_arguments(database_url)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(**arguments))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()

    assert found == []


async def test_a_new_database_is_at_the_newest_version(database_url: str) -> None:
    connection = await asyncpg.connect(**driver_arguments(database_url))
    version = await connection.fetchval("select version_num from alembic_version")
    await connection.close()

    assert version == head()


async def test_audit_rows_cannot_be_changed(database_url: str) -> None:
    connection = await asyncpg.connect(**driver_arguments(database_url))
    await connection.execute(
        "insert into audit (at, by, what, detail) values (now(), 'ada', 'case resolved', '{}')"
    )

    for attempt in ("update audit set by = 'eve'", "delete from audit", "truncate audit"):
        try:
            await connection.execute(attempt)
        except asyncpg.RaiseError:
            continue
        raise AssertionError(f"{attempt} was let through")
    await connection.close()
