"""Suppliers that fall silent or say the same for ever are noticed before an order in eight has gone wrong for weeks."""

from datetime import datetime, timedelta

import pytest

from hub.sdk import Delivery, Unverified
from tests.acceptance.brand import SKUS, Brand, Terms
from tests.acceptance.test_watchers import minutes_pass, silent


def ships_nothing(brand: Brand, supplier: str) -> None:
    """A supplier receives every order, acknowledges none, and its stock list says fifty for ever."""
    double = brand.suppliers[supplier]
    double.late_accept = double.endless = True
    double.stock = dict.fromkeys(double.stock, 50)


@pytest.mark.row("S1-022")
async def test_a_supplier_that_answers_nothing_is_quarantined_within_a_day_and_later_orders_fall_back(
    brand: Brand,
) -> None:
    """1,000 orders in three weeks are two an hour; one in eight is for what a sells cheapest, and b sells, too."""
    ships_nothing(brand, "a")
    given_at: list[datetime] = []
    quarantined_at = None
    for number in range(200):
        await brand.buy("NECK-01" if number % 8 == 0 else "CUFF-03", name=f"#{3000 + number}")
        if len(brand.suppliers["a"].orders) > len(given_at):
            given_at.append(brand.floor.now)
        await brand.floor.let_pass(minutes=30)
        if await silent(brand) == [("supplier-silent", "a")]:
            quarantined_at = brand.floor.now
            break
    assert quarantined_at is not None
    first_missed = given_at[0] + timedelta(hours=24)
    assert first_missed < quarantined_at <= first_missed + timedelta(hours=24)
    case = next(case for case in await brand.floor.open_cases() if case["kind"] == "supplier-silent")
    assert "has acknowledged nothing" in await brand.says(case)
    assert any(alert["title"].startswith("supplier-silent") for alert in brand.alerts.alerts), "ops is told"

    given = len(given_at)
    for number in range(8):
        await brand.buy(name=f"#{4000 + number}")
    assert len(brand.suppliers["a"].orders) == given, "it gets no more"
    assert [order["order_number"] for order in brand.suppliers["b"].orders] == [
        str(4000 + n) for n in range(8)
    ]
    decision = (await brand.decisions())[-1]
    assert decision["lines"][0]["reason"] == "fallback:quarantined(a)"

    for place in range(given):
        await brand.supplier_says("a", "accepted", place=place)
    await minutes_pass(brand, 1)
    assert await silent(brand) == [], "answers bring the trust back"
    await brand.buy(name="#5000")
    assert len(brand.suppliers["a"].orders) == given + 1


async def test_who_vouches_for_a_silent_supplier_has_it_sent_orders_again(brand: Brand) -> None:
    ships_nothing(brand, "a")
    await brand.buy()
    await brand.buy(email="another@example.com")
    await brand.floor.let_pass(hours=25)
    await brand.buy(name="#2000")
    assert [order["order_number"] for order in brand.suppliers["b"].orders] == ["2000"]
    case = next(case for case in await brand.floor.open_cases() if case["kind"] == "supplier-silent")
    await brand.floor.resolve(case, "trust")
    await minutes_pass(brand, 1)
    assert await silent(brand) == []
    await brand.buy(name="#2001")
    assert brand.suppliers["a"].orders[-1]["order_number"] == "2001"


@pytest.mark.parametrize("terms", [Terms(skus=SKUS.replace("NECK-01,b,BX9,12.00,USD\n", ""))])
async def test_what_only_a_silent_supplier_sells_is_a_persons_to_decide(brand: Brand) -> None:
    ships_nothing(brand, "a")
    await brand.buy()
    await brand.buy(email="another@example.com")
    await brand.floor.let_pass(hours=25)
    await brand.buy(name="#2000")
    case = next(case for case in await brand.floor.open_cases() if case["kind"] == "stock")
    assert "It has acknowledged nothing since" in await brand.says(case)
    await brand.floor.resolve(case, "confirmed")
    assert brand.suppliers["a"].orders[-1]["order_number"] == "2000"


async def test_one_order_that_nobody_answers_is_late_and_no_quarantine(brand: Brand) -> None:
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.floor.let_pass(hours=30)
    assert (await brand.cases(), await silent(brand)) == ({"late": 1}, [])


