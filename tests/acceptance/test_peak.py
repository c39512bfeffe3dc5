"""The peak of the year adds no days: orders are looked at within seconds, and none that stands still is forgotten."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.test_waiting import BEACON
from tests.acceptance.test_watchers import covered, minutes_pass

FIVE_SECONDS = 5.0


def street(number: int) -> dict[str, str]:
    """Nobody's second order: each goes to a house of its own."""
    return {"address1": f"{number} Main Street"}


@asynccontextmanager
async def at_work(brand: Brand, workers: int) -> AsyncIterator[None]:
    """So many workers in one process, working as they do in production: by the bell and by the second."""
    async with AsyncExitStack() as stack:
        pumps = [await stack.enter_async_context(brand.floor.hub.pump(f"peak-{n}")) for n in range(workers)]
        for pump in pumps:
            brand.floor.unrationed(pump)
        running = [asyncio.create_task(pump.run()) for pump in pumps]
        yield
        for pump in pumps:
            pump.stop()
        await asyncio.gather(*running)


async def until(done: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Look ten times a second whether it has come to pass; the caller finds out whether it has."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and not await done():  # noqa: ASYNC110  a database tells nobody
        await asyncio.sleep(0.1)


def waited(rows: list[float], share: float) -> float:
    """The wait that this share of all did not exceed."""
    return sorted(rows)[int(share * len(rows)) - 1]


@pytest.mark.row("S1-025")
async def test_an_order_is_looked_at_within_five_seconds_of_its_payment_while_ten_come_each_second(
    brand: Brand,
) -> None:
    told: dict[str, float] = {}
    begun: dict[str, float] = {}

    async def all_begun() -> bool:
        moment = time.monotonic()
        rows = await brand.floor.rows("select subject from runs where flow = 'filter'")
        for row in rows:
            begun.setdefault(row["subject"], moment)
        return len(begun) == len(told)

    async with at_work(brand, 1):
        for number in range(100):
            order = brand.place(name=f"#{3000 + number}", shipping_address=street(number + 1))
            told[str(3000 + number)] = time.monotonic()
            await brand.tell(order)
            await until(all_begun, 0.1)
            await asyncio.sleep(max(0.0, told[str(3000 + number)] + 0.1 - time.monotonic()))
        await until(all_begun, FIVE_SECONDS)
    assert waited([begun[number] - at for number, at in told.items()], 0.95) <= FIVE_SECONDS


async def test_every_order_that_is_unassigned_for_half_an_hour_has_somebody_asked_about_it(
    brand: Brand,
) -> None:
    await brand.buy(name="#2001", shipping_address=BEACON)
    brand.suppliers["b"].stock["BR2"] = 3
    await brand.buy("RING-02", name="#2002", shipping_address=street(2))
    brand.suppliers["c"].stock["CC3"] = 0
    await brand.buy("CUFF-03", name="#2003", shipping_address=street(3))
    await brand.pause("a")
    for number in range(4, 24):
        await brand.buy(name=f"#{2000 + number}", shipping_address=street(number))
    await minutes_pass(brand, 30)
    unassigned = {
        row["number"]
        for row in await brand.floor.rows(
            """select distinct e.subject as number from events e where e.name = 'order_paid' and not exists (
                 select 1 from orders o join purchases p on p.order_id = o.id
                 where o.number = e.subject and p.state = 'confirmed')"""
        )
    }
    assert len(unassigned) == 23
    assert unassigned <= await covered(brand), "every one of them"
    assert len(await brand.floor.open_cases()) == 4, "and those of one cause are one question"
