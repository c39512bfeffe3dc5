"""A shop's years in a database, made set by set: orders with their lines, purchases, parcels, runs, cases and clocks.

What a row says is as varied as what the pages sort, group and search by. Rows whose bodies a test opens are not made
here.
"""

from datetime import datetime
from pathlib import Path

import asyncpg

from hub.assembly import catalog_of
from hub.flow.checker import check
from hub.flow.graph import Graph, to_json
from tests.bench.crowd_rows import MADE, ROWS, STORES

FLOWS = Path(__file__).parents[2] / "flows" / "faros"

_INDEXES = """
select indexname, indexdef from pg_indexes where schemaname = 'public'
  and indexname not in (select conname from pg_constraint) order by indexname"""


async def seed(connection: asyncpg.Connection, orders: int, now: datetime) -> None:
    """Fill an empty database with so many orders, the newest of which was just placed, and let the planner know it."""
    graphs = [_graph(name) for name in ("filter", "watch", "track")]
    # Rows fit each other because they are made so; to look each of them up again would take as long as making them.
    await connection.execute("set session_replication_role = replica; set synchronous_commit = off")
    await connection.execute(MADE)
    # One index made at the end takes a fraction of what it takes to keep it row by row.
    indexes = await connection.fetch(_INDEXES)
    for index in indexes:
        await connection.execute(f'drop index "{index["indexname"]}"')
    stores, versions = STORES.strip().split(";", 1)
    await connection.execute(stores)
    await connection.execute(versions, now, [to_json(graph).decode() for graph in graphs])
    steps = list(graphs[-1].nodes)
    for sql in ROWS:
        arguments = [orders, now, steps][: max(n for n in range(4) if n == 0 or f"${n}" in sql)]
        await connection.execute(sql, *arguments, timeout=1800)
    for index in indexes:
        await connection.execute(index["indexdef"], timeout=1800)
    await connection.execute("set session_replication_role = origin; set synchronous_commit = on")
    await connection.execute("vacuum analyze", timeout=600)


def _graph(name: str) -> Graph:
    found = check((FLOWS / f"{name}.yaml").read_text(), name, catalog_of()).graph
    assert found is not None
    return found
