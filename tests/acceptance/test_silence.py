"""What a parcel's silence starts: the playbook, within a minute, and before its customer has to ask."""

from datetime import timedelta

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.test_parcel_news import asks_for
from tests.acceptance.test_parcels import FIRST
from tests.acceptance.test_stalled import CALM, left, pass_until_after


@pytest.mark.row("S1-041", "S1-043", "S1-044")
async def test_a_label_nobody_scanned_starts_the_playbook_before_the_customer_asks(brand: Brand) -> None:
    order = await left(brand)
    await brand.scanned(FIRST, "InfoReceived")
    (parcel,) = await brand.floor.rows("select status, confirmed_at from shipments")
    assert parcel["status"] == "pre_transit"
    due = parcel["confirmed_at"] + timedelta(hours=72)

    await pass_until_after(brand, hours=72, minutes=1)

    (run,) = await brand.floor.rows("select subject, started_at from runs where flow = 'stalled'")
    number = order.name.lstrip("#")
    assert run["subject"] == number
    assert due <= run["started_at"] <= due + timedelta(seconds=60)
    (case,) = await brand.floor.open_cases()
    assert (case["kind"], case["subject"]) == ("stalled", number)
    assert brand.heard(*CALM) == {"Delayed": 1}
    await brand.pass_by(hours=1)
    asked_at = brand.floor.now
    await asks_for(brand, order, f"Refund for order {order.name}, please")
    assert run["started_at"] < case["opened_at"] + timedelta(seconds=1) < asked_at
    assert brand.heard(*CALM) == {"Delayed": 1}, "who asks is not told the same again"
