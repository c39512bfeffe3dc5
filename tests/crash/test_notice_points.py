"""A worker dies at each point of telling a customer something: whoever takes over tells it at most once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.brand import Brand, open_brand
from tests.acceptance.mail_server import with_mail_server
from tests.acceptance.project import Terms


@pytest.fixture
async def brand(database_url: str, tmp_path: Path) -> AsyncIterator[Brand]:
    async with open_brand(database_url, tmp_path, Terms()) as brand:
        yield brand


class Death:
    """A worker dies at one of its points, and everything it held in its hands is lost."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.points: list[str] = []

    async def reached(self, point: str) -> None:
        """The hook that the worker calls; the commit shared with other runs is one point with `step_committed`."""
        if point == "batch_committed":
            return
        self.points.append(point)
        if len(self.points) == self.at:
            raise asyncio.CancelledError


async def dies_while_telling(brand: Brand, at: int) -> str:
    """An order is bought; the worker that tells its customer dies at this point, and another takes over."""
    await brand.buy()
    hub, death = brand.floor.hub, Death(at)
    async with hub.database.connection() as connection:
        await hub.clock.advance(connection, timedelta(minutes=1))
    async with hub.pump("victim", death.reached) as victim:
        await victim._beat()
        with suppress(asyncio.CancelledError):
            while await victim.look():
                await victim.rest()
        async with hub.database.connection() as connection:
            await connection.execute("update workers set alive_until = clock_timestamp() - interval '1 second' "
                                     "where id = 'victim'")  # fmt: skip
        await brand.floor.settle()
    await brand.pass_by(hours=1)
    return death.points[at - 1] if len(death.points) >= at else ""


async def test_at_whatever_point_the_worker_dies_the_customer_is_told_once(brand: Brand) -> None:
    points: list[str] = []
    while point := await dies_while_telling(brand, len(points) + 1):
        points.append(point)
    # Between these lie the hub's own actions, each in a commit of its own: it happened or it did not.
    assert {"claimed", "intent_committed", "response_read"} <= set(points)
    numbers = [event["properties"]["order_number"] for event in brand.messages.events]
    assert numbers == [str(1001 + n) for n in range(len(points) + 1)]
    assert await brand.floor.open_cases() == []


async def test_a_mail_that_may_have_gone_out_is_not_sent_again_by_whoever_takes_over(brand: Brand) -> None:
    server = await with_mail_server(brand, "mail-1")
    points: list[str] = []
    while point := await dies_while_telling(brand, len(points) + 1):
        points.append(point)
    subjects = [mail["subject"] for mail in server.mails]
    assert len(subjects) == len(set(subjects)), "nobody is told twice"
    lost = len(points) + 1 - len(subjects)
    assert lost <= points.count("intent_committed"), (
        "only what died between the intent and the act stays untold"
    )
    assert await brand.floor.open_cases() == []
