"""What left in a parcel is told to the shop once, by whichever locations sent it, and not while it must not leave."""

from typing import Any

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_records import ParcelRecord
from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Refused, Unanswered, Unreadable
from hub.sdk.commerce import HoldOrder, OrderRef
from hub.sdk.parcels import FulfilOrder, ShippedLine
from tests.connectors.shopify.conftest import NOW, MakeCall

SERUM = {"id": 11, "sku": "SERUM", "quantity": 5, "location": "Reno"}
CUFF = {"id": 12, "sku": "CUFF", "quantity": 1, "location": "Newark"}


def parcel(order: OrderSeed, lines: dict[int, int], number: str = "YT1", **fields: Any) -> FulfilOrder:
    shipped = [ShippedLine(line_id=str(line), quantity=quantity) for line, quantity in lines.items()]
    return FulfilOrder(
        id=str(order.id), reference=f"main:{number}", lines=shipped, tracking_number=number, **fields
    )


def parcels(shop: ShopifySandbox, order: OrderSeed) -> list[ParcelRecord]:
    return shop.state.parcels_of(order.id)


def units(shop: ShopifySandbox, order: OrderSeed) -> list[dict[int, int]]:
    return [p.units for p in parcels(shop, order)]


def statuses(shop: ShopifySandbox, order: OrderSeed) -> list[str]:
    return [part.status for part in shop.state.fulfilment[order.id]]


async def test_a_parcel_is_shown_with_its_number_its_carrier_and_its_link(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    link = "https://yunexpress.example/track/YT1"

    wanted = parcel(order, {11: 5}, carrier="yunexpress", tracking_url=link, notify_customer=True)
    done = await shopify.fulfil_order(wanted, call())

    [made] = parcels(shop, order)
    assert made.tracking == [{"number": "YT1", "company": "YunExpress", "url": link}]
    assert (made.units, made.mails, statuses(shop, order)) == ({11: 5}, 1, ["CLOSED"])
    assert (done.id, done.ids, done.tracking_numbers) == (made.id.split("/")[-1], [done.id], ["YT1"])


async def test_part_of_a_line_leaves_and_the_rest_waits(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])

    await shopify.fulfil_order(parcel(order, {11: 2}), call())
    found = await shopify.get_fulfilment(OrderRef(id=str(order.id)), call())

    [waits] = found.orders[0].waiting
    assert (found.orders[0].status, waits.line_id, waits.quantity) == ("in_progress", "11", 3)
    assert [p.tracking_numbers for p in found.parcels] == [["YT1"]]


async def test_a_parcel_from_two_locations_is_one_fulfilment_at_each(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM, CUFF])

    done = await shopify.fulfil_order(parcel(order, {11: 5, 12: 1}), call())

    assert len(done.ids) == 2
    assert units(shop, order) == [{11: 5}, {12: 1}]


async def test_a_parcel_whose_answer_was_lost_is_not_told_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])

    shop.stall(0)  # the reading of the order passes; what is lost is the answer to the telling
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.fulfil_order(parcel(order, {11: 2}), call())
    assert units(shop, order) == [{11: 2}]
    done = await shopify.fulfil_order(parcel(order, {11: 2}), call())

    assert units(shop, order) == [{11: 2}]
    assert done.ids == [parcels(shop, order)[0].id.split("/")[-1]]


async def test_a_telling_that_broke_off_after_one_location_is_completed(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM, CUFF])

    shop.stall(0)
    shop.stall(0)
    shop.fail_next()
    with pytest.raises(Unanswered):
        await shopify.fulfil_order(parcel(order, {11: 2, 12: 1}), call())
    done = await shopify.fulfil_order(parcel(order, {11: 2, 12: 1}), call())

    assert units(shop, order) == [{11: 2}, {12: 1}]
    assert len(done.ids) == 2


async def test_what_staff_entered_by_hand_is_recognised_by_its_number(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    shop.send_parcel(order.id, "yt 1")

    done = await shopify.fulfil_order(parcel(order, {11: 5}), call())

    assert (len(done.ids), shop.changes) == (1, 0)


async def test_the_same_number_on_a_cancelled_parcel_does_not_count(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM | {"quantity": 10}])
    await shopify.fulfil_order(parcel(order, {11: 5}), call())
    parcels(shop, order)[0].status = "CANCELLED"

    await shopify.fulfil_order(parcel(order, {11: 5}), call())

    assert [p.status for p in parcels(shop, order)] == ["CANCELLED", "SUCCESS"]


