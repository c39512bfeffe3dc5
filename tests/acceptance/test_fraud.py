"""Orders that may be somebody's fraud, or are not paid: held, looked at within two hours, bought or given back once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand

TEN = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


async def buy_at_ten(brand: Brand) -> OrderSeed:
    """At ten an order comes in whose risk the shop calls high."""
    await brand.floor.let_pass(hours=1)
    assert brand.floor.now == TEN
    return await brand.buy(recommendation="INVESTIGATE", assessments=[{"level": "HIGH"}])


def alerts(brand: Brand) -> list[str]:
    return [alert["title"] for alert in brand.alerts.alerts]


def refunds(brand: Brand, order: OrderSeed) -> list[Decimal]:
    return [made.amount() for made in brand.shop.state.refunds[order.id]]


async def test_an_order_of_ten_is_to_be_reviewed_by_twelve_and_at_12_01_people_hear_that_it_was_not(
    brand: Brand,
) -> None:
    order = await buy_at_ten(brand)
    assert (brand.holds(order), await brand.cases()) == (["faros-review"], {"fraud-review": 1})
    assert (await brand.case())["due_at"] == TEN + timedelta(hours=2)
    assert alerts(brand) == ["fraud-review: 1001"], "flagged at once"
    await brand.floor.let_pass(hours=1, minutes=59)
    assert alerts(brand) == ["fraud-review: 1001"]
    await brand.floor.let_pass(minutes=2)
    assert alerts(brand) == ["fraud-review: 1001", "late: 1001"]
    assert [brand.calls(supplier) for supplier in brand.suppliers] == [0, 0, 0]


async def test_a_review_in_time_alerts_nobody_a_second_time(brand: Brand) -> None:
    await buy_at_ten(brand)
    await brand.floor.let_pass(hours=1, minutes=59)
    await brand.floor.resolve(await brand.case(), "approve")
    await brand.floor.let_pass(hours=3)
    assert alerts(brand) == ["fraud-review: 1001"]


@pytest.mark.row("S1-120")
async def test_what_is_approved_is_bought_once_and_what_is_rejected_is_cancelled_and_paid_back(
    brand: Brand,
) -> None:
    genuine = await buy_at_ten(brand)
    fraud = await brand.buy(recommendation="CANCEL", assessments=[{"level": "HIGH"}])
    first, second = sorted(await brand.floor.open_cases(), key=lambda case: str(case["subject"]))
    await brand.floor.resolve(first, "approve")
    await brand.floor.resolve(second, "reject", note="A stolen card")
    for order in (genuine, fraud):
        await brand.tell(order)
        await brand.tell(order, "orders/updated")
    await brand.floor.let_pass(hours=3)
    assert brand.bought() == [("a", "1001")]
    assert (genuine.cancelled_at, refunds(brand, genuine)) == (None, [])
    assert (fraud.cancelled_at is None, refunds(brand, fraud)) == (False, [Decimal("60.00")])
    assert (await brand.floor.open_cases(), brand.holds(genuine)) == ([], [])


async def test_a_rejected_order_that_the_shop_does_not_cancel_stays_with_a_person_and_is_not_bought(
    brand: Brand,
) -> None:
    order = await buy_at_ten(brand)
    brand.shop.refuse("not-cancellable")
    await brand.floor.resolve(await brand.case(), "reject")
    case = await brand.case()
    assert (case["kind"], order.cancelled_at, brand.bought()) == ("cannot-cancel", None, [])
    assert brand.holds(order) == ["faros-review"], "the shop does not send it either"


async def test_an_order_that_was_cancelled_in_the_shop_needs_no_review_any_more(brand: Brand) -> None:
    order = await buy_at_ten(brand)
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.floor.let_pass(hours=3)
    assert (await brand.floor.open_cases(), brand.bought()) == ([], [])
    assert alerts(brand) == ["fraud-review: 1001"]


@pytest.mark.row("S1-121")
async def test_an_authorised_payment_holds_the_order_at_the_shop_until_it_is_captured(brand: Brand) -> None:
    order = await brand.buy(financial_status="AUTHORIZED")
    assert (brand.holds(order), brand.bought()) == (["faros-payment"], [])
    await brand.floor.let_pass(days=2)
    assert brand.bought() == []
    brand.shop.change_order(order.id, financial_status="PAID")
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()
    assert (brand.holds(order), brand.bought()) == ([], [("a", "1001")])


async def test_a_payment_that_never_comes_is_a_case_after_three_days_and_again_if_a_person_waits(
    brand: Brand,
) -> None:
    order = await brand.buy(financial_status="AUTHORIZED")
    await brand.floor.let_pass(days=3, minutes=1)
    await brand.floor.resolve(await brand.case(), "wait")
    assert await brand.floor.open_cases() == []
    await brand.floor.let_pass(days=3, minutes=1)
    assert await brand.cases() == {"payment": 1}
    await brand.floor.resolve(await brand.case(), "drop")
    assert (brand.bought(), brand.holds(order)) == ([], ["faros-payment"])
