"""Sold, and not there: another supplier, another article, the customer's choice, or the money back; never silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.project import SKUS

SPARES = Terms(
    rules="[{id: everybody, use: [a, b, c]}]\nsubstitutes: substitutes.csv",
    skus=f"{SKUS}NECK-1B,b,BX1B,12.00,USD\nNECK-2B,b,BX2B,9.00,USD\n",
)
"""b also sells NECK-1B, which is as good as NECK-01, and NECK-2B, which is like it."""
EQUAL, SIMILAR = "NECK-01,NECK-1B,equal,", "NECK-01,NECK-2B,similar,The silver necklace"
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Monday morning, when the brand opens in these tests."""


def open_list(folder: Path, *rows: str) -> None:
    """The merchant writes down what may go in place of what."""
    (folder / "substitutes.csv").write_text("\n".join(["sku,substitute_sku,kind,note", *rows, ""]))


def sell_out(brand: Brand, *articles: str) -> None:
    """Nobody has any of these any more."""
    for supplier in brand.suppliers.values():
        supplier.stock |= dict.fromkeys(supplier.stock.keys() & set(articles), 0)


def alerts(brand: Brand) -> list[dict[str, str]]:
    """What the people who run the shop were told about orders that are sold out."""
    return [alert for alert in brand.alerts.alerts if alert["title"].endswith("is out of stock")]


def told(brand: Brand) -> list[str]:
    """Which notices the customers were sent, in order."""
    return [event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events]


def owed(order: OrderSeed) -> list[str | None]:
    """The articles that the shop still owes the customer."""
    return [line.sku for line in order.lines if line.left()]


def refunds(brand: Brand, order: OrderSeed) -> list[Decimal]:
    """What was given back, refund by refund."""
    return [made.amount() for made in brand.shop.state.refunds[order.id]]


async def come_to(brand: Brand, moment: datetime) -> None:
    """Time passes up to this moment, hour by hour, and then a minute in which what was begun is finished."""
    while brand.floor.now < moment:
        await brand.floor.let_pass(seconds=min(3600.0, (moment - brand.floor.now).total_seconds()))
    await brand.floor.let_pass(seconds=1)


async def promise(brand: Brand) -> Any:
    """The promise to solve it within a day."""
    (row,) = await brand.floor.rows("select * from clocks where clock = 'solved'")
    return row


async def outcomes(brand: Brand) -> set[str]:
    """How the exceptions ended."""
    return {row["outcome"] for row in await brand.floor.rows("select outcome from cases where outcome <> ''")}


@pytest.mark.row("S1-089", "S1-175", "S2-081")
async def test_within_a_minute_the_shop_holds_the_order_and_people_read_which_article_and_supplier(
    brand: Brand,
) -> None:
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    assert brand.floor.now - NINE <= timedelta(seconds=60)
    assert (brand.holds(order), brand.bought()) == (["faros-stock"], [])
    (alert,) = alerts(brand)
    assert alert["title"] == "Order 1001 is out of stock"
    assert "NECK-01: a: 0 left, 1 needed." in alert["message"]
    for _ in range(3):
        await brand.tell(order)
        await brand.tell(order, "orders/updated")
        await brand.floor.let_pass(minutes=6)
    assert (alerts(brand), await brand.cases()) == ([alert], {"out-of-stock": 1})


@pytest.mark.row("S1-085", "S1-088")
async def test_a_supplier_that_rejects_what_its_feed_promised_is_an_exception_and_no_lost_order(
    brand: Brand,
) -> None:
    await brand.publish(policies="{safety_threshold: 0}")
    brand.suppliers["c"].stock["CC3"] = 1
    brand.suppliers["c"].refuse("out-of-stock")
    order = await brand.buy("CUFF-03")
    assert (brand.bought(), brand.holds(order)) == ([], ["faros-stock"])
    assert (await brand.cases(), len(alerts(brand))) == ({"out-of-stock": 1}, 1)
    assert "c: It refused this line before: out-of-stock." in alerts(brand)[0]["message"]


async def test_a_person_who_says_that_it_is_there_is_believed_even_against_a_refusal(brand: Brand) -> None:
    brand.suppliers["c"].refuse("out-of-stock")
    order = await brand.buy("CUFF-03")
    await brand.floor.resolve(await brand.case(), "look-again")
    assert (brand.bought(), brand.holds(order)) == ([("c", "1001")], [])
    assert await brand.floor.open_cases() == []
    assert (await promise(brand))["state"] == "kept"


