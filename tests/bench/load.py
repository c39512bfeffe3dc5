"""The sender: a closed loop of so many connections, or so many orders a second; waits until all work is done."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.bench.orders import order

Sign = Callable[[bytes], Mapping[str, str]]


@dataclass(frozen=True)
class Load:
    """How many orders, from which number on, over how many connections; or at `rate` a second."""

    count: int
    first: int
    connections: int = 64
    rate: float = 0
    wait: float = 60


@dataclass(frozen=True)
class Sent:
    """What the sender saw: orders a second from the first sending to the last call upstream, and times in ms."""

    orders_per_s: float
    ack_ms: dict[str, float]
    hook_to_po_ms: dict[str, float]
    complete: int
    refused: int
    wrong: int
    """Orders that did not make exactly four calls."""


async def send(url: str, upstream: str, load: Load, sign: Sign) -> Sent:
    """Send the orders and wait until the services upstream have seen all their calls."""
    bodies = [order(load.first + i) for i in range(load.count)]
    started: dict[int, float] = {}
    acks: dict[int, float] = {}
    refused = 0
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    async with aiohttp.ClientSession(connector=connector) as session:
        await (await session.post(f"{upstream}/_reset")).read()

        async def one(i: int) -> None:
            nonlocal refused
            started[i] = time.time()
            async with session.post(url, data=bodies[i], headers=dict(sign(bodies[i]))) as answer:
                await answer.read()
                if answer.status < 300:
                    acks[i] = time.time() - started[i]
                else:
                    refused += 1

        begun = time.time()
        await (_paced(one, load) if load.rate else _closed(one, load))
        await _finished(session, upstream, len(acks), load.wait)
        found = await (await session.post(f"{upstream}/_dump")).json(content_type=None)
        tally = await (await session.post(f"{upstream}/_tally")).json(content_type=None)
    bought = {i: found["bought"].get(str(load.first + i)) for i in started}
    calls = [found["calls"].get(str(load.first + i), []) for i in acks]
    return Sent(
        orders_per_s=tally["complete"] / max(tally["last"] - begun, 1e-6),
        ack_ms=percentiles([a * 1000 for a in acks.values()]),
        hook_to_po_ms=percentiles([(b - started[i]) * 1000 for i, b in bought.items() if b]),
        complete=tally["complete"],
        refused=refused,
        wrong=sum(1 for c in calls if c != [1, 1, 1, 1]),
    )


async def _closed(one: Any, load: Load) -> None:
    numbers = iter(range(load.count))

    async def connection() -> None:
        for i in numbers:
            await one(i)

    await asyncio.gather(*[connection() for _ in range(load.connections)])


async def _paced(one: Any, load: Load) -> None:
    begun, tasks = time.time(), []
    for i in range(load.count):
        await asyncio.sleep(max(0.0, begun + i / load.rate - time.time()))
        tasks.append(asyncio.create_task(one(i)))
    await asyncio.gather(*tasks)


async def _finished(session: aiohttp.ClientSession, upstream: str, wanted: int, wait: float) -> None:
    until = time.time() + wait
    while time.time() < until:
        tally = await (await session.post(f"{upstream}/_tally")).json(content_type=None)
        if tally["complete"] >= wanted:
            return
        await asyncio.sleep(0.05)


def percentiles(values: list[float]) -> dict[str, float]:
    """p50 and p99, to a hundredth."""
    ordered = sorted(values)
    if not ordered:
        return {"p50": 0.0, "p99": 0.0}
    return {f"p{p}": round(ordered[min(len(ordered) - 1, int(p / 100 * len(ordered)))], 2) for p in (50, 99)}
