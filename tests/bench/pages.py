"""`make bench ARGS="--pages 1000000"`: how long what the dashboard's pages ask for takes over so many orders."""

import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from pydantic import SecretStr

from hub.api import create_app
from hub.assembly import Hub, open_hub
from hub.embedded import Embedded, Wanted
from hub.engine.publishing import Publication, StoreSpec, publish
from hub.fulfilment.figures.reports import REPORTS
from hub.fulfilment.supplier import SupplierSpec
from hub.settings import Settings
from hub.store.configuration import ConnectionSpec
from hub.store.database import driver_arguments
from hub.store.encoding import to_bytes
from tests.bench.crowd import seed

PAGE, SEARCH = 2000.0, 300.0
"""Milliseconds that a page, and a search, may take."""
TURNS = 5
KEY = "bench"
SUPPLIERS = ("acme", "globex", "initech", "umbrella")
STATES, CLOCKS = ("held", "open", "done", "cancelled"), ("late", "warned", "running", "kept")
MONEY = ("failure-points", "enquiries", "before-customers", "touchless", "avoided", "margin", "exceptions",
         "outcomes", "cancellations", "tracking-gap", "reconciliation")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A page, and what it asks for, one after another. `most` is how many milliseconds it may take in all."""

    page: str
    paths: tuple[str, ...]
    most: float = PAGE


def questions(orders: int) -> list[Asked]:
    """What the search finds and does not find, and all that each page asks for."""
    middle = orders // 2 + 1
    searched = {
        "order number": f"%23{1000 + middle}",
        "beginning of numbers": "1",
        "tracking number": f"1Z999AA1{middle:010}",
        "supplier's reference": "POab12",
        "our reference": f"faros-{middle}-1",
        "common article": "MUG-11",
        "rare article": f"SKU-{middle * 7 % 5000 + 1}",
        "e-mail address": "crowd@example.com",
        "what is not there": "nowhere-to-be-found",
    }
    return [
        *(
            Asked(f"search: {name}", (f"/orders?q={text}&limit=25",), SEARCH)
            for name, text in searched.items()
        ),
        *(Asked(page, paths) for page, paths in _pages(middle).items()),
    ]


def _pages(middle: int) -> dict[str, tuple[str, ...]]:
    order, case = f"/orders/{1000 + middle}", "/cases/{first}"
    return {
        "today": ("/changes", "/cases/groups"),
        "orders": ("/orders?limit=25",),
        **{f"orders: {state}": (f"/orders?limit=25&state={state}",) for state in STATES},
        "orders of a large supplier": ("/orders?supplier=acme",),
        "orders of a small supplier": ("/orders?supplier=umbrella",),
        "orders of a small store": ("/orders?store=other",),
        "order": tuple(f"{order}{part}?store=main" for part in ("", "/messages", "/where")),
        "exceptions": ("/cases?limit=50",),
        "exceptions: resolved": ("/cases?state=resolved&limit=50",),
        "exception": (case, f"{case}/consequences"),
        "bulk tracking": ("/trackings/missing?store=main&limit=100",),
        **{
            f"slas: {state}": (
                "/clocks/summary",
                f"/clocks?state={state}&limit=50",
                "/reports/promises?store=main",
            )
            for state in CLOCKS
        },
        "suppliers": ("/suppliers", "/reports/suppliers?store=main"),
        "connectors": ("/catalog", "/connections"),
        "flows": ("/flows",),
        "flow": ("/flows/track?store=main", "/flows/track/graph?store=main"),
        "money": tuple(f"/reports/{name}?store=main" for name in MONEY),
    }


async def measure(orders: int) -> list[dict[str, Any]]:
    """Seed a database and ask everything a few times; each with its first and median time in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="faros-pages-") as folder:
        async with forgotten(Path(folder) / "data") as servers:
            given = Settings(
                DATABASE_URL=servers.database_url,
                REDIS_URL="unix:///nowhere",
                master_key=SecretStr("ab" * 32),
                api_key=SecretStr(KEY),
            )
            seconds = await _fill(given, orders)
            async with open_hub(given) as hub:
                found = await _ask(hub, questions(orders))
    return [{"page": f"seeding {orders} orders", "first_ms": seconds * 1000}, *found]


