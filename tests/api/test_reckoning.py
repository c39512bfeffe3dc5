"""A month of a large store is reckoned behind the pages; a small store sees what happened this moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from hub.api import create_app, reckoning
from hub.api.reckoning import FRESH, OLD, Reckoning
from hub.engine.publishing import StoreSpec
from hub.store.keys import add_key
from tests.api.history import History
from tests.floor import Floor, shop


@pytest.fixture
async def viewer(floor: Floor) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who looks, at an app that does nothing of its own."""
    async with floor.hub.database.connection() as connection:
        key = await add_key(connection, "reader", "viewer", floor.now)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(floor.hub)),
        base_url="https://hub.example",
        headers={"authorization": f"Bearer {key}"},
    ) as client:
        yield client


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every report takes long."""
    monkeypatch.setattr(reckoning, "SOON", -1.0)


async def sold(floor: Floor, orders: int) -> None:
    async with floor.hub.database.connection() as connection:
        await History(connection).sold(orders, floor.now)


async def told(viewer: httpx.AsyncClient, **asked: str) -> tuple[int, datetime]:
    """How many orders the report counts, and until when."""
    answer: Any = (await viewer.get("/reports/touchless", params=asked)).json()
    return answer["figures"][0]["of"], datetime.fromisoformat(answer["period"]["until"])


async def test_what_is_soon_reckoned_is_reckoned_for_each_who_asks(
    floor: Floor, viewer: httpx.AsyncClient
) -> None:
    for orders in (1, 2, 3):
        await sold(floor, 1)
        assert await told(viewer) == (orders, floor.now)


@pytest.mark.usefixtures("large")
async def test_what_takes_long_is_told_with_its_moment_until_it_is_old(
    floor: Floor, viewer: httpx.AsyncClient
) -> None:
    await sold(floor, 1)
    first = await told(viewer)
    await sold(floor, 1)
    await floor.let_pass(seconds=FRESH.total_seconds())
    assert await told(viewer) == first, "as it was, and it says of when"
    assert await told(viewer, since=(floor.now - timedelta(days=2)).isoformat()) == (2, floor.now)
    await floor.let_pass(seconds=OLD.total_seconds())
    assert await told(viewer) == (2, floor.now)


@pytest.mark.usefixtures("large")
async def test_with_other_policies_it_is_reckoned_anew(floor: Floor, viewer: httpx.AsyncClient) -> None:
    await sold(floor, 1)
    assert (await told(viewer))[0] == 1
    await sold(floor, 1)
    await floor.publish(shop([], store=StoreSpec("main", {"currency": "EUR"})))
    await floor.hub.refresh()
    assert (await told(viewer))[0] == 2


@pytest.mark.usefixtures("large")
async def test_it_is_kept_fresh_without_anybody_asking(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reckoning, "FRESH", timedelta(0))
    kept = Reckoning()
    keeping = asyncio.create_task(kept.keep_fresh(floor.hub))
    try:
        for orders in (1, 2):
            await sold(floor, 1)
            await floor.let_pass(minutes=1)
            async with asyncio.timeout(20):
                found = await kept.usual(floor.hub, "main", "touchless")
                while found.period.until < floor.now:
                    await asyncio.sleep(0)
                    found = await kept.usual(floor.hub, "main", "touchless")
            assert found.figures[0].of == orders
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await kept.rest()
