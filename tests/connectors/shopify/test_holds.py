"""Our own holds keep an order back; those of others are none of our business."""

from typing import Any

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.fulfilment import STATUS
from connectors.shopify.operations import FULFILMENT, Operation
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Http, Refused, Unanswered, Unreadable
from hub.sdk.commerce import HoldOrder, OrderRef, ReleaseOrder
from tests.connectors.shopify.conftest import Connect, MakeCall

TWO_PLACES = [{"sku": "A", "location": "Reno"}, {"sku": "B", "location": "Newark"}]


def hold(order: OrderSeed, handle: str = "faros-address") -> HoldOrder:
    return HoldOrder(id=str(order.id), handle=handle, reason="address", note="No such street.")


def release(order: OrderSeed, handle: str = "faros-address") -> ReleaseOrder:
    return ReleaseOrder(id=str(order.id), handle=handle)


def statuses(shop: ShopifySandbox, order: OrderSeed) -> list[str]:
    return [part.status for part in shop.state.fulfilment[order.id]]


async def test_every_location_of_an_order_is_held(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=TWO_PLACES)

    done = await shopify.hold_order(hold(order), call())

    assert done.handles == ["faros-address"]
    assert statuses(shop, order) == ["ON_HOLD", "ON_HOLD"]
    for part in shop.state.fulfilment[order.id]:
        [made] = part.holds
        assert (made.handle, made.reason, made.notes) == (
            "faros-address",
            "INCORRECT_ADDRESS",
            "No such street.",
        )


async def test_a_hold_whose_answer_was_lost_is_not_made_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=TWO_PLACES)
    read_first = 1

    shop.stall(0)  # the reading of the order passes; what is lost is the answer to the first hold
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.hold_order(hold(order), call())
    assert (shop.requests, shop.changes) == (read_first + 1, 1)
    await shopify.hold_order(hold(order), call())

    assert shop.changes == 2
    assert [len(part.holds) for part in shop.state.fulfilment[order.id]] == [1, 1]


