"""A worker that dies over a silent parcel, and an answer that is lost, leave nothing done twice."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from hub.engine.pump import Pump
from tests.acceptance.brand import Brand
from tests.acceptance.test_stalled import CALM, left, pass_until_after


@pytest.mark.row("S1-108")
@pytest.mark.parametrize("point", ["step_committed", "batch_committed"])
@pytest.mark.parametrize("nth", [1, 4])
async def test_a_worker_that_dies_over_a_stall_leaves_one_message_and_one_ticket(
    brand: Brand, point: str, nth: int
) -> None:
    brand.floor.unrationed()
    await left(brand)
    await pass_until_after(brand, hours=71, minutes=59)
    async with brand.floor.hub.database.connection() as connection:
        await brand.floor.hub.clock.advance(connection, timedelta(minutes=1))
    await dies(brand, point, nth)
    await brand.floor.let_pass(seconds=1)
    await brand.pass_by(minutes=10)
    assert brand.heard(*CALM) == {"Delayed": 1}
    assert (len(brand.desk.tickets), await brand.cases()) == (2, {"stalled": 1})
    assert [a["title"] for a in brand.alerts.alerts] == ["stalled: 1001"]


async def test_a_lost_answer_tells_nobody_twice(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=71, minutes=59)
    brand.messages.lose_next_answer("/api/events")
    await pass_until_after(brand, hours=73)
    assert brand.heard(*CALM) == {"Delayed": 1}


async def dies(brand: Brand, point: str, nth: int) -> None:
    """Another worker does what is due, and dies when it comes to this point for the nth time."""
    dead, times = asyncio.Event(), itertools.count(1)

    async def reached(here: str) -> None:
        if here == point and next(times) == nth:
            dead.set()
        if dead.is_set():
            await asyncio.Event().wait()

    async with brand.floor.hub.pump("worker-2", reached) as doomed:
        doomed.engine.committer._reached = reached
        brand.floor.unrationed(doomed)
        await doomed._beat()
        working = asyncio.create_task(looks(brand, doomed))
        try:
            await asyncio.wait_for(dead.wait(), 20)
        finally:
            working.cancel()
            for drive in doomed._drives:
                drive.cancel()
    await brand.floor.rows("delete from workers where id = 'worker-2'")


async def looks(brand: Brand, pump: Pump) -> None:
    """Work while time passes, without what a worker does when it is told to stop."""
    while True:
        async with brand.floor.hub.database.connection() as connection:
            await brand.floor.hub.clock.advance(connection, timedelta(seconds=1))
        await pump._sweep()
        await pump.look()
        await asyncio.sleep(0.01)
