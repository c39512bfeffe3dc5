"""One box finds an order by whatever somebody has of it; lists are cut by state, stage, supplier and time."""

from datetime import timedelta
from hashlib import md5
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hub.store import order_list
from hub.store.order_list import OrdersAsked, page_orders
from hub.store.reading import Window
from hub.store.search import find
from tests.api.conftest import Enter
from tests.bench.crowd import seed
from tests.floor import MONDAY, Floor

ORDERS = 2_000


@pytest.fixture
async def crowd(floor: Floor) -> Floor:
    """Two thousand orders, the newest placed now."""
    async with floor.hub.database.connection() as connection:
        await seed(connection, ORDERS, MONDAY)
    return floor


async def found(viewer: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await viewer.get("/orders", params={"limit": 200, **asked})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("text", "by"),
    [("#1507", "number"), ("1507", "number"), ("1Z999AA10000000507", "tracking"), ("1z999aa10000000507", "tracking"),
     ("faros-507-1", "reference"), ("po" + md5(b"507").hexdigest()[:12], "reference")],
)  # fmt: skip
async def test_an_order_is_found_by_any_of_its_numbers(
    crowd: Floor, viewer: httpx.AsyncClient, text: str, by: str
) -> None:
    (order,) = await found(viewer, q=text)

    assert (order["number"], order["found_by"]) == ("#1507", by)


async def test_an_article_finds_the_orders_of_it_newest_first(
    crowd: Floor, viewer: httpx.AsyncClient
) -> None:
    orders = await found(viewer, q="mug-11")
    numbers = [int(o["number"][1:]) - 1000 for o in orders]

    assert len(orders) == 200 and all(n % 5 == 0 for n in numbers)
    assert numbers == sorted(numbers, reverse=True)
    assert {o["found_by"] for o in orders} == {"sku"}


async def test_what_is_too_common_to_be_looked_up_is_found_all_the_same(
    crowd: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with crowd.hub.database.connection() as connection:
        few = await find(connection, "mug", ())
        looked_up = await page_orders(connection, Window(500), OrdersAsked(found=few))
        monkeypatch.setattr("hub.store.search.FEW", 100)
        many = await find(connection, "mug", ())
        walked = await page_orders(connection, Window(500), OrdersAsked(found=many))

    assert (few.common, many.common) == ((), ("sku",))
    assert len(looked_up) == 400 and [r["id"] for r in walked] == [r["id"] for r in looked_up]


async def test_a_customers_address_finds_their_orders_and_only_the_whole_address_does(
    crowd: Floor, viewer: httpx.AsyncClient
) -> None:
    subject = crowd.hub.vault.subject("main", "buyer@example.com")
    await crowd.rows(
        """update person_keys set subject = $1 where id = (select person_id from orders where number = '#1507')
           returning id""",
        subject,
    )

    orders = await found(viewer, q=" Buyer@Example.com ")
    assert [(o["number"], o["found_by"]) for o in orders] == [
        ("#1509", "email"), ("#1508", "email"), ("#1507", "email"),
    ]  # fmt: skip
    assert await found(viewer, q="buyer@example.co") == []
    assert b"buyer@example.com" not in repr(await crowd.rows("select * from person_keys")).encode()


async def test_signs_that_mean_something_to_databases_mean_nothing(
    crowd: Floor, viewer: httpx.AsyncClient
) -> None:
    for text in ("%", "_", "1%", "' or 1=1 --", "\\", "{}", "$1", "\U0010ffff", "(", "*"):
        assert await found(viewer, q=text) == [], text


@pytest.mark.parametrize("state", ["held", "cancelled", "open", "done"])
async def test_every_order_is_in_one_state_and_listed_under_it(
    crowd: Floor, viewer: httpx.AsyncClient, state: str
) -> None:
    orders = await found(viewer, state=state)
    numbers = {o["number"] for o in orders}
    everything = await every_page(viewer)

    assert orders and {o["state"] for o in orders} == {state}
    newest = [o["number"] for o in everything if o["state"] == state][:200]
    assert [o["number"] for o in orders] == newest and len(numbers) == len(newest)
    assert all((o["open_cases"] > 0) == (o["state"] == "held") for o in everything)


async def every_page(viewer: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    items, cursor = [], ""
    while True:
        wanted = {"limit": 200, **asked, **({"cursor": cursor} if cursor else {})}
        page = (await viewer.get("/orders", params=wanted)).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def test_page_after_page_shows_each_order_once(crowd: Floor, viewer: httpx.AsyncClient) -> None:
    numbers = [int(o["number"][1:]) for o in await every_page(viewer)]

    assert numbers == sorted(range(1001, 1001 + ORDERS), reverse=True)


async def test_a_supplier_and_a_time_cut_the_list(
    crowd: Floor, viewer: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = [o["number"] for o in await found(viewer, supplier="initech", since=MONDAY - timedelta(days=10))]
    monkeypatch.setattr(order_list, "FEW", 10)
    common = [o["number"] for o in await found(viewer, supplier="initech", since=MONDAY - timedelta(days=10))]
    before = await found(viewer, supplier="initech", until=MONDAY - timedelta(days=380), state="done")

    assert rare == common and len(rare) == 10
    assert all(o["suppliers"] == ["initech"] for o in before) and before
    assert await found(viewer, supplier="nobody") == []


async def test_a_stage_shows_the_orders_that_a_flow_of_it_is_on_its_way_for(
    crowd: Floor, viewer: httpx.AsyncClient
) -> None:
    """The shop has no flow of Faros' stages in force, so that no order is in one of them."""
    assert await found(viewer, stage="observe") == []
    wrong = await viewer.get("/orders", params={"stage": "nowhere"})
    assert wrong.status_code == 422


async def test_one_store_is_not_found_from_another(
    crowd: Floor, app: FastAPI, enter: Enter, viewer: httpx.AsyncClient
) -> None:
    assert [o["store"] for o in await found(viewer, q="#1550")] == ["other"]
    assert await found(viewer, q="#1550", store="main") == []
    assert [o["number"] for o in await found(viewer, q="1550", store="other")] == ["#1550"]
