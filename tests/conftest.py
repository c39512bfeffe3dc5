"""One PostgreSQL for the session, one migrated template, and a fresh database for each test in milliseconds."""

import itertools
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest_asyncio

from hub import logs
from hub.embedded import Embedded, Wanted
from hub.store.database import driver_arguments
from hub.store.migrating import migrate

_numbers = itertools.count(1)
logs.configure()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def servers(tmp_path_factory) -> AsyncIterator[Embedded]:  # type: ignore[no-untyped-def]  # pytest's own type
    """PostgreSQL and Valkey of the session's own, gone with it."""
    folder = tmp_path_factory.mktemp("servers")
    async with Embedded.open(Path(folder), Wanted(postgres=True, valkey=True)) as servers:
        connection = await asyncpg.connect(**driver_arguments(servers.database_url))
        await connection.execute("create database template_faros")
        await connection.close()
        await migrate(sibling(servers.database_url, "template_faros"))
        yield servers
    shutil.rmtree(servers.folder, ignore_errors=True)


@pytest_asyncio.fixture
async def database_url(servers: Embedded) -> AsyncIterator[str]:
    """The URL of a fresh, migrated database, dropped after the test."""
    name = f"t_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(**driver_arguments(servers.database_url))
    try:
        await connection.execute(f"create database {name} template template_faros strategy file_copy")
        yield sibling(servers.database_url, name)
        await connection.execute(f"drop database if exists {name} with (force)")
    finally:
        await connection.close()


def sibling(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}?{query}"