async def test_a_hold_another_worker_made_meanwhile_is_taken_as_made(
    shopify: Shopify, connect: Connect, shop: ShopifySandbox, call: MakeCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shop.add_order(lines=TWO_PLACES)
    run = shopify.admin.run

    async def run_while_another_holds(http: Http, operation: Operation, *rest: Any) -> Any:
        answer = await run(http, operation, *rest)
        if operation is FULFILMENT:
            await connect().hold_order(hold(order), call())
        return answer

    monkeypatch.setattr(shopify.admin, "run", run_while_another_holds)

    done = await shopify.hold_order(hold(order), call())

    assert done.handles == ["faros-address"]
    assert shop.changes == 2
    assert statuses(shop, order) == ["ON_HOLD", "ON_HOLD"]


async def test_a_failure_after_the_first_location_is_not_called_nothing(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=TWO_PLACES)
    newark = shop.state.fulfilment[order.id][1]
    for number in range(10):
        await shopify.hold_order(hold(order, f"other-{number}"), call())
    shop.state.fulfilment[order.id][0].holds.clear()

    with pytest.raises(Unanswered, match="Done at 1 of the order's locations"):
        await shopify.hold_order(hold(order), call())

    assert len(newark.holds) == 10
    assert [h.handle for h in shop.state.fulfilment[order.id][0].holds] == ["faros-address"]


async def test_a_hold_of_another_app_survives_our_release(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=TWO_PLACES)
    shop.add_foreign_hold(order.id)
    await shopify.hold_order(hold(order), call())

    done = await shopify.release_order(release(order), call())

    assert done.handles == []
    assert statuses(shop, order) == ["ON_HOLD", "ON_HOLD"]
    assert [[h.app for h in part.holds] for part in shop.state.fulfilment[order.id]] == [["another-app"]] * 2


async def test_only_the_hold_with_our_handle_is_released(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    for handle in ("faros-address", "faros-stock"):
        await shopify.hold_order(hold(order, handle), call())

    done = await shopify.release_order(release(order, "faros-address"), call())

    assert done.handles == ["faros-stock"]
    assert statuses(shop, order) == ["ON_HOLD"]

    await shopify.release_order(release(order, "faros-stock"), call())

    assert statuses(shop, order) == ["OPEN"]


async def test_a_foreign_hold_with_our_handle_is_not_ours(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    shop.add_foreign_hold(order.id)
    shop.state.fulfilment[order.id][0].holds[0].handle = "faros-address"

    done = await shopify.release_order(release(order), call())

    assert (done.handles, shop.changes) == ([], 0)
    assert statuses(shop, order) == ["ON_HOLD"]


async def test_a_release_whose_answer_was_lost_can_be_done_again(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    await shopify.hold_order(hold(order), call())

    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.release_order(release(order), call())
    await shopify.release_order(release(order), call())

    assert shop.changes == 2
    assert statuses(shop, order) == ["OPEN"]


async def test_released_without_ids_every_hold_would_go(shop: ShopifySandbox) -> None:
    """What the sandbox does, as Shopify does: the reason why the connector never releases without ids."""
    order = shop.add_order()
    shop.add_foreign_hold(order.id)

    shop._answers.release({"id": shop.state.fulfilment[order.id][0].id})

    assert statuses(shop, order) == ["OPEN"]


@pytest.mark.parametrize("status", ["CLOSED", "CANCELLED", "INCOMPLETE", "IN_PROGRESS"])
async def test_what_has_begun_to_leave_cannot_be_held(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, status: str
) -> None:
    order = shop.add_order()
    shop.state.fulfilment[order.id][0].status = status

    with pytest.raises(Refused) as raised:
        await shopify.hold_order(hold(order), call())

    assert raised.value.code == "not-holdable"
    assert shop.changes == 0


async def test_what_can_still_be_held_is_held(shopify: Shopify, shop: ShopifySandbox, call: MakeCall) -> None:
    order = shop.add_order(lines=TWO_PLACES)
    shop.state.fulfilment[order.id][0].status = "CLOSED"

    await shopify.hold_order(hold(order), call())

    assert statuses(shop, order) == ["CLOSED", "ON_HOLD"]


async def test_an_order_with_nothing_to_send_cannot_be_held(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[{"title": "Gift card", "gift_card": True, "requires_shipping": False}])

    with pytest.raises(Refused) as raised:
        await shopify.hold_order(hold(order), call())

    assert raised.value.code == "not-holdable"


async def test_the_eleventh_hold_of_ours_is_refused(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    for number in range(10):
        await shopify.hold_order(hold(order, f"faros-{number}"), call())

    with pytest.raises(Refused, match="LIMIT_REACHED"):
        await shopify.hold_order(hold(order, "faros-10"), call())


async def test_who_holds_what_can_be_read(shopify: Shopify, shop: ShopifySandbox, call: MakeCall) -> None:
    order = shop.add_order(lines=[{"location": f"Place {n}"} for n in range(25)])
    shop.add_foreign_hold(order.id, reason="HIGH_RISK_OF_FRAUD")
    await shopify.hold_order(hold(order), call())

    found = await shopify.get_fulfilment(OrderRef(id=str(order.id)), call())

    assert [part.location for part in found.orders] == [f"Place {n}" for n in range(25)]
    for part in found.orders:
        assert [(h.reason, h.is_ours) for h in part.holds] == [
            ("HIGH_RISK_OF_FRAUD", False),
            ("INCORRECT_ADDRESS", True),
        ]


async def test_every_status_is_known_and_no_other(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order()
    [part] = shop.state.fulfilment[order.id]
    for wire, ours in STATUS.items():
        part.status = wire
        found = await shopify.get_fulfilment(OrderRef(id=str(order.id)), call())
        assert found.orders[0].status == ours

    part.status = "ON_THE_MOON"
    with pytest.raises(Unreadable):
        await shopify.hold_order(hold(order), call())
