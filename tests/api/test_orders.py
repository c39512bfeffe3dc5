"""One order from its webhook to its purchase, and its whole story on one page."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from connectors.shopify.sandbox import ShopifySandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.api import create_app
from hub.engine.publishing import StoreSpec
from hub.fulfilment.supplier import SupplierSpec
from hub.store.configuration import ArticleNew, ConnectionSpec
from hub.store.keys import add_key
from tests.floor import Floor, flow, open_floor, shop

BUY = """
format: 1
flow: buy
title: Buy every paid order

uses:
  shop: sales-channel
  acme: supplier_api

trigger:
  event: shop.order_paid
  key: ${event.order_id}

steps:
  - step: read
    do: shop.get_order
    with:
      id: ${event.order_id}
    as: order
  - step: record
    do: orders.record
    with:
      order: ${order}
  - step: note-address
    do: orders.note_address
    with:
      order: ${order}
      verdict:
        verdict: deliverable
  - step: ask-stock
    do: acme.get_stock
    with:
      skus:
        - MUG-11
    as: levels
  - step: note-stock
    do: stock.record
    with:
      connection: acme
      levels: ${levels}
  - step: assign
    do: purchasing.assign
    with:
      order: ${order}
    as: decision
  - step: each-purchase
    for_each: decision.purchases
    as: purchase
    steps:
      - step: claim
        do: purchasing.claim
        with:
          order: ${order}
          purchase: ${purchase}
        as: claimed
      - step: buy
        do: acme.create_purchase_order
        with: ${claimed}
        as: bought
        on_refused:
          otherwise:
            - step: refused
              stop: Acme refused
      - step: confirm
        do: purchasing.confirm
        with:
          purchase: ${bought}
"""


@pytest.fixture
def channel() -> ShopifySandbox:
    return ShopifySandbox()


@pytest.fixture
def warehouse() -> SupplierSandbox:
    return SupplierSandbox("unsafe")


@pytest.fixture
async def house(
    database_url: str, channel: ShopifySandbox, warehouse: SupplierSandbox
) -> AsyncIterator[Floor]:
    """A shop, a supplier with an API, and the flow between them."""
    async with open_floor(database_url, {"shop": channel, "acme": warehouse}) as floor:
        store = StoreSpec(
            "main",
            suppliers=(SupplierSpec(connection="acme", name="Acme", region="US-NY"),),
            articles=(ArticleNew("GLW-SERUM-30", "acme", "MUG-11", Decimal("9.50"), "USD"),),
        )
        bound = flow(floor.hub.catalog, BUY, {"shop": ["shop"], "acme": ["acme"]})
        at_shop = ConnectionSpec("shop", "main", "shopify", settings=channel.settings())
        at_acme = ConnectionSpec(
            "acme", "main", "supplier_api", "live", "https://acme.example", warehouse.settings()
        )
        await floor.publish(shop([bound], at_shop, at_acme, store=store))
        yield floor


@pytest.fixture
async def desk(house: Floor) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may decide cases."""
    app = create_app(house.hub)
    async with house.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "ops", house.now)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="https://hub.example",
            headers={"authorization": f"Bearer {key}"},
        ) as client,
    ):
        yield client


async def buy(house: Floor, channel: ShopifySandbox) -> str:
    """Somebody buys, the shop tells us, and the run goes as far as it can; gives the order's number."""
    order = channel.add_order(created_at=house.now - timedelta(minutes=1))
    await house.deliver("shop", channel.order_paid_webhook(order.id))
    await house.settle()
    return order.name.removeprefix("#")


