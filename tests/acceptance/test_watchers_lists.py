"""What is silent can be listed, the longest first, and how far behind each channel is can be measured."""

from collections.abc import AsyncIterator
from datetime import datetime
from itertools import pairwise

import httpx
import pytest

from hub.api import create_app
from hub.store.keys import add_key
from tests.acceptance.brand import THREE_SHOPS, Brand
from tests.acceptance.test_watchers import goes_down, minutes_pass


@pytest.fixture
async def people(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may look."""
    app = create_app(brand.floor.hub)
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "viewer", brand.floor.now)
    headers = {"authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="https://hub.example", headers=headers
    ) as client:
        yield client


@pytest.mark.row("S2-065")
async def test_orders_that_left_and_show_no_tracking_are_listed_by_age(
    brand: Brand, people: httpx.AsyncClient
) -> None:
    for number in (2003, 2001, 2002):
        await brand.buy(name=f"#{number}")
        await brand.supplier_says("a", "shipped")
        await minutes_pass(brand, 10)
    await minutes_pass(brand, 25)
    (gap,) = (await people.get("/silences", params={"kind": "tracking-gap"})).json()["items"]
    assert gap["about"] == "a"
    assert [order["number"] for order in gap["orders"]] == ["2003", "2001", "2002"]
    ages = [datetime.fromisoformat(order["since"]) for order in gap["orders"]]
    assert [(later - earlier).total_seconds() for earlier, later in pairwise(ages)] == [600, 600]
    assert (await people.get("/silences", params={"kind": "feed-frozen"})).json() == {"items": []}


@pytest.mark.row("S2-020")
@pytest.mark.parametrize("terms", [THREE_SHOPS])
async def test_how_long_ago_each_channel_was_looked_at_is_a_gauge(
    brand: Brand, people: httpx.AsyncClient
) -> None:
    await brand.floor.let_pass(seconds=1)
    goes_down(brand.shops["shop-2"])
    await minutes_pass(brand, 12)
    told = (await people.get("/metrics")).text.splitlines()
    lags = {
        line.split('"')[1]: float(line.rsplit(" ", 1)[1])
        for line in told
        if line.startswith("faros_poll_lag_seconds{") and 'poll="orders_paid"' in line
    }
    assert lags["shop-2"] == 720, "it was looked at before it went down, and not since"
    assert max(lags["shop-1"], lags["shop-3"]) < 300
