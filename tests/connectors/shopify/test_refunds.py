"""Money goes back once for each reference, never more than was paid, and its state is told as it is."""

from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.refunds import STATE
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Keyed, Refused, Unanswered, Unreadable
from hub.sdk.commerce import Money, OrderRef
from hub.sdk.parcels import RefundOrder, ShippedLine
from tests.connectors.shopify.conftest import Ask, MakeCall

LINES = [
    {"id": 11, "sku": "SERUM", "price": "24.00", "quantity": 2},
    {"id": 12, "sku": "CUFF", "price": "10.00"},
]
"""58.00, and shipping at 4.95."""


@pytest.fixture
def order(shop: ShopifySandbox) -> OrderSeed:
    """An order that was paid: 62.95."""
    return shop.add_order(name="#8492", lines=LINES, shipping_price="4.95")


def refund(order: OrderSeed, reference: str = "main:8492:lost", **fields: Any) -> RefundOrder:
    return RefundOrder(id=str(order.id), reference=reference, **fields)


def units(**lines: int) -> list[ShippedLine]:
    return [ShippedLine(line_id=name.removeprefix("line"), quantity=n) for name, n in lines.items()]


def dollars(amount: str) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


def given(shop: ShopifySandbox, order: OrderSeed) -> list[str]:
    return [str(r.amount()) for r in shop.state.refunds[order.id]]


