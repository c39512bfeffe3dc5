"""Where a parcel is, as the shop itself keeps it: told with its own moments, and never more than it says."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.operations_parcels import EVENT_ADD
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_records import ParcelEvent, ParcelRecord
from connectors.shopify.standings import STANDINGS
from hub.sdk import Refused, TrackingUpdated, Unreadable
from hub.sdk.parcels import (
    ParcelRef,
    TrackedParcel,
    TrackingStatus,
    TrackParcel,
)
from tests.connectors.shopify.conftest import NOW, Ask, MakeCall

NUMBER = "1Z999AA10000000018"
HOUR = timedelta(hours=1)


@pytest.fixture
def parcel(shop: ShopifySandbox) -> ParcelRecord:
    """A parcel that has left, of which no carrier has said anything."""
    return shop.send_parcel(shop.add_order().id, NUMBER)


def named(parcel: ParcelRecord, **more: Any) -> ParcelRef:
    return ParcelRef(tracking_number=NUMBER, order_id=str(parcel.order), **more)


def said(parcel: TrackedParcel) -> list[tuple[TrackingStatus, bool]]:
    return [(event.status, event.is_scan) for event in parcel.events]


async def test_the_timeline_is_told_oldest_first_with_the_carriers_own_words(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "OUT_FOR_DELIVERY", happened_at=NOW)
    shop.carrier_says(NUMBER, "LABEL_PRINTED", happened_at=NOW - 3 * HOUR)
    shop.carrier_says(
        NUMBER, "CARRIER_PICKED_UP", happened_at=NOW - HOUR, message="Departed", place=("Reno", "NV", "US")
    )
    parcel.expected_at = NOW + 6 * HOUR

    found = await shopify.get_tracking(named(parcel), call())

    assert said(found) == [("pre_transit", False), ("in_transit", True), ("out_for_delivery", True)]
    moved = found.events[1]
    assert (moved.text, moved.place, moved.code) == ("Departed", "Reno, NV, US", "CARRIER_PICKED_UP")
    assert [event.happened_at for event in found.events] == [NOW - 3 * HOUR, NOW - HOUR, NOW]
    assert (found.status, found.expected_at, found.is_whole) == ("out_for_delivery", NOW + 6 * HOUR, True)


async def test_of_a_parcel_nobody_has_told_of_nothing_is_known(
    shopify: Shopify, call: MakeCall, parcel: ParcelRecord
) -> None:
    wanted = TrackParcel(tracking_number=NUMBER, order_id=str(parcel.order), carrier="ups")

    begun, found = (
        await shopify.track_parcel(wanted, call()),
        await shopify.get_tracking(named(parcel), call()),
    )

    assert (begun.status, begun.events, begun.carrier) == ("unknown", [], "ups")
    assert (found.status, found.events) == ("unknown", [])


async def test_a_parcel_that_the_shop_will_only_hear_of_can_be_followed_already(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    order_id = str(shop.add_order().id)

    begun = await shopify.track_parcel(TrackParcel(tracking_number=NUMBER, order_id=order_id), call())
    with pytest.raises(Refused) as asked:
        await shopify.get_tracking(ParcelRef(tracking_number=NUMBER, order_id=order_id), call())

    assert (begun.status, begun.events) == ("unknown", [])
    assert asked.value.code == "not-found"


@pytest.mark.parametrize("order_id", ["", "1", "amazon-11"], ids=["none", "unknown", "another channel's"])
async def test_without_its_order_no_parcel_is_followed(
    shopify: Shopify, call: MakeCall, order_id: str
) -> None:
    with pytest.raises(Refused) as following:
        await shopify.track_parcel(TrackParcel(tracking_number=NUMBER, order_id=order_id), call())
    with pytest.raises(Refused) as asking:
        await shopify.get_tracking(ParcelRef(tracking_number=NUMBER, order_id=order_id), call())

    assert (following.value.code, asking.value.code) == ("rejected", "not-found")


async def test_a_number_is_found_however_it_is_written(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    parcel.tracking[0]["number"] = "1z 999 AA1 0000000018"
    parcel.events = []
    shop.carrier_says("1z 999 AA1 0000000018", "IN_TRANSIT")

    found = await shopify.get_tracking(named(parcel), call())
    [told] = news(shopify, shop, "1z 999 AA1 0000000018")

    assert (found.status, found.tracking_number, told.tracking_number) == ("in_transit", NUMBER, NUMBER)


async def test_a_cancelled_parcel_is_nowhere(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "IN_TRANSIT")
    parcel.status = "CANCELLED"

    with pytest.raises(Refused) as raised:
        await shopify.get_tracking(named(parcel), call())

    assert raised.value.code == "not-found"
    assert news(shopify, shop) == []


async def test_of_several_numbers_under_one_timeline_nobody_says_which_one_moved(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    parcel.tracking.append({"number": "1Z999AA10000000027", "company": "UPS", "url": None})
    shop.carrier_says(NUMBER, "DELIVERED")

    found = await shopify.get_tracking(named(parcel), call())

    assert (found.status, found.events, found.carrier) == ("unknown", [], "ups")
    assert news(shopify, shop) == []


async def test_one_number_on_the_parts_of_two_locations_is_one_parcel(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    lines = [{"sku": "SERUM", "location": "Reno"}, {"sku": "CUFF", "location": "Newark"}]
    last = shop.send_parcel(shop.add_order(lines=lines).id, NUMBER)
    first = next(p for p in shop.state.parcels_of(last.order) if p is not last)
    shop.carrier_says(NUMBER, "OUT_FOR_DELIVERY")
    first.events.append(ParcelEvent("gid://shopify/FulfillmentEvent/1", "IN_TRANSIT", NOW - HOUR))

    found = await shopify.get_tracking(named(last), call())

    assert (found.status, said(found)) == (
        "out_for_delivery",
        [("in_transit", True), ("out_for_delivery", True)],
    )


async def test_what_is_displayed_and_on_no_timeline_is_no_scan(
    shopify: Shopify, call: MakeCall, parcel: ParcelRecord
) -> None:
    parcel.displayed, parcel.updated_at = "OUT_FOR_DELIVERY", NOW - HOUR

    found = await shopify.get_tracking(named(parcel), call())

    assert said(found) == [("out_for_delivery", False)]
    assert found.events[0].happened_at == NOW - HOUR


async def test_what_was_said_of_the_old_number_is_left_out_for_the_new_one(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "IN_TRANSIT", happened_at=NOW - 2 * HOUR)

    before = await shopify.get_tracking(named(parcel, since=NOW - HOUR), call())
    shop.carrier_says(NUMBER, "OUT_FOR_DELIVERY", happened_at=NOW)
    after = await shopify.get_tracking(named(parcel, since=NOW - HOUR), call())

    assert (before.status, before.events) == ("unknown", [])
    assert said(after) == [("out_for_delivery", True)]


@pytest.mark.parametrize("word", sorted(STANDINGS))
async def test_each_word_the_shop_has_means_the_same_asked_for_and_told(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord, word: str
) -> None:
    parcel.displayed = word

    found = await shopify.get_tracking(named(parcel), call())
    told = news(shopify, shop)

    assert found.status == told[0].parcel.status == STANDINGS[word].status


async def test_a_failure_of_shopifys_calls_no_parcel_lost(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "FAILURE")

    found = await shopify.get_tracking(named(parcel), call())

    assert (found.status, found.reason) == ("exception", "other")


async def test_a_word_nobody_has_mapped_is_never_guessed(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "RETURNING_TO_SENDER")

    with pytest.raises(Unreadable, match="RETURNING_TO_SENDER"):
        await shopify.get_tracking(named(parcel), call())
    with pytest.raises(Unreadable, match="RETURNING_TO_SENDER"):
        news(shopify, shop)


def news(shopify: Shopify, shop: ShopifySandbox, number: str = NUMBER) -> list[TrackingUpdated]:
    """What the connector makes of the parcel's webhook."""
    told: list[TrackingUpdated] = shopify.tracking_updated(shop.parcel_webhook(number))
    return told


