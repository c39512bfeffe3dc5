"""What the shop has heard of a parcel by itself is not put on its timeline a second time by us."""

from datetime import timedelta

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_records import ParcelRecord
from hub.sdk.parcels import RecordTracking, TrackingReason, TrackingStatus
from tests.connectors.shopify.conftest import NOW, MakeCall

NUMBER = "1Z999AA10000000018"
HOUR = timedelta(hours=1)


@pytest.fixture
def parcel(shop: ShopifySandbox) -> ParcelRecord:
    """A parcel that has left."""
    return shop.send_parcel(shop.add_order().id, NUMBER)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("CARRIER_PICKED_UP", ("in_transit", "")),
        ("IN_TRANSIT", ("in_transit", "")),
        ("LABEL_PURCHASED", ("pre_transit", "")),
        ("FAILURE", ("exception", "other")),
        ("FAILURE", ("returned", "")),
        ("DELAYED", ("exception", "weather")),
        ("DELIVERED", ("delivered", "")),
    ],
)
async def test_a_step_the_shop_shows_by_its_carriers_word_is_not_written_by_us_too(
    shopify: Shopify,
    shop: ShopifySandbox,
    call: MakeCall,
    parcel: ParcelRecord,
    shown: str,
    told: tuple[TrackingStatus, TrackingReason],
) -> None:
    shop.carrier_says(NUMBER, shown, happened_at=NOW - HOUR)
    id = parcel.id.rsplit("/", 1)[-1]
    step = RecordTracking(fulfilment_id=id, status=told[0], reason=told[1], happened_at=NOW)

    done = await shopify.record_tracking(step, call())

    assert [event.status for event in parcel.events] == [shown]
    assert (done.reference, shop.changes) == (parcel.events[0].id.rsplit("/", 1)[-1], 0)


async def test_what_the_shop_displays_is_not_written_as_a_step_again(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    parcel.displayed = "DELIVERED"
    id = parcel.id.rsplit("/", 1)[-1]

    await shopify.record_tracking(
        RecordTracking(fulfilment_id=id, status="delivered", happened_at=NOW), call()
    )

    assert (parcel.events, shop.changes) == ([], 0)


async def test_a_step_the_shop_has_not_heard_of_is_put_between_those_it_has(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    shop.carrier_says(NUMBER, "IN_TRANSIT", happened_at=NOW - 3 * HOUR)
    shop.carrier_says(NUMBER, "DELIVERED", happened_at=NOW)
    id = parcel.id.rsplit("/", 1)[-1]
    step = RecordTracking(fulfilment_id=id, status="out_for_delivery", happened_at=NOW - HOUR)

    await shopify.record_tracking(step, call())

    assert [event.status for event in parcel.steps()] == ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