async def test_a_person_who_is_wrong_about_it_is_asked_again_and_nothing_goes_round(brand: Brand) -> None:
    brand.suppliers["c"].refuse("out-of-stock")
    await brand.buy("CUFF-03")
    brand.suppliers["c"].refuse("out-of-stock")
    await brand.floor.resolve(await brand.case(), "look-again")
    await brand.floor.let_pass(minutes=5)
    assert (brand.bought(), await brand.cases()) == ([], {"out-of-stock": 1})
    assert len(await brand.floor.effects("create_purchase_order")) == 2


async def test_a_refusal_for_a_reason_nobody_knows_is_a_case_in_the_suppliers_own_words(brand: Brand) -> None:
    brand.suppliers["c"].refuse("rejected")
    await brand.buy("CUFF-03")
    case = await brand.case()
    assert (case["kind"], brand.bought(), alerts(brand)) == ("supplier-refused", [], [])
    assert "We do not take this order." in await brand.says(case)
    await brand.floor.let_pass(hours=3)
    assert len(await brand.floor.effects("create_purchase_order")) == 1, "nobody asks a second time unasked"


async def test_of_two_customers_who_buy_the_last_one_in_the_same_second_one_gets_it(brand: Brand) -> None:
    await brand.publish(policies="{safety_threshold: 0}")
    brand.suppliers["c"].stock["CC3"] = 1
    first, second = brand.place("CUFF-03"), brand.place("CUFF-03")
    await brand.tell(first)
    await brand.tell(second)
    await brand.floor.settle()
    assert len(brand.bought()) == 1
    assert await brand.cases() == {"out-of-stock": 1}
    assert sorted([brand.holds(first), brand.holds(second)]) == [[], ["faros-stock"]]


class TestSubstitutes:
    """The merchant has listed what may go in place of what."""

    @pytest.fixture
    def terms(self, tmp_path: Path) -> Terms:
        open_list(tmp_path, EQUAL, SIMILAR)
        return SPARES

    @pytest.mark.row("S1-092")
    async def test_an_equal_article_is_bought_from_the_backup_supplier_and_the_customer_is_told(
        self, brand: Brand
    ) -> None:
        brand.shop.add_variant("NECK-1B", "60.00", "The golden necklace")
        sell_out(brand, "AX1", "BX9")
        brand.suppliers["b"].stock["BX1B"] = 8
        order = await brand.buy()
        assert (brand.bought(), owed(order), brand.holds(order)) == ([("b", "1001")], ["NECK-1B"], [])
        assert [line["sku"] for line in brand.purchase("b")["lines"]] == ["BX1B"]
        await brand.floor.let_pass(seconds=30)
        assert told(brand) == ["Item Changed"]
        text = brand.messages.events[0]["properties"]["text"]
        assert "Instead of: Glow serum" in text and "You get: The golden necklace" in text
        assert (await brand.floor.open_cases(), refunds(brand, order)) == ([], [])
        assert (await promise(brand))["state"] == "kept"

    @pytest.mark.parametrize(
        ("price_policy", "given_back"), [("refund_difference", [Decimal("15.00")]), ("free", [])]
    )
    async def test_what_a_substitute_costs_less_is_given_back_if_the_policy_says_so(
        self, brand: Brand, price_policy: str, given_back: list[Decimal]
    ) -> None:
        await brand.publish(policies=f"{{similar_price: {price_policy}}}")
        brand.shop.add_variant("NECK-1B", "45.00", "The golden necklace")
        sell_out(brand, "AX1", "BX9")
        order = await brand.buy()
        await brand.floor.let_pass(seconds=30)
        assert (brand.bought(), refunds(brand, order)) == ([("b", "1001")], given_back)
        text = brand.messages.events[0]["properties"]["text"]
        assert ("give you back" in text) == bool(given_back)
        await brand.floor.let_pass(hours=25)
        assert (len(brand.bought()), refunds(brand, order)) == (1, given_back)

    async def test_a_merchant_who_wants_customers_asked_sends_no_equal_article_unasked(
        self, brand: Brand
    ) -> None:
        await brand.publish(policies="{substitute_consent: ask}")
        brand.shop.add_variant("NECK-1B", "60.00")
        sell_out(brand, "AX1", "BX9", "BX2B")
        order = await brand.buy()
        await brand.floor.let_pass(minutes=1)
        assert (brand.bought(), owed(order)) == ([], ["NECK-01"])
        assert told(brand) == ["Out Of Stock Choice"]
        assert "Take the similar item" in brand.messages.events[0]["properties"]["text"]

    async def test_an_article_the_shop_does_not_know_is_not_swapped_in_and_the_customer_is_asked(
        self, brand: Brand
    ) -> None:
        sell_out(brand, "AX1", "BX9")
        order = await brand.buy()
        await brand.floor.let_pass(minutes=1)
        assert (owed(order), told(brand)) == (["NECK-01"], ["Out Of Stock Choice"])

    @pytest.mark.row("S1-093", "S1-177")
    async def test_without_an_equal_one_a_mail_offers_something_similar_or_the_money(
        self, brand: Brand
    ) -> None:
        sell_out(brand, "AX1", "BX9", "BX1B")
        await brand.buy()
        await brand.floor.let_pass(minutes=5)
        (event,) = brand.messages.events
        text, now = event["properties"]["text"], brand.floor.now
        assert "The silver necklace" in text
        assert "Take the similar item:\nhttps://track.brand.example/c/" in text
        assert "Get a refund:\nhttps://track.brand.example/c/" in text
        due = (await promise(brand))["due_at"]
        assert (now - NINE <= timedelta(minutes=5), due) == (True, NINE + timedelta(hours=24))