async def test_a_webhook_says_that_something_happened_and_not_when(
    shopify: Shopify, shop: ShopifySandbox, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "IN_TRANSIT", happened_at=NOW - HOUR)

    [told] = news(shopify, shop)

    assert (told.tracking_number, told.parcel.status, told.parcel.is_whole) == (NUMBER, "in_transit", False)
    assert (told.parcel.events, told.changed_at, told.happened_at()) == ([], NOW, NOW)


async def test_a_number_that_is_only_entered_is_no_news_of_the_parcel(
    shopify: Shopify, shop: ShopifySandbox, parcel: ParcelRecord
) -> None:
    body = orjson.loads(shop.parcel_webhook(NUMBER).body)

    assert (body["shipment_status"], body["tracking_number"], news(shopify, shop)) == (None, NUMBER, [])


async def test_the_same_status_told_again_later_is_news_again_and_a_repeat_is_not(
    shopify: Shopify, shop: ShopifySandbox, parcel: ParcelRecord
) -> None:
    keys = []
    for hours, word in enumerate(("IN_TRANSIT", "DELAYED", "IN_TRANSIT")):
        shop.now = lambda hours=hours: NOW + hours * HOUR  # type: ignore[misc]  # the clock goes on
        shop.carrier_says(NUMBER, word)
        keys += [told.key() for told in news(shopify, shop) + news(shopify, shop)]

    assert len(keys) == 6
    assert len(set(keys)) == 3


async def test_a_step_of_another_app_comes_back_with_its_place(
    shopify: Shopify, ask: Ask, call: MakeCall, parcel: ParcelRecord
) -> None:
    event = {"fulfillmentId": parcel.id, "status": "READY_FOR_PICKUP", "city": "Reno", "country": "US"}
    await ask(EVENT_ADD, {"event": event})

    found = await shopify.get_tracking(named(parcel), call())

    assert [(e.status, e.place) for e in found.events] == [("available_for_pickup", "Reno, US")]
