"""What a customer hears of a parcel, and asks about it: each step once, by mail and by text, and how it was."""

from collections import Counter
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, SECOND, THIRD

STEPS = {"InTransit": "IN_TRANSIT", "OutForDelivery": "OUT_FOR_DELIVERY", "Delivered": "DELIVERED"}
"""What the tracker calls a step, and what the shop does."""


@pytest.mark.row("S1-128", "S1-129", "S1-130", "S1-179")
async def test_each_step_is_told_once_however_often_it_is_scanned(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    for tag in (
        "InfoReceived",
        *["InTransit"] * 5,
        "OutForDelivery",
        "OutForDelivery",
        "Delivered",
        "Delivered",
    ):
        await brand.pass_by(hours=1)
        await brand.scanned(FIRST, tag)
    assert brand.heard() == dict.fromkeys(
        ("Tracking Added", "In Transit", "Out For Delivery", "Delivered"), 1
    )
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert [event.status for event in parcel.events] == ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S1-079", "S2-071")
async def test_a_scan_that_is_pushed_is_on_the_shop_and_told_within_a_minute(brand: Brand) -> None:
    parcels = {}
    for number in (FIRST, SECOND, THIRD):
        parcels[number] = await brand.buy()
        await brand.ships(number)
    told = brand.heard().total()
    for tag, status in STEPS.items():
        for number, order in parcels.items():
            await brand.pass_by(hours=1)
            await brand.scanned(number, tag)
            await brand.pass_by(seconds=60)
            told += 1
            (parcel,) = brand.shop.state.parcels_of(order.id)
            assert (parcel.events[-1].status, brand.heard().total()) == (status, told)


async def test_a_parcel_that_waits_at_a_pickup_point_is_told_of_once_and_never_after_it_was_fetched(
    brand: Brand,
) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    for tag in ("InTransit", "AvailableForPickup", "AvailableForPickup", "Delivered", "AvailableForPickup"):
        await brand.pass_by(hours=1)
        await brand.scanned(FIRST, tag)
    await brand.pass_by(hours=1)
    assert brand.heard() == dict.fromkeys(
        ("Tracking Added", "In Transit", "Available For Pickup", "Delivered"), 1
    )
    (told,) = (e["properties"] for e in brand.messages.events if "ready for pickup" in str(e))
    assert "please collect it soon" in told["text"].lower()
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S1-129")
async def test_nobody_hears_that_a_parcel_is_near_once_it_has_arrived(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Delivered")
    an_hour_ago = brand.floor.now.replace(hour=brand.floor.now.hour - 1).isoformat()
    await brand.scanned(FIRST, "OutForDelivery", checkpoint_time=an_hour_ago)
    await brand.pass_by(hours=12)
    assert brand.heard() == {"Tracking Added": 1, "Delivered": 1}


@pytest.mark.row("S1-076", "S1-178")
async def test_who_agreed_to_texts_gets_each_of_five_steps_by_mail_and_by_text(brand: Brand) -> None:
    await brand.buy(customer={"email": "ada@example.com", "phone": "+15005550006", "accepts_sms": True})
    await brand.pass_by(hours=6)
    await brand.ships(FIRST)
    for tag in ("InTransit", "Exception", "OutForDelivery", "Delivered"):
        await brand.pass_by(hours=1)
        await brand.scanned(FIRST, tag)
    await brand.pass_by(minutes=1)
    steps = ("Tracking Added", "In Transit", "Delivery Problem", "Out For Delivery", "Delivered")
    wanted = Counter({step: 1 for step in steps} | {f"{step} SMS": 1 for step in steps})
    assert brand.heard("Order Confirmed SMS") == wanted


@pytest.mark.parametrize(
    "customer",
    [
        {"email": "ada@example.com", "phone": "+15005550006", "accepts_sms": False},
        {"email": "ada@example.com", "phone": None, "accepts_sms": True},
    ],
    ids=["no yes", "no number"],
)
async def test_without_a_yes_or_a_number_there_is_no_text(brand: Brand, customer: dict[str, Any]) -> None:
    await brand.buy(customer=customer)
    await brand.pass_by(hours=6)
    await brand.ships(FIRST)
    await brand.pass_by(hours=12)
    assert brand.heard() == {"Tracking Added": 1}


async def test_at_night_a_mail_goes_and_a_text_waits_for_eight_in_the_morning(brand: Brand) -> None:
    await brand.buy(customer={"email": "ada@example.com", "phone": "+15005550006", "accepts_sms": True})
    await brand.ships(FIRST)  # nine o'clock UTC: four in the morning in New York
    assert brand.heard() == {"Tracking Added": 1}
    await brand.pass_by(hours=3, minutes=57)
    assert "Tracking Added SMS" not in brand.heard()
    await brand.pass_by(minutes=2)
    assert brand.heard("Order Confirmed SMS") == {"Tracking Added": 1, "Tracking Added SMS": 1}


@pytest.mark.row("S1-131")
@pytest.mark.parametrize(
    ("terms", "variant"),
    [
        (Terms(), "Follow Up Review"),
        (Terms(policies="{safety_threshold: 5, follow_up: discount}"), "Follow Up Discount"),
    ],
)
async def test_three_days_after_delivery_the_customer_is_asked_how_it_was(brand: Brand, variant: str) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Delivered")
    await brand.pass_by(days=2, hours=23)
    assert brand.heard() == {"Tracking Added": 1, "Delivered": 1}
    await brand.pass_by(hours=2)
    assert brand.heard() == {"Tracking Added": 1, "Delivered": 1, variant: 1}


@pytest.mark.row("S1-131")
async def test_nobody_is_asked_how_it_was_while_a_case_is_open_or_a_parcel_is_to_come(brand: Brand) -> None:
    disputed = await brand.buy(email="a@example.com")
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Delivered")
    await asks_for(brand, disputed)
    split = await brand.buy(
        email="b@example.com",
        lines=[{"sku": sku, "quantity": 1, "price": "60.00"} for sku in ("NECK-01", "CUFF-03")],
    )
    assert {s for s, number in brand.bought() if number == split.name.lstrip("#")} == {"a", "c"}
    await brand.ships(SECOND)
    await brand.scanned(SECOND, "Delivered")
    await brand.pass_by(days=3, hours=1)
    assert brand.heard() == {"Tracking Added": 2, "Delivered": 2}


async def test_who_asks_for_a_delivered_parcel_is_a_case_and_every_question_is_counted(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    await asks_for(brand, order)
    assert await brand.floor.open_cases() == []
    await brand.scanned(FIRST, "Delivered")
    await asks_for(brand, order)
    case = await brand.case()
    assert (case["kind"], case["subject"]) == ("delivered-disputed", "1001")
    assert FIRST in await brand.says(case)
    notes = [m["body_text"] for ms in brand.desk.messages.values() for m in ms if not m["public"]]
    assert ["asked for 1 time" in notes[0], "asked for 2 time" in notes[1]] == [True, True]
    await asks_for(brand, order, "A question about my invoice #1001")
    assert len(await brand.floor.open_cases()) == 1


async def asks_for(brand: Brand, order: OrderSeed, subject: str = "") -> None:
    """A customer writes to the desk, and its webhook arrives."""
    subject = subject or f"Where is my order #{order.name.lstrip('#')}?"
    told = brand.desk.customer_writes(order.email or "", subject)
    await brand.floor.deliver("desk-1", told)
    await brand.floor.settle()
    await brand.pass_by(minutes=1)