async def test_an_orders_whole_story_is_one_timeline(
    house: Floor, channel: ShopifySandbox, desk: httpx.AsyncClient
) -> None:
    number = await buy(house, channel)

    shown = (await desk.get(f"/orders/{number}")).json()

    assert (shown["number"], shown["payment"], shown["currency"]) == (number, "paid", "USD")
    assert [(p["supplier"], p["state"], p["status"]) for p in shown["purchases"]] == [
        ("acme", "confirmed", "accepted")
    ]
    assert [d["lines"][0]["supplier"] for d in shown["decisions"]] == ["acme"]
    assert [(e["action"], e["state"]) for e in shown["effects"]] == [
        ("get_order", "confirmed"),
        ("get_stock", "confirmed"),
        ("create_purchase_order", "confirmed"),
    ]
    story = [(m["about"], m["what"]) for m in shown["timeline"]]
    assert story[0] == ("order", "placed at its channel")
    for happened in (
        ("order", "recorded"), ("order", "address checked: deliverable"), ("decision", "assigned"),
        ("purchase", "claimed"), ("purchase", "confirmed"), ("run", "run ended"), ("effect", "confirmed"),
    ):  # fmt: skip
        assert happened in story
    moments = [m["at"] for m in shown["timeline"]]
    assert moments == sorted(moments)


async def test_a_purchase_that_happened_is_taken_as_accepted_under_our_reference(
    house: Floor, channel: ShopifySandbox, warehouse: SupplierSandbox, desk: httpx.AsyncClient
) -> None:
    warehouse.lose_next_answer("/purchase-orders")
    number = await buy(house, channel)
    (case,) = (await desk.get("/cases")).json()["items"]
    assert case["kind"] == "effect-in-doubt"

    said = {"version": case["version"], "choice": "it-happened", "note": "Acme confirmed by phone"}
    assert (await desk.post(f"/cases/{case['id']}/resolution", json=said)).status_code == 200
    await house.settle()

    shown = (await desk.get(f"/orders/%23{number}")).json()
    (purchase,) = shown["purchases"]
    assert (purchase["state"], purchase["status"]) == ("confirmed", "accepted")
    assert set(warehouse.bought().values()) == {1}
    assert ("case", "case resolved") in [(m["about"], m["what"]) for m in shown["timeline"]]


async def test_what_a_purchase_cost_is_taken_from_whoever_says_it_happened(
    house: Floor, channel: ShopifySandbox, warehouse: SupplierSandbox, desk: httpx.AsyncClient
) -> None:
    warehouse.lose_next_answer("/purchase-orders")
    number = await buy(house, channel)
    (case,) = (await desk.get("/cases")).json()["items"]
    cost = {"amount": "9.50", "currency": "USD"}
    answer = {
        "reference": case["detail"]["key"],
        "status": "accepted",
        "supplier_reference": "A-77",
        "cost": cost,
    }

    said = {"version": 1, "choice": "it-happened", "answer": answer}
    assert (await desk.post(f"/cases/{case['id']}/resolution", json=said)).status_code == 200
    await house.settle()

    (purchase,) = (await desk.get(f"/orders/{number}")).json()["purchases"]
    assert (purchase["state"], purchase["supplier_reference"]) == ("confirmed", "A-77")
    assert (purchase["cost"], purchase["currency"]) == ("9.50", "USD")


async def test_a_list_of_orders_names_no_customer(
    house: Floor, channel: ShopifySandbox, desk: httpx.AsyncClient
) -> None:
    numbers = [await buy(house, channel) for _ in range(3)]

    page = await desk.get("/orders", params={"limit": 2})
    rest = await desk.get("/orders", params={"limit": 2, "cursor": page.json()["next"]})
    found = await desk.get("/orders", params={"number": f"#{numbers[1]}"})

    listed = [o["number"] for o in page.json()["items"] + rest.json()["items"]]
    assert sorted(listed) == sorted(numbers) and rest.json()["next"] is None
    assert [o["number"] for o in found.json()["items"]] == [numbers[1]]
    assert b"ada@example.com" not in page.content + rest.content
    shown = await desk.get(f"/orders/{numbers[0]}")
    assert b"ada@example.com" in shown.content


async def test_an_unknown_number_is_not_found(house: Floor, desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/orders/4711")).status_code == 404
