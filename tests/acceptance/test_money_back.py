"""Sold out, and nothing goes in its place: the money goes back once, for what is gone and for nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.project import Terms
from tests.acceptance.shelves import NINE, alerts, come_to, outcomes, owed, promise, refunds, sell_out, told


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
