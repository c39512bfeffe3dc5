"""Cancelled, corrected, older than the hub: what customers and merchants change while an order is on its way."""

import asyncio
from datetime import timedelta

import pytest

from hub.store.switches import go_live
from tests.acceptance.brand import Brand
from tests.acceptance.test_waiting import BEACON


async def test_an_order_cancelled_before_the_hub_hears_of_it_is_not_bought(brand: Brand) -> None:
    order = brand.place()
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.tell(order)
    await brand.floor.settle()
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])
    assert brand.calls("a") == 0


@pytest.mark.parametrize("is_paid_first", [True, False])
async def test_cancelled_and_paid_at_once_ends_with_nothing_to_regret(
    brand: Brand, is_paid_first: bool
) -> None:
    order = brand.place()
    brand.shop.change_order(order.id, cancelled_at=brand.floor.now)
    topics = ["orders/paid", "orders/cancelled"]
    await asyncio.gather(*(brand.tell(order, t) for t in (topics if is_paid_first else reversed(topics))))
    await brand.floor.settle()
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])


async def test_an_order_cancelled_while_it_waits_for_stock_is_never_bought(brand: Brand) -> None:
    brand.suppliers["c"].stock["CC3"] = 0
    order = await brand.buy("CUFF-03")
    brand.shop.change_order(order.id, cancelled_at=brand.floor.now)
    brand.suppliers["c"].stock["CC3"] = 100
    await brand.floor.resolve(await brand.case(), "look-again")
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])


async def test_a_cancelled_order_asks_nobody_about_what_it_lacked_any_more(brand: Brand) -> None:
    brand.suppliers["c"].stock["CC3"] = 0
    order = await brand.buy("CUFF-03")
    await brand.floor.let_pass(minutes=5)
    assert await brand.cases() == {"out-of-stock": 1}
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.floor.open_cases() == [], "at once, and not when the time to answer is over"
    (clock,) = await brand.floor.rows("select state from clocks where clock = 'solved'")
    assert clock["state"] == "kept"
    await brand.floor.let_pass(hours=30)
    assert (brand.bought(), brand.shop.state.refunds[order.id]) == ([], [])


@pytest.mark.parametrize("is_asked", [True, False], ids=["asked", "not asked yet"])
async def test_a_cancelled_order_asks_nobody_for_its_address_any_more(brand: Brand, is_asked: bool) -> None:
    if not is_asked:
        await brand.pause("messages-1")
    order = await brand.buy(shipping_address=BEACON)
    if is_asked:
        await brand.floor.let_pass(minutes=5)
    assert await brand.cases() == {"address": 1}
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.floor.open_cases() == []
    await brand.floor.let_pass(days=3)
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])


async def test_an_order_cancelled_in_the_second_its_customer_is_to_be_asked_keeps_nobody_waiting(
    brand: Brand,
) -> None:
    order = brand.place(shipping_address=BEACON)
    asked = brand.verifier.requests
    await brand.tell(order)
    while brand.verifier.requests == asked:
        await brand.floor.pump.look()
        await brand.floor.pump.rest()
    brand.shop.change_order(order.id, cancelled_at=brand.floor.now)
    await brand.floor.settle()
    assert [run["flow"] for run in await brand.floor.runs() if run["flow"] == "notify"] == ["notify"]
    assert (brand.messages.events, await brand.floor.open_cases()) == ([], [])


@pytest.mark.parametrize("is_told", [True, False])
async def test_an_order_cancelled_while_suppliers_are_asked_is_not_bought(
    brand: Brand, is_told: bool
) -> None:
    order = brand.place()

    async def cancelled() -> None:
        brand.shop.change_order(order.id, cancelled_at=brand.floor.now)
        if is_told:
            await brand.tell(order, "orders/cancelled")

    brand.suppliers["a"].meanwhile["/stock"] = cancelled
    await brand.tell(order)
    await brand.floor.settle()
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])


async def test_an_order_cancelled_while_it_is_being_bought_is_shown_to_a_person(brand: Brand) -> None:
    order = brand.place()
    brand.suppliers["a"].meanwhile["/purchase-orders"] = lambda: brand.cancel(order)
    await brand.tell(order)
    await brand.floor.settle()
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {"cancel-at-supplier": 1})


async def test_an_order_cancelled_after_it_was_bought_is_shown_to_a_person(brand: Brand) -> None:
    order = await brand.buy()
    assert brand.bought() == [("a", "1001")]
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.cases() == {"cancel-at-supplier": 1}
    await brand.floor.let_pass(hours=1)
    assert brand.bought() == [("a", "1001")]


async def test_an_address_changed_after_it_was_verified_is_verified_before_anything_is_sent(
    brand: Brand,
) -> None:
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 0
    order = await brand.buy()
    brand.shop.change_order(order.id, shipping_address={"address1": "1 Main St"})
    brand.suppliers["a"].stock["AX1"] = 100
    asked = brand.verifier.requests
    await brand.floor.resolve(await brand.case(), "look-again")
    assert brand.purchase("a")["ship_to"]["line1"] == "1 Main St"
    assert brand.verifier.requests == asked + 1
    assert await brand.floor.open_cases() == []