@pytest.mark.row("S1-023")
async def test_a_feed_that_says_the_same_for_two_days_while_thirty_units_are_sold_is_frozen(
    brand: Brand,
) -> None:
    double = brand.suppliers["a"]
    double.endless = True
    began = brand.floor.now
    await brand.buy(quantity=1, name="#2000")
    for number in range(3):
        await brand.floor.let_pass(hours=12)
        await brand.buy(quantity=10, name=f"#{2001 + number}")
    await brand.floor.let_pass(hours=11)
    await brand.buy(name="#2010")
    assert (brand.floor.now - began, await silent(brand)) == (timedelta(hours=47), [])
    await brand.floor.let_pass(hours=1)
    await brand.buy(name="#2011")
    await minutes_pass(brand, 1)
    assert await silent(brand) == [("feed-frozen", "a")]
    (row,) = await brand.floor.rows("select title, since from silences")
    assert row["since"] == began
    assert "units of it were sold" in row["title"]
    assert await brand.cases() == {"feed-frozen": 1}

    await brand.buy(name="#2012")
    assert brand.suppliers["b"].orders[-1]["order_number"] == "2012", "its figures are not believed"
    double.stock["AX1"] = 960
    await brand.buy(name="#2013")
    await minutes_pass(brand, 1)
    assert (await silent(brand), await brand.cases()) == ([], {})


async def test_a_feed_that_goes_down_with_what_is_sold_is_not_frozen(brand: Brand) -> None:
    for number in range(5):
        await brand.buy(quantity=10, name=f"#{2000 + number}")
        await brand.floor.let_pass(hours=12)
    assert await brand.floor.rows("select * from silences") == []


async def tampered(brand: Brand, supplier: str) -> None:
    """A delivery arrives at a supplier's address that it did not sign."""
    good = brand.suppliers[supplier].say(brand.suppliers[supplier].orders[-1]["reference"], "accepted")
    with pytest.raises(Unverified):
        await brand.floor.deliver(supplier, Delivery(good.headers, good.body + b" ", good.received_at))


@pytest.mark.row("S1-087")
async def test_stock_webhooks_that_are_not_signed_lose_the_signal_and_its_articles_are_confirmed_first(
    brand: Brand,
) -> None:
    await brand.buy()
    await brand.supplier_says("a", "accepted")
    await tampered(brand, "a")
    await minutes_pass(brand, 1)
    assert (await silent(brand), await brand.cases()) == (
        [("stock-signal-lost", "a")],
        {"stock-signal-lost": 1},
    )
    brand.suppliers["a"].feed_age = 20
    await brand.buy(name="#2000")
    assert brand.suppliers["b"].orders[-1]["order_number"] == "2000", "a figure from before is not believed"
    decision = (await brand.decisions())[-1]
    assert decision["lines"][0]["reason"] == "fallback:doubted-stock(a)"
    brand.suppliers["a"].feed_age = 0
    await brand.buy(name="#2001")
    assert brand.suppliers["a"].orders[-1]["order_number"] == "2001", "what it says when asked is"
    await brand.supplier_says("a", "in_production")
    await minutes_pass(brand, 1)
    assert (await silent(brand), await brand.cases()) == ([], {})


async def test_strangers_at_the_address_of_one_that_never_sent_anything_are_no_lost_signal(
    brand: Brand,
) -> None:
    await brand.buy()
    await tampered(brand, "a")
    await minutes_pass(brand, 2)
    assert await silent(brand) == []


@pytest.mark.row("S1-087")
@pytest.mark.parametrize("terms", [Terms(heartbeats={"a": "10 minutes"})])
async def test_three_heartbeats_that_do_not_come_lose_the_stock_signal(brand: Brand) -> None:
    await brand.buy()
    await brand.supplier_says("a", "accepted")
    await minutes_pass(brand, 29)
    assert await silent(brand) == []
    await minutes_pass(brand, 2)
    assert await silent(brand) == [("stock-signal-lost", "a")]
    await brand.supplier_says("a", "in_production")
    await minutes_pass(brand, 1)
    assert await silent(brand) == []