async def test_a_whole_refund_gives_back_everything_with_shipping(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.refund_order(refund(order, note="Lost on the way.", notify_customer=True), call())

    assert (done.amount, done.state) == (dollars("62.95"), "done")
    [made] = shop.state.refunds[order.id]
    assert made.note == "Lost on the way. (main:8492:lost)"
    assert made.units == {11: 2, 12: 1}
    found = await shopify.get_order(OrderRef(id=str(order.id)), call())
    assert (found.payment, found.lines, found.total.amount) == ("refunded", [], Decimal(0))


async def test_shipping_can_be_kept(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.refund_order(refund(order, shipping=False), call())

    assert done.amount == dollars("58.00")


async def test_some_lines_are_given_back_without_the_shipping(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.refund_order(refund(order, lines=units(line11=1)), call())

    assert done.amount == dollars("24.00")
    found = await shopify.get_order(OrderRef(id=str(order.id)), call())
    assert found.payment == "partly_refunded"
    assert [(line.id, line.quantity) for line in found.lines] == [("11", 1), ("12", 1)]


async def test_the_last_lines_bring_the_shipping_back_with_them(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    await shopify.refund_order(refund(order, "first", lines=units(line11=2)), call())
    done = await shopify.refund_order(refund(order, "second", lines=units(line12=1)), call("second"))

    assert done.amount == dollars("14.95")
    assert given(shop, order) == ["48.00", "14.95"]


async def test_a_gesture_gives_money_back_and_leaves_the_goods(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.refund_order(refund(order, amount=dollars("5.00")), call())

    assert done.amount == dollars("5.00")
    [made] = shop.state.refunds[order.id]
    assert not made.units and not made.shipping


async def test_an_amount_is_the_most_that_a_refund_gives(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    less = await shopify.refund_order(
        refund(order, "less", lines=units(line11=1), amount=dollars("20.00")), call()
    )
    more = await shopify.refund_order(
        refund(order, "more", lines=units(line12=1), amount=dollars("30.00")), call("more")
    )

    assert (less.amount, more.amount) == (dollars("20.00"), dollars("10.00"))


async def test_after_a_gesture_no_more_than_the_rest_goes_back(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    await shopify.refund_order(refund(order, "gesture", amount=dollars("50.00")), call())
    done = await shopify.refund_order(refund(order, "all"), call("all"))

    assert done.amount == dollars("12.95")
    assert sum(map(Decimal, given(shop, order))) == Decimal("62.95")


async def test_an_order_paid_in_two_ways_is_refunded_in_both(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=LINES, by_gift_card="10.00")

    done = await shopify.refund_order(refund(order, amount=dollars("25.00")), call())

    assert done.amount == dollars("25.00")
    [made] = shop.state.refunds[order.id]
    assert [part[2] for part in made.parts] == [Decimal("10.00"), Decimal("15.00")]


async def test_a_refund_whose_answer_was_lost_is_found_by_its_reference(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    """Also when Shopify has long forgotten the key, and although less is left to refund than before."""
    wanted = refund(order, lines=units(line11=1))

    shop.stall(0)
    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.refund_order(wanted, call())
    assert given(shop, order) == ["24.00"]
    shop._answers.money.answered.clear()
    done = await shopify.refund_order(wanted, call())

    assert (done.amount, given(shop, order)) == (dollars("24.00"), ["24.00"])


async def test_two_workers_with_one_reference_refund_once(
    shopify: Shopify, shop: ShopifySandbox, ask: Ask, call: MakeCall, order: OrderSeed
) -> None:
    """The second comes with the key of the first before its refund can be seen in the order."""
    wanted = refund(order, amount=dollars("5.00"))
    await shopify.refund_order(wanted, call(wanted.reference))
    seen = shop.state.refunds.pop(order.id)

    done = await shopify.refund_order(wanted, call(wanted.reference))

    assert (done.id, shop.changes) == (seen[0].id.rsplit("/", 1)[-1], 1)


async def test_one_key_for_two_refunds_is_in_doubt(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    await shopify.refund_order(refund(order, "first", amount=dollars("5.00")), call())

    with pytest.raises(Unanswered, match="IDEMPOTENCY_KEY_PARAMETER_MISMATCH"):
        await shopify.refund_order(refund(order, "second", amount=dollars("5.00")), call())


@pytest.mark.parametrize(
    "fields",
    [
        {"amount": dollars("62.96")},
        {"lines": units(line11=3)},
        {"lines": units(line99=1)},
        {"lines": units(line11=1), "amount": dollars("100.00")},
    ],
    ids=[
        "more money than was paid",
        "more units",
        "a line that is not there",
        "more than was paid for lines",
    ],
)
async def test_more_than_was_paid_is_never_given_back(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed, fields: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.refund_order(refund(order, **fields), call())

    assert (raised.value.code, shop.changes) == ("too-much", 0)


@pytest.mark.parametrize("status", ["PENDING", "VOIDED", "AUTHORIZED"])
async def test_what_was_not_paid_is_not_given_back(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, status: str
) -> None:
    order = shop.add_order(financial_status=status)

    with pytest.raises(Refused) as raised:
        await shopify.refund_order(refund(order), call())

    assert raised.value.code == "nothing-to-refund"


async def test_what_was_given_back_is_not_given_back_again_under_another_name(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    await shopify.refund_order(refund(order, "first"), call())

    with pytest.raises(Refused) as raised:
        await shopify.refund_order(refund(order, "second"), call("second"))

    assert raised.value.code == "nothing-to-refund"


@pytest.mark.parametrize(
    "amount",
    [Money(amount=Decimal(5), currency="EUR"), dollars("0.00"), dollars("-5.00")],
    ids=["another currency", "nothing", "less than nothing"],
)
async def test_an_amount_that_makes_no_sense_is_rejected(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed, amount: Money
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.refund_order(refund(order, amount=amount), call())

    assert (raised.value.code, shop.changes) == ("rejected", 0)


async def test_an_order_that_is_not_there_is_not_refunded(shopify: Shopify, call: MakeCall) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.refund_order(RefundOrder(id="1", reference="r"), call())

    assert raised.value.code == "not-found"


async def test_every_state_of_the_money_is_known_and_no_other(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    wanted = refund(order, amount=dollars("5.00"))
    await shopify.refund_order(wanted, call())
    [made] = shop.state.refunds[order.id]
    for wire, ours in STATE.items():
        made.status = wire
        found = await shopify.refund_order(wanted, call())
        assert (found.state, found.amount.amount > 0) == (ours, ours != "failed")

    made.status = "ON_THE_MOON"
    with pytest.raises(Unreadable):
        await shopify.refund_order(wanted, call())


async def test_money_that_is_still_on_its_way_is_called_pending(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    shop.refund_status = "PENDING"

    assert (await shopify.refund_order(refund(order), call())).state == "pending"


async def test_refunds_are_declared_by_key() -> None:
    assert isinstance(Shopify.refund_order.kind, Keyed)


async def test_the_difference_to_a_cheaper_article_is_money_alone_even_above_the_goods_left(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(name="#8493", lines=LINES, paid=Decimal("140.00"))

    done = await shopify.refund_order(
        refund(order, amount=dollars("82.00"), shipping=False), call("difference")
    )

    assert done.amount == dollars("82.00")
    [made] = shop.state.refunds[order.id]
    assert not made.units, "the goods stay bought"