@pytest.mark.row("S1-096")
async def test_who_has_not_answered_by_five_in_the_morning_gets_the_money_back(brand: Brand) -> None:
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    await come_to(brand, NINE + timedelta(hours=19, minutes=59))
    assert (refunds(brand, order), order.cancelled_at) == ([], None)
    await come_to(brand, NINE + timedelta(hours=20))
    assert (refunds(brand, order), order.cancelled_at is None) == ([Decimal("60.00")], False)
    await come_to(brand, NINE + timedelta(hours=25))
    assert (refunds(brand, order), await brand.floor.open_cases()) == ([Decimal("60.00")], [])
    assert told(brand) == ["Out Of Stock Choice", "Cancelled"]
    assert "We give you back $60.00" in brand.messages.events[1]["properties"]["text"]
    assert (await promise(brand))["state"] == "kept"
    assert await outcomes(brand) == {"cancelled"}


@pytest.mark.row("S1-097")
@pytest.mark.parametrize("terms", [Terms(policies="{choice_default: ask}")])
async def test_solved_at_8_59_is_kept_and_at_9_01_the_promise_is_broken(brand: Brand) -> None:
    sell_out(brand, "AX1", "BX9")
    await brand.buy()
    await come_to(brand, NINE + timedelta(hours=23, minutes=58))
    (case,) = [c for c in await brand.floor.open_cases() if c["kind"] == "out-of-stock-unanswered"]
    await brand.buy()
    await brand.floor.let_pass(seconds=59)
    await brand.floor.resolve(case, "refund")
    assert brand.floor.now == NINE + timedelta(hours=23, minutes=59)
    rows = "select * from clocks where clock = 'solved' order by started_at"
    assert [row["state"] for row in await brand.floor.rows(rows)] == ["kept", "running"]
    await come_to(brand, NINE + timedelta(hours=47, minutes=58, seconds=2))
    assert [row["state"] for row in await brand.floor.rows(rows)] == ["kept", "late"]
    assert "late" in await brand.cases()


async def test_of_several_articles_only_the_missing_one_is_refunded_once_and_the_rest_is_bought(
    brand: Brand,
) -> None:
    sell_out(brand, "CC3")
    order = await brand.buy(
        lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "25.00"}]
    )
    await come_to(brand, NINE + timedelta(hours=21))
    assert (refunds(brand, order), order.cancelled_at) == ([Decimal("25.00")], None)
    assert (brand.bought(), owed(order), brand.holds(order)) == ([("a", "1001")], ["NECK-01"], [])
    await come_to(brand, NINE + timedelta(hours=30))
    assert (len(brand.bought()), refunds(brand, order)) == (1, [Decimal("25.00")])
    assert told(brand) == ["Out Of Stock Choice", "Refunded", "Order Confirmed"]


async def test_what_is_back_when_nobody_has_answered_is_sent_and_not_refunded(brand: Brand) -> None:
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    await come_to(brand, NINE + timedelta(hours=19))
    brand.suppliers["b"].stock["BX9"] = 50
    await come_to(brand, NINE + timedelta(hours=21))
    assert (brand.bought(), refunds(brand, order), brand.holds(order)) == ([("b", "1001")], [], [])
    assert await outcomes(brand) == {"recovered"}


