"""`make bench ARGS="--pages 1000000"`: how long what the dashboard's pages ask for takes over so many orders."""

import statistics
import tempfile
import time
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
from hub.settings import Settings
from hub.store.database import driver_arguments
from hub.store.encoding import to_bytes
from hub.store.migrating import migrate
from tests.bench.crowd import seed

PAGE, SEARCH = 2000.0, 300.0
"""Milliseconds that a page, and a search, may take."""
TURNS = 5
KEY = "bench"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for. `most` is how many milliseconds it may take."""

    page: str
    path: str
    most: float = PAGE


def questions(orders: int) -> list[Asked]:
    """What the pages ask for, with something that is there and something that is not."""
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
        *(Asked(f"search: {name}", f"/orders?q={text}", SEARCH) for name, text in searched.items()),
        Asked("orders", "/orders"),
        *(Asked(f"orders: {s}", f"/orders?state={s}") for s in ("held", "cancelled", "open", "done")),
        Asked("orders of a large supplier", "/orders?supplier=acme"),
        Asked("orders of a small supplier", "/orders?supplier=umbrella"),
        Asked("orders of a small store", "/orders?store=other"),
        Asked("one order", f"/orders/{1000 + middle}?store=main"),
        Asked("its messages", f"/orders/{1000 + middle}/messages?store=main"),
        Asked("cases by cause", "/cases/groups"),
        Asked("open cases", "/cases"),
        Asked("resolved cases", "/cases?state=resolved"),
        Asked("promises counted", "/clocks/summary"),
        Asked("promises running", "/clocks"),
        Asked("promises late", "/clocks?state=late"),
        Asked("promises kept", "/clocks?state=kept"),
        Asked("purchases without a number", "/trackings/missing"),
        Asked("suppliers", "/suppliers"),
        Asked("connections", "/connections"),
        Asked("flows", "/flows"),
        Asked("a flow as a map", "/flows/track/graph?store=main"),
        Asked("runs", "/runs"),
        Asked("whether anything changed", "/changes"),
    ]


async def measure(orders: int) -> list[dict[str, Any]]:
    """Seed a database and ask everything a few times; each with its median and longest time in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="faros-pages-") as folder:
        async with Embedded.open(Path(folder) / "data", Wanted(valkey=False)) as servers:
            seconds = await _fill(servers.database_url, orders)
            given = Settings(
                DATABASE_URL=servers.database_url,
                REDIS_URL="unix:///nowhere",
                master_key=SecretStr("ab" * 32),
                api_key=SecretStr(KEY),
            )
            async with open_hub(given) as hub:
                await _open_for_all(hub, orders)
                found = await _ask(hub, questions(orders))
    return [
        {"page": f"seeding {orders} orders", "median_ms": seconds * 1000, "longest_ms": seconds * 1000},
        *found,
    ]


async def _fill(url: str, orders: int) -> float:
    await migrate(url)
    connection = await asyncpg.connect(**driver_arguments(url))
    began = time.perf_counter()
    await seed(connection, orders, datetime.now(UTC))
    await connection.close()
    return time.perf_counter() - began


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
    async with client:
        for one in asked:
            times = []
            for _ in range(TURNS):
                began = time.perf_counter()
                answer = await client.get(one.path)
                times.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, (one.path, answer.text)
            found.append(
                {
                    "page": one.page,
                    "median_ms": statistics.median(times),
                    "longest_ms": max(times),
                    "most_ms": one.most,
                }
            )
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """The rows for people; what took longer than it may is marked."""
    lines = [f"{'page':<32}{'median ms':>12}{'longest ms':>12}{'may take':>10}"]
    for row in rows:
        most = row.get("most_ms")
        mark = "  TOO LONG" if most and row["median_ms"] > most else ""
        said = f"{most:>10.0f}" if most else f"{'':>10}"
        lines.append(f"{row['page']:<32}{row['median_ms']:>12.1f}{row['longest_ms']:>12.1f}{said}{mark}")
    return "\n".join(lines)
