"""The migrations make exactly what the tables declare."""

import asyncpg
import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from hub.embedded import Embedded
from hub.store.database import driver_arguments
from hub.store.migrating import head, migrate
from hub.store.upgrading import configuration, differences
from tests.conftest import sibling


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


ORDER, PURCHASE = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
BOUGHT = (
    f"""insert into orders (id, store_id, source, channel_id, number, is_address_good)
        values ('{ORDER}', 'main', 'shop', '1', '#1', true)""",
    f"""insert into order_lines (order_id, line_id, store_id, sku, quantity, generation, generation_reason)
        values ('{ORDER}', 'l', 'main', 'NECK', 8, 0, ''), ('{ORDER}', 'm', 'main', 'RING', 3, 1, 'lost')""",
    f"""insert into decisions (id, store_id, order_id, run_id, rules_version, lines_digest, lines, tags, made_at)
        values ('{ORDER}', 'main', '{ORDER}', '{ORDER}', '1', '\\x00', '[]', '[]', now())""",
    f"""insert into purchases (id, store_id, order_id, decision_id, supplier, number, reference, state, lines, tags,
                               reserved_until, claimed_by, supplier_reference, reason)
        values ('{PURCHASE}', 'main', '{ORDER}', '{ORDER}', 'a', 1, '1-1', 'claimed',
          '[{{"line_id": "l", "quantity": 10}}, {{"line_id": "m", "quantity": 3}}]', '[]', now(),
          '{ORDER}', '', '')""",
)
OLD_CLAIMS = f"""insert into purchase_claims (order_id, line_id, generation, store_id, purchase_id, supplier,
                                              claimed_at, release_reason)
                 values ('{ORDER}', 'l', 0, 'main', '{PURCHASE}', 'a', now(), ''),
                        ('{ORDER}', 'm', 0, 'main', '{PURCHASE}', 'a', now(), '')"""
CLAIM = f"""insert into purchase_claims (order_id, line_id, portion, generation, store_id, purchase_id, supplier,
                                         quantity, claimed_at, release_reason)
            values ('{ORDER}', $1, $2, $3, 'main', '{PURCHASE}', 'a', $4, now(), '')"""


async def test_what_was_bought_before_lines_had_portions_is_bought_in_their_first(servers: Embedded) -> None:
    admin = await asyncpg.connect(**driver_arguments(servers.database_url))
    await admin.execute("create database before_portions")
    url = sibling(servers.database_url, "before_portions")
    await upgraded_to("0015", url)
    connection = await asyncpg.connect(**driver_arguments(url))
    for statement in (*BOUGHT, OLD_CLAIMS):
        await connection.execute(statement)

    await migrate(url)

    claims = await connection.fetch("select line_id, portion, quantity from purchase_claims order by line_id")
    assert [tuple(row) for row in claims] == [("l", 0, 10), ("m", 0, 3)], (
        "as many as were bought, not as are left"
    )
    lines = await connection.fetch("select line_id, portion, quantity from order_lines order by line_id")
    assert [tuple(row) for row in lines] == [("l", 0, 8), ("m", 0, 3)]
    await connection.execute(CLAIM, "m", 0, 1, 3)
    await connection.close()
    await admin.execute("drop database before_portions with (force)")
    await admin.close()


async def test_the_database_takes_no_claim_by_which_more_of_a_line_is_bought_than_it_is_of(
    database_url: str,
) -> None:
    connection = await asyncpg.connect(**driver_arguments(database_url))
    for statement in BOUGHT:
        await connection.execute(statement)
    await connection.execute(
        """insert into order_lines (order_id, line_id, portion, store_id, sku, quantity, generation, generation_reason)
           select order_id, line_id, 1, store_id, sku, 4, 0, '' from order_lines where line_id = 'm'"""
    )
    await connection.execute(CLAIM, "m", 0, 1, 3)
    with pytest.raises(asyncpg.RaiseError, match="more units of a line would be bought than it is of"):
        await connection.execute(CLAIM, "m", 1, 0, 5)
    await connection.execute(CLAIM, "m", 1, 0, 4)
    await connection.close()


async def upgraded_to(revision: str, url: str) -> None:
    """A database as a hub of that time left it."""

    def run(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    arguments = driver_arguments(url)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(**arguments))
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()