async def test_what_only_waits_for_a_confirmation_is_not_refunded_with_what_is_gone(brand: Brand) -> None:
    sell_out(brand, "CC3")
    brand.suppliers["b"].stock["BR2"] = 4
    order = await brand.buy(
        lines=[{"sku": "RING-02", "price": "60.00"}, {"sku": "CUFF-03", "price": "25.00"}]
    )
    await come_to(brand, NINE + timedelta(hours=21))
    assert (refunds(brand, order), order.cancelled_at) == ([Decimal("25.00")], None)
    assert "stock" in await brand.cases(), "below the threshold, a person is asked"


async def test_an_order_cancelled_while_its_customer_thinks_is_neither_refunded_twice_nor_bought(
    brand: Brand,
) -> None:
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    await brand.cancel(order)
    await come_to(brand, NINE + timedelta(hours=25))
    assert (refunds(brand, order), brand.bought()) == ([], [])
    assert (await promise(brand))["state"] == "kept"
    assert "Cancelled" not in told(brand), "whoever cancelled it told the customer"


class TestCancelNow:
    """The merchant cancels what cannot be had at once."""

    @pytest.fixture
    def terms(self) -> Terms:
        return replace(Terms(), policies="{oos: cancel_now}")

    @pytest.mark.row("S2-080")
    async def test_the_order_is_cancelled_once_and_the_customer_hears_of_it_once(self, brand: Brand) -> None:
        sell_out(brand, "AX1", "BX9")
        order = await brand.buy()
        for _ in range(3):
            await brand.tell(order)
            await brand.floor.let_pass(minutes=6)
        assert (order.cancelled_at is None, refunds(brand, order)) == (False, [Decimal("60.00")])
        assert [e["state"] for e in await brand.floor.effects("cancel_order")] == ["confirmed"]
        assert (told(brand), len(alerts(brand))) == (["Cancelled"], 1)
        assert (await brand.floor.open_cases(), await promise(brand))[0] == []

    @pytest.mark.row("S2-079")
    async def test_of_several_lines_only_the_missing_one_is_cancelled(self, brand: Brand) -> None:
        sell_out(brand, "CC3")
        order = await brand.buy(
            lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "25.00"}]
        )
        await brand.floor.let_pass(minutes=5)
        await brand.floor.let_pass(minutes=5)
        assert (order.cancelled_at, owed(order)) == (None, ["NECK-01"])
        assert (refunds(brand, order), brand.bought()) == ([Decimal("25.00")], [("a", "1001")])
        assert await brand.floor.effects("cancel_order") == []
        assert told(brand) == ["Refunded", "Order Confirmed"]


@pytest.mark.parametrize("terms", [Terms(policies="{oos: cancel_now}")])
async def test_a_shop_that_does_not_cancel_leaves_it_to_a_person_and_nobody_is_told_otherwise(
    brand: Brand,
) -> None:
    sell_out(brand, "AX1", "BX9")
    brand.shop.refuse("not-cancellable")
    order = await brand.buy()
    await brand.floor.let_pass(minutes=1)
    assert (order.cancelled_at, await brand.cases(), told(brand)) == (None, {"cannot-cancel": 1}, [])
    await brand.floor.resolve(await brand.case(), "seen")
    await brand.floor.let_pass(hours=25)
    assert (told(brand), await brand.floor.open_cases()) == ([], [])


@pytest.mark.parametrize("terms", [Terms(policies="{oos: cancel_now}")])
async def test_a_refund_larger_than_what_was_paid_is_a_case_and_has_no_second_effect(brand: Brand) -> None:
    sell_out(brand, "CC3")
    order = brand.place(lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "25.00"}])
    brand.shop.change_order(order.id, paid=Decimal("0.00"))
    await brand.tell(order)
    await brand.floor.settle()
    case = await brand.case()
    assert case["kind"] == "cannot-refund"
    assert "Nothing that was paid is left to refund" in await brand.says(case)
    await brand.floor.let_pass(hours=2)
    assert (refunds(brand, order), told(brand)) == ([], [])


@pytest.mark.parametrize("terms", [Terms(policies="{oos: cancel_now}")])
async def test_a_refund_the_bank_turns_down_is_shown_and_not_promised(brand: Brand) -> None:
    sell_out(brand, "CC3")
    brand.shop.refund_status = "FAILURE"
    await brand.buy(lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "25.00"}])
    await brand.floor.let_pass(minutes=5)
    assert await brand.cases() == {"refund-failed": 1}
    assert told(brand) == []
