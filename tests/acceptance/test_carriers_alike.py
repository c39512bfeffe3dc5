"""Five carriers with their own words and codes: one set of statuses, and every word kept as it was said."""

from typing import Any, get_args

import pytest

from hub.sdk.parcels import TrackingStatus
from hub.store.encoding import from_bytes
from tests.acceptance.brand import Brand

STEPS = ("InfoReceived", "InTransit", "OutForDelivery", "Delivered")
ALIKE = ["pre_transit", "in_transit", "out_for_delivery", "delivered"]
CARRIERS = {
    "usps": (
        "9400111201080805483016",
        "Shipping Label Created, USPS Awaiting Item",
        "Arrived at USPS Regional Facility",
        "Out for Delivery, Expected Delivery by 9:00pm",
        "Delivered, Front Door/Porch",
    ),
    "ups": (
        "1Z5R89390357567127",
        "Shipper created a label, UPS has not received the package yet.",
        "Departed from Facility",
        "Out For Delivery Today",
        "DELIVERED",
    ),
    "fedex": (
        "568283610012000",
        "Shipment information sent to FedEx",
        "Left FedEx origin facility",
        "On FedEx vehicle for delivery",
        "Delivered - Package released to: recipient",
    ),
    "dhl-express": (
        "3318810025",
        "Shipment information received",
        "Processed at LEIPZIG - GERMANY",
        "With delivery courier",
        "Delivered - Signed for by: SAMPLE",
    ),
    "yunexpress": (
        "YT2229521272164446",
        "Shipment information received (电子信息已收到)",
        "Departed Shenzhen facility",
        "Out for delivery",
        "Delivered, 妥投",
    ),
}


async def kept(brand: Brand, number: str) -> list[dict[str, Any]]:
    """All that the hub keeps of what the tracker told of a number, newest first."""
    rows = await brand.floor.rows(
        "select body, person_id from events where name = 'tracking_updated' and subject = $1 order by made_at desc",
        number,
    )
    async with brand.floor.hub.database.connection() as connection:
        boxes = await brand.floor.hub.vault.boxes(connection, {row["person_id"] for row in rows})
    return [from_bytes(boxes[row["person_id"]].open(row["body"])) for row in rows]


@pytest.mark.row("S1-074")
async def test_whatever_a_carrier_calls_it_the_hub_says_one_of_its_own_words_and_keeps_theirs(
    brand: Brand,
) -> None:
    lives: dict[str, list[str]] = {}
    for place, (carrier, (number, *_)) in enumerate(CARRIERS.items()):
        await brand.buy(email=f"{carrier}@example.com")
        parcel = {"tracking_number": number, "carrier": carrier}
        await brand.supplier_says("a", "shipped", parcel, place=place)
        await brand.pass_by(minutes=2)
    for step, tag in enumerate(STEPS, 1):
        await brand.pass_by(hours=5)
        for carrier, words in CARRIERS.items():
            await brand.scanned(words[0], tag, message=words[step])
            (row,) = await brand.floor.rows(
                "select status, carrier from shipments where tracking_number = $1", words[0]
            )
            lives.setdefault(carrier, []).append(row["status"])
    assert lives == dict.fromkeys(CARRIERS, ALIKE)
    assert set(ALIKE) < set(get_args(TrackingStatus))
    for carrier, (number, *said) in CARRIERS.items():
        events = (await kept(brand, number))[0]["parcel"]["events"]
        assert [event["text"] for event in events] == said, carrier
        assert [event["code"].partition("_")[0] for event in events] == list(STEPS)
    assert "Shenzhen" not in str(brand.messages.events)
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S1-074")
async def test_a_carriers_word_that_nobody_has_mapped_stays_unknown_and_is_kept_too(brand: Brand) -> None:
    number = CARRIERS["ups"][0]
    await brand.buy()
    await brand.ships(number)
    await brand.scanned(number, "InTransit", message="Departed from Facility")
    await brand.scanned(number, "Beamed", message="Package beamed up")
    assert await brand.cases() == {"delivery-unreadable": 1}
    (row,) = await brand.floor.rows("select status from shipments")
    assert row["status"] == "in_transit", "never guessed"
    (unread,) = await brand.floor.rows(
        "select count(*) as n from deliveries where state <> 'read' and body is not null"
    )
    assert unread["n"] >= 1