async def test_an_address_changed_to_a_bad_one_is_not_bought_to_either(brand: Brand) -> None:
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 0
    order = await brand.buy()
    brand.shop.change_order(order.id, shipping_address=BEACON)
    brand.suppliers["a"].stock["AX1"] = 100
    await brand.floor.resolve(await brand.case(), "look-again")
    case = await brand.case()
    assert (case["kind"], brand.bought()) == ("address", [])
    brand.shop.change_order(order.id, shipping_address=BEACON | {"address2": "Apt 4B"})
    await brand.floor.resolve(case, "corrected")
    assert brand.purchase("a")["ship_to"]["line2"] == "Apt 4B"


async def test_an_address_changed_while_suppliers_are_asked_is_where_the_goods_go(brand: Brand) -> None:
    order = brand.place()

    async def moved() -> None:
        brand.shop.change_order(order.id, shipping_address={"address1": "1 Main St"})

    brand.suppliers["b"].meanwhile["/stock"] = moved
    await brand.tell(order)
    await brand.floor.settle()
    assert brand.purchase("a")["ship_to"]["line1"] == "1 Main St"
    assert await brand.floor.open_cases() == []


async def test_lines_changed_while_suppliers_are_asked_are_bought_as_they_are_now(brand: Brand) -> None:
    order = brand.place()
    line = order.lines[0].model_dump()

    async def wants_two() -> None:
        brand.shop.change_order(order.id, lines=[line | {"quantity": 2}])

    brand.suppliers["a"].meanwhile["/stock"] = wants_two
    await brand.tell(order)
    await brand.floor.settle()
    assert [x["quantity"] for x in brand.purchase("a")["lines"]] == [2]
    assert await brand.floor.open_cases() == []


async def test_a_line_added_while_suppliers_are_asked_is_bought_too(brand: Brand) -> None:
    order = brand.place()
    line = order.lines[0].model_dump()

    async def wants_a_cuff() -> None:
        brand.shop.change_order(order.id, lines=[line, {"sku": "CUFF-03", "price": "60.00"}])

    brand.suppliers["b"].meanwhile["/stock"] = wants_a_cuff
    await brand.tell(order)
    await brand.floor.settle()
    assert await brand.cases() == {}
    assert brand.bought() == [("a", "1001"), ("c", "1001")]


async def test_a_refusal_after_a_line_was_added_still_moves_that_line_on(brand: Brand) -> None:
    brand.suppliers["a"].refuse("out-of-stock")
    order = brand.place("CUFF-03")
    line = order.lines[0].model_dump()

    async def wants_a_necklace() -> None:
        brand.shop.change_order(order.id, lines=[line, {"sku": "NECK-01", "price": "60.00"}])

    brand.suppliers["c"].meanwhile["/stock"] = wants_a_necklace
    await brand.tell(order)
    await brand.floor.settle()
    assert await brand.cases() == {}
    assert brand.bought() == [("b", "1001"), ("c", "1001")]


async def test_an_order_from_before_going_live_is_recorded_and_never_bought(brand: Brand) -> None:
    old = brand.place(created_at=brand.floor.now - timedelta(hours=1))
    async with brand.floor.hub.database.transaction() as connection:
        await go_live(connection, "shop-1", brand.floor.now, "ada", brand.floor.now)
    await brand.floor.let_pass(seconds=1)
    await brand.tell(old)
    await brand.floor.settle()
    new = await brand.buy()
    assert brand.bought() == [("a", new.name.removeprefix("#"))]
    recorded = {row["number"] for row in await brand.floor.rows("select number from orders")}
    assert recorded == {"1001", "1002"}


async def test_without_going_live_old_orders_are_bought_too(brand: Brand) -> None:
    await brand.buy(created_at=brand.floor.now - timedelta(days=30))
    assert brand.bought() == [("a", "1001")]


async def test_a_paused_supplier_gets_nothing_and_then_everything_once(brand: Brand) -> None:
    await brand.pause("c")
    for _ in range(5):
        await brand.buy("CUFF-03")
    assert brand.calls("c") == 0
    assert len(await brand.floor.rows("select * from orders")) == 5, "what comes in is taken"
    await brand.resume("c")
    assert brand.bought() == [("c", str(number)) for number in range(1001, 1006)]


async def test_a_paused_store_takes_orders_and_touches_nothing_until_it_is_resumed(brand: Brand) -> None:
    await brand.pause_store()
    doubles = [brand.shop, brand.verifier, brand.messages, *brand.suppliers.values()]
    before = [double.changes for double in doubles]
    for _ in range(5):
        await brand.buy()
    await brand.floor.let_pass(hours=2)
    assert [double.changes for double in doubles] == before
    assert len(await brand.floor.runs()) == 5
    await brand.resume_store()
    assert brand.bought() == [("a", str(number)) for number in range(1001, 1006)]
