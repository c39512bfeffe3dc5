"""A parcel's number can change, and its way is told step by step, each once."""

from datetime import timedelta

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.operations_parcels import EVENT_ADD
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_records import ParcelRecord
from hub.sdk import Refused, Unanswered
from hub.sdk.parcels import ChangeTracking, RecordTracking, TrackingReason, TrackingStatus
from tests.connectors.shopify.conftest import NOW, Ask, MakeCall


@pytest.fixture
def parcel(shop: ShopifySandbox) -> ParcelRecord:
    """A parcel that has left."""
    return shop.send_parcel(shop.add_order().id, "YT1")


def number(parcel: ParcelRecord) -> str:
    return parcel.id.rsplit("/", 1)[-1]


def step(parcel: ParcelRecord, status: TrackingStatus, reason: TrackingReason = "") -> RecordTracking:
    return RecordTracking(fulfilment_id=number(parcel), status=status, reason=reason, happened_at=NOW)


async def test_a_new_number_takes_the_place_of_the_old_one(
    shopify: Shopify, call: MakeCall, parcel: ParcelRecord
) -> None:
    wanted = ChangeTracking(fulfilment_id=number(parcel), tracking_number="YT2", carrier="usps")

    done = await shopify.change_tracking(wanted, call())

    assert parcel.tracking == [{"number": "YT2", "company": "USPS", "url": None}]
    assert (done.id, done.tracking_numbers) == (number(parcel), ["YT2"])


async def test_a_number_that_is_there_is_not_mailed_again(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    wanted = ChangeTracking(fulfilment_id=number(parcel), tracking_number="YT2", notify_customer=True)

    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.change_tracking(wanted, call())
    await shopify.change_tracking(wanted, call())

    assert (parcel.mails, shop.changes) == (1, 1)


@pytest.mark.parametrize("named", ["1", "parcel-1", "12x"])
async def test_a_parcel_that_is_not_there_has_no_tracking(
    shopify: Shopify, call: MakeCall, named: str
) -> None:
    with pytest.raises(Refused) as changing:
        await shopify.change_tracking(ChangeTracking(fulfilment_id=named, tracking_number="YT2"), call())
    with pytest.raises(Refused) as telling:
        wanted = RecordTracking(fulfilment_id=named, status="delivered", happened_at=NOW)
        await shopify.record_tracking(wanted, call())

    assert (changing.value.code, telling.value.code) == ("not-found", "not-found")


async def test_a_cancelled_parcel_is_over(shopify: Shopify, call: MakeCall, parcel: ParcelRecord) -> None:
    parcel.status = "CANCELLED"

    with pytest.raises(Refused) as changing:
        wanted = ChangeTracking(fulfilment_id=number(parcel), tracking_number="YT2")
        await shopify.change_tracking(wanted, call())
    with pytest.raises(Refused) as telling:
        await shopify.record_tracking(step(parcel, "delivered"), call())

    assert (changing.value.code, telling.value.code) == ("rejected", "rejected")


async def test_no_number_is_no_tracking(shopify: Shopify, call: MakeCall, parcel: ParcelRecord) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.change_tracking(
            ChangeTracking(fulfilment_id=number(parcel), tracking_number=""), call()
        )

    assert raised.value.code == "rejected"


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("pre_transit", "", "LABEL_PRINTED"),
        ("in_transit", "", "IN_TRANSIT"),
        ("out_for_delivery", "", "OUT_FOR_DELIVERY"),
        ("available_for_pickup", "", "READY_FOR_PICKUP"),
        ("delivered", "", "DELIVERED"),
        ("exception", "attempt_failed", "ATTEMPTED_DELIVERY"),
        ("exception", "weather", "DELAYED"),
        ("returned", "", "FAILURE"),
        ("failure", "lost", "FAILURE"),
    ],
)
async def test_each_step_has_its_word_on_the_timeline(
    shopify: Shopify,
    call: MakeCall,
    parcel: ParcelRecord,
    status: TrackingStatus,
    reason: TrackingReason,
    told: str,
) -> None:
    done = await shopify.record_tracking(step(parcel, status, reason), call())

    [event] = parcel.events
    assert (event.status, event.happened_at, done.reference) == (told, NOW, event.id.rsplit("/", 1)[-1])


@pytest.mark.parametrize("status", ["unknown", "expired"])
async def test_what_is_not_known_of_a_parcel_is_not_told(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord, status: TrackingStatus
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.record_tracking(step(parcel, status), call())

    assert (raised.value.code, shop.requests) == ("nothing-to-say", 0)


async def test_a_step_whose_answer_was_lost_is_not_told_twice(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    wanted = step(parcel, "in_transit").model_copy(update={"happened_at": NOW + timedelta(microseconds=7)})

    shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.record_tracking(wanted, call())
    await shopify.record_tracking(wanted, call())

    assert [e.status for e in parcel.events] == ["IN_TRANSIT"]


async def test_a_status_that_lasts_is_one_step_and_one_that_returns_is_another(
    shopify: Shopify, call: MakeCall, parcel: ParcelRecord
) -> None:
    steps: list[TrackingStatus] = ["in_transit", "in_transit", "exception", "in_transit"]
    for hours, status in enumerate(steps):
        moment = NOW + timedelta(hours=hours)
        await shopify.record_tracking(step(parcel, status).model_copy(update={"happened_at": moment}), call())

    assert [e.status for e in parcel.events] == ["IN_TRANSIT", "DELAYED", "IN_TRANSIT"]


async def test_a_long_way_is_read_to_its_end(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, parcel: ParcelRecord
) -> None:
    for hour in range(120):
        word = ("IN_TRANSIT", "DELAYED")[hour % 2]
        shop.carrier_says("YT1", word, happened_at=NOW - timedelta(hours=hour))

    await shopify.record_tracking(
        step(parcel, "in_transit").model_copy(update={"happened_at": NOW - timedelta(hours=118)}), call()
    )
    assert shop.changes == 0, "it is on the second page"
    await shopify.record_tracking(step(parcel, "out_for_delivery"), call())

    assert (shop.changes, len(parcel.events)) == (1, 121)


async def test_the_shop_takes_only_words_that_it_has(
    shop: ShopifySandbox, ask: Ask, parcel: ParcelRecord
) -> None:
    body = await ask(EVENT_ADD, {"event": {"fulfillmentId": parcel.id, "status": "ON_THE_MOON"}})

    assert body["errors"] and "data" not in body
    assert shop.changes == 0
