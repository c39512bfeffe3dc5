"""An ordinary order: from the shop's webhook to the supplier's books, without anybody."""

import json
import time

import pytest

from tests.acceptance.brand import Brand, Terms

TAGGED = "[{id: everybody, use: [a, b, c], tags: [routed-by-faros]}]"


@pytest.mark.row("S1-035", "S2-017", "S2-059")
async def test_a_paid_order_becomes_one_purchase_order_whose_number_is_kept(brand: Brand) -> None:
    await brand.buy()
    assert brand.bought() == [("a", "1001")]
    (effect,) = await brand.floor.effects("create_purchase_order")
    assert (effect["state"], effect["attempt"], brand.calls("a")) == ("confirmed", 1, 2), (
        "stock, then the order"
    )
    (kept,) = await brand.floor.rows("select * from purchases")
    assert (kept["state"], kept["supplier_reference"]) == ("confirmed", brand.purchase("a")["id"])
    assert await brand.floor.rows("select * from cases") == [], "nobody was asked anything"


@pytest.mark.row("S1-036")
@pytest.mark.parametrize("terms", [Terms(rules=TAGGED)])
async def test_a_routed_order_is_tagged_once_in_the_shop(brand: Brand) -> None:
    order = await brand.buy(tags=["gift"])
    assert order.tags == ["gift", "routed-by-faros"]
    assert [e["state"] for e in await brand.floor.effects("add_tags")] == ["confirmed"]


@pytest.mark.row("S1-010")
async def test_an_order_of_two_suppliers_is_assigned_within_a_minute_by_nobody(brand: Brand) -> None:
    began = time.monotonic()
    await brand.buy(lines=[{"sku": "RING-02"}, {"sku": "CUFF-03"}])
    assert time.monotonic() - began <= 60
    assert len(await brand.decisions()) == 1
    assert brand.bought() == [("b", "1001"), ("c", "1001")]
    assert not any(run["touched_by_person"] for run in await brand.floor.runs())


async def test_the_customer_is_told_once_and_never_by_whom_it_is_sent(brand: Brand) -> None:
    await brand.buy()
    assert brand.messages.events == [], "a minute passes, in which the customer may change their mind"
    await brand.floor.let_pass(minutes=1)
    await brand.floor.let_pass(minutes=1)
    (event,) = brand.messages.events
    told = event["properties"]
    assert (told["order_number"], told["brand"]) == ("1001", "Lune & Fils")
    assert told["tracking_url"].startswith("https://track.brand.example/t/")
    assert told["expected"], "the confirmation says when it will be there"
    assert brand.suppliers.keys().isdisjoint(json.dumps(event).split('"'))