@asynccontextmanager
async def forgotten(data: Path) -> AsyncIterator[Embedded]:
    """PostgreSQL in a folder of its own, which is removed whatever happens: as root it lies outside the bench's."""
    folder = data
    try:
        async with Embedded.open(data, Wanted(valkey=False)) as servers:
            folder = servers.folder
            yield servers
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _fill(given: Settings, orders: int) -> float:
    assert given.database_url is not None
    async with open_hub(given) as hub, hub.database.transaction() as connection:
        await publish(connection, _shop(), "bench", hub.clock.now())
    connection = await asyncpg.connect(**driver_arguments(given.database_url))
    began = time.perf_counter()
    await seed(connection, orders, datetime.now(UTC))
    await connection.close()
    seconds = time.perf_counter() - began
    async with open_hub(given) as hub:
        await _open_for_all(hub, orders)
    return seconds


def _shop() -> Publication:
    """Two stores, and the suppliers that the seeded orders were bought from."""
    return Publication(
        tuple(
            StoreSpec(id, suppliers=tuple(SupplierSpec(connection=s, name=s) for s in SUPPLIERS))
            for id in ("main", "other")
        ),
        tuple(
            ConnectionSpec(name, "main", "http", base_url="http://127.0.0.1:9")
            for name in ("shop", *SUPPLIERS)
        ),
        (),
    )


async def _open_for_all(hub: Hub, orders: int) -> None:
    """Whatever the pages open is sealed for one customer, whose orders are those around the middle."""
    async with hub.database.transaction() as connection:
        who = ("main", "crowd@example.com")
        box = (await hub.vault.boxes_of(connection, {who}, hub.clock.now()))[who]
        body = box.seal(to_bytes({"title": "Something is the matter", "detail": {}}))
        await connection.execute("update cases set person_id = $1, body = $2", box.id, body)
        numbers = [f"#{1000 + orders // 2 + 1 + n}" for n in range(3)]
        await connection.execute("update orders set person_id = $1 where number = any($2)", box.id, numbers)
        await connection.execute(
            "update notices set person_id = $1 where order_id in (select id from orders where number = any($2))",
            box.id,
            numbers,
        )


async def _ask(hub: Hub, asked: list[Asked]) -> list[dict[str, Any]]:
    app, found = create_app(hub), []
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://bench",
        headers={"authorization": f"Bearer {KEY}"},
        timeout=120,
    )
    async with app.router.lifespan_context(app), client:
        # A report that takes long is reckoned behind the pages; what that takes is told, and is nobody's wait.
        for name in REPORTS:
            behind = Asked(f"behind the pages: {name}", (f"/reports/{name}?store=main",))
            found.append({"page": behind.page, "first_ms": await _seconds(client, behind, "") * 1000})
        first = (await client.get("/cases?limit=1")).json()["items"][0]["id"]
        for one in asked:
            times = [await _seconds(client, one, first) * 1000 for _ in range(TURNS)]
            said = {"first_ms": times[0], "median_ms": statistics.median(times), "most_ms": one.most}
            found.append({"page": one.page, **said})
    return found


async def _seconds(client: httpx.AsyncClient, asked: Asked, case: str) -> float:
    began = time.perf_counter()
    for path in asked.paths:
        answer = await client.get(path.format(first=case))
        assert answer.status_code == 200, (path, answer.text)
    return time.perf_counter() - began


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for people; what took longer than it may, be it only the first time, is marked."""
    lines = [f"{'page':<32}{'first ms':>12}{'median ms':>12}{'may take':>10}"]
    for row in rows:
        median, most = row.get("median_ms"), row.get("most_ms")
        mark = "  TOO LONG" if most and max(row["first_ms"], median) > most else ""
        said = f"{median:>12.1f}{most:>10.0f}" if most else ""
        lines.append(f"{row['page']:<32}{row['first_ms']:>12.1f}{said}{mark}")
    return "\n".join(lines)
