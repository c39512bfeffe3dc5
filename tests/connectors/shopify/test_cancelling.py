"""An order is called off, and called off only once that is so: Shopify carries it out later than it answers."""

import asyncio

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.operations_money import CANCEL
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Call, Refused, Unanswered
from hub.sdk.parcels import CancelOrder
from tests.connectors.shopify.conftest import NOW, Ask, MakeCall


def cancel(order: OrderSeed, refund: bool = True) -> CancelOrder:
    return CancelOrder(id=str(order.id), reason="inventory", refund=refund, note="Sold out.")


async def test_a_cancelled_order_gives_everything_back_and_sends_nothing(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[{"price": "24.00", "quantity": 2}], shipping_price="4.95")

    done = await shopify.cancel_order(cancel(order), call())

    assert (done.id, done.cancelled_at, order.cancelled_at) == (str(order.id), NOW, NOW)
    assert [str(r.amount()) for r in shop.state.refunds[order.id]] == ["52.95"]
    assert [part.status for part in shop.state.fulfilment[order.id]] == ["CANCELLED"]


async def test_an_order_can_be_cancelled_without_a_refund(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()

    await shopify.cancel_order(cancel(order, refund=False), call())

    assert (order.cancelled_at, shop.state.refunds[order.id]) == (NOW, [])


async def test_an_order_that_was_cancelled_before_is_cancelled(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.change_order(order.id, cancelled_at=NOW)

    done = await shopify.cancel_order(cancel(order), call())

    assert (done.cancelled_at, shop.changes) == (NOW, 0)


async def test_shopify_is_asked_again_until_it_has_cancelled(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.job_looks = 2

    done = await shopify.cancel_order(cancel(order), call())

    assert (done.cancelled_at, shop.requests) == (NOW, 4)


async def test_what_shopify_does_not_finish_in_time_is_in_doubt_and_found_done_later(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.job_looks = 2
    soon = Call("effect-1", asyncio.get_running_loop().time() + 0.15, 1, NOW)

    with pytest.raises(Unanswered, match="asked to cancel"):
        await shopify.cancel_order(cancel(order), soon)
    assert shop.changes == 1
    shop.finish_jobs()
    done = await shopify.cancel_order(cancel(order), call())

    assert (done.cancelled_at, shop.changes) == (NOW, 1)


async def test_a_lost_answer_to_the_wish_does_not_cancel_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()

    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.cancel_order(cancel(order), call())
    shop.finish_jobs()
    await shopify.cancel_order(cancel(order), call())

    assert (len(shop.state.jobs), len(shop.state.refunds[order.id])) == (1, 1)


async def test_a_job_that_ends_without_having_cancelled_is_a_refusal(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.job_fails = True

    with pytest.raises(Refused) as raised:
        await shopify.cancel_order(cancel(order), call())

    assert (raised.value.code, order.cancelled_at) == ("not-cancellable", None)


async def test_an_order_of_which_a_parcel_left_is_not_cancelled(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.send_parcel(order.id, "YT1")

    with pytest.raises(Refused) as raised:
        await shopify.cancel_order(cancel(order), call())

    assert (raised.value.code, shop.changes) == ("not-cancellable", 0)


async def test_an_order_whose_parcel_was_called_back_is(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.send_parcel(order.id, "YT1").status = "CANCELLED"

    assert (await shopify.cancel_order(cancel(order), call())).cancelled_at == NOW


@pytest.mark.parametrize("named", ["1", "#1000"])
async def test_an_order_that_is_not_there_is_not_cancelled(
    shopify: Shopify, call: MakeCall, named: str
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.cancel_order(CancelOrder(id=named, reason="staff"), call())

    assert raised.value.code == "not-found"


async def test_a_long_note_is_cut_to_what_shopify_keeps(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    wanted = cancel(order).model_copy(update={"note": "x" * 300})

    assert (await shopify.cancel_order(wanted, call())).cancelled_at == NOW


async def test_what_shopify_minds_the_second_time_may_be_the_first(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    first = call()
    second = Call(first.key, first.deadline, 2, NOW)

    shop.refuse("not-cancellable")
    with pytest.raises(Refused) as raised:
        await shopify.cancel_order(cancel(order), first)
    shop.refuse("not-cancellable")
    with pytest.raises(Unanswered):
        await shopify.cancel_order(cancel(order), second)

    assert raised.value.code == "not-cancellable"


async def test_the_shop_refuses_what_left_what_is_cancelled_and_two_ways_of_refunding(
    shop: ShopifySandbox, ask: Ask
) -> None:
    sent, gone = shop.add_order(), shop.add_order()
    shop.send_parcel(sent.id, "YT1")
    shop.change_order(gone.id, cancelled_at=NOW)
    for order in (sent, gone):
        wanted = {
            "id": f"gid://shopify/Order/{order.id}",
            "reason": "STAFF",
            "restock": False,
            "notify": False,
        }
        body = await ask(CANCEL, wanted)
        assert body["data"]["orderCancel"]["orderCancelUserErrors"][0]["code"] == "INVALID"
        both = {"originalPaymentMethodsRefund": True, "storeCreditRefund": {}}
        body = await ask(CANCEL, wanted | {"refund": both})
        assert "data" not in body

    assert shop.changes == 0