async def test_two_parcels_of_one_order_are_two(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])

    await shopify.fulfil_order(parcel(order, {11: 2}, "YT1"), call())
    await shopify.fulfil_order(parcel(order, {11: 3}, "YT2"), call())

    assert units(shop, order) == [{11: 2}, {11: 3}]
    assert statuses(shop, order) == ["CLOSED"]


async def test_long_orders_are_read_to_the_end(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[{"id": n, "location": "Reno"} for n in range(1, 131)])

    await shopify.fulfil_order(parcel(order, {1: 1, 130: 1}), call())
    await shopify.fulfil_order(parcel(order, {1: 1, 130: 1}), call())

    assert units(shop, order) == [{1: 1, 130: 1}]


@pytest.mark.parametrize(
    "asked", [{11: 6}, {11: 1, 99: 1}], ids=["more than waits", "a line that the order does not have"]
)
async def test_what_does_not_wait_cannot_leave_and_nothing_else_does_then(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, asked: dict[int, int]
) -> None:
    order = shop.add_order(lines=[SERUM])

    with pytest.raises(Refused) as raised:
        await shopify.fulfil_order(parcel(order, asked), call())

    assert (raised.value.code, shop.changes) == ("not-fulfillable", 0)


async def test_our_own_hold_is_named_before_it_is_in_the_way_for_long(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    await shopify.hold_order(HoldOrder(id=str(order.id), handle="faros-address", reason="address"), call())

    with pytest.raises(Refused, match="Our own hold keeps it back: faros-address") as raised:
        await shopify.fulfil_order(parcel(order, {11: 5}), call())

    assert raised.value.code == "not-fulfillable"
    assert parcels(shop, order) == []


async def test_what_somebody_else_holds_is_left_alone(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    shop.add_foreign_hold(order.id, reason="HIGH_RISK_OF_FRAUD")

    with pytest.raises(Refused, match="Somebody else holds it: HIGH_RISK_OF_FRAUD"):
        await shopify.fulfil_order(parcel(order, {11: 5}), call())


async def test_nothing_of_a_cancelled_order_leaves(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    shop.change_order(order.id, cancelled_at=NOW)

    with pytest.raises(Refused, match="cancelled") as raised:
        await shopify.fulfil_order(parcel(order, {11: 5}), call())

    assert raised.value.code == "not-fulfillable"


async def test_a_parcel_without_a_number_is_refused_because_it_could_be_told_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])

    with pytest.raises(Refused) as raised:
        await shopify.fulfil_order(parcel(order, {11: 5}, " "), call())

    assert raised.value.code == "rejected"


async def test_a_link_that_is_none_is_rejected(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])

    with pytest.raises(Refused) as raised:
        await shopify.fulfil_order(parcel(order, {11: 5}, tracking_url="track/YT1"), call())

    assert (raised.value.code, shop.changes) == ("rejected", 0)


async def test_a_refusal_at_the_second_location_is_not_called_nothing(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM, CUFF])
    await shopify.fulfil_order(parcel(order, {11: 5}), call())
    shop.add_foreign_hold(order.id)

    with pytest.raises(Unanswered, match="Shopify knows 1 parts of the parcel"):
        await shopify.fulfil_order(parcel(order, {11: 5, 12: 1}), call())


async def test_a_status_of_a_parcel_nobody_has_heard_of_is_not_guessed_at(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(lines=[SERUM])
    shop.send_parcel(order.id, "YT1").status = "TELEPORTED"

    with pytest.raises(Unreadable):
        await shopify.fulfil_order(parcel(order, {11: 5}), call())


async def test_the_story_of_an_order_can_be_read(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order = shop.add_order(name="#8492", lines=[SERUM], tags=["vip"])
    done = await shopify.fulfil_order(parcel(order, {11: 2}), call())

    story = shop.unsettled()["by order"]["#8492"]

    assert story == {
        "tags": ["vip"],
        "parcels": [
            {
                "id": done.id,
                "status": "SUCCESS",
                "tracking": ["YT1"],
                "lines": {"SERUM": 2},
                "events": [],
                "mails": 0,
            }
        ],
    }
