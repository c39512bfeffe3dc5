"""A real PostgreSQL for the tests of the trade; every test has a store of its own in it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from shutil import rmtree

import asyncpg
import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

import hub.store.tables
import hub.store.tables_aftermath
import hub.store.tables_amendments
import hub.store.tables_configuration
import hub.store.tables_costs
import hub.store.tables_figures
import hub.store.tables_silence
import hub.store.trade  # noqa: F401  the tables are known once their modules are loaded
from hub.embedded import Embedded, Wanted
from hub.embedded.home import ROOTS_DATA, choose
from hub.fulfilment.policies import Policies
from hub.store.database import Database, driver_arguments
from tests.fulfilment.shares import stock
from tests.fulfilment.trade import Trade, supplier


async def create_tables(url: str) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its dialects untyped
    connection = await asyncpg.connect(**driver_arguments(url))
    for table in SQLModel.metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    await connection.close()


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("trade") / "data"
    stack = AsyncExitStack()
    with asyncio.Runner() as runner:
        servers = runner.run(stack.enter_async_context(Embedded.open(data, Wanted(valkey=False))))
        runner.run(create_tables(servers.database_url))
        yield servers.database_url
        runner.run(stack.aclose())
    kept = choose(data).folder
    if kept.parent == ROOTS_DATA:
        rmtree(kept)


@pytest.fixture
async def trade(database_url: str) -> AsyncIterator[Trade]:
    database = await Database.connect(database_url, size=20)
    yield await Trade.open(database)
    await database.close()


@pytest.fixture
async def sharing(trade: Trade) -> Trade:
    """Suppliers a and b have ten units together, the store divides lines, and c has nothing of it yet."""
    trade.policies = Policies(safety_threshold=0, split_line="when_short")
    trade.suppliers = [supplier("a"), supplier("b"), supplier("c")]
    await trade.sells(a=10, b=12, c=14)
    await stock(trade, a=6, b=4, c=0)
    return trade
