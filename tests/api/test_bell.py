"""The bell: one ring at a time, and none forgotten."""

import asyncio

from hub.api.bell import Bell


async def test_many_commits_while_it_rings_are_told_by_one_more_ring() -> None:
    rung, going_on = 0, asyncio.Event()

    async def ring() -> None:
        nonlocal rung
        rung += 1
        await going_on.wait()

    bell = Bell(ring)
    bell.strike()
    await asyncio.sleep(0)
    for _ in range(100):
        bell.strike()
    assert rung == 1
    going_on.set()
    await bell.rest()
    assert rung == 2


async def test_a_bell_that_failed_rings_the_next_time() -> None:
    rung = 0

    async def ring() -> None:
        nonlocal rung
        rung += 1
        raise ConnectionError

    bell = Bell(ring)
    for _ in range(2):
        bell.strike()
        await bell.rest()
    assert rung == 2


async def test_without_a_bell_nothing_rings_and_nothing_fails() -> None:
    bell = Bell(None)
    bell.strike()
    await bell.rest()
