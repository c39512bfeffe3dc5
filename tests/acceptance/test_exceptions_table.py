"""The four rows of the exceptions table, each on one order: what shows it, what is done, who is asked, by when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify.sandbox_state import CustomerSeed
from hub.project.exceptions import Entry, table
from hub.project.flows import read_flows
from tests.acceptance.brand import Brand
from tests.acceptance.project import Terms
from tests.acceptance.shelves import NINE, alerts, come_to, outcomes, promise, refunds, sell_out, told
from tests.acceptance.test_parcels import FIRST
from tests.acceptance.test_stalled import left, pass_until_after
from tests.acceptance.test_waiting import BEACON

DAY = timedelta(days=1)
RATED = "fraud_score_threshold: 0.75, risk_scores: {high: 0.82, medium: 0.75}"


def written(brand: Brand, kind: str) -> Entry:
    """What the merchant's flows say of this kind of exception."""
    paths = sorted((brand.folder / "flows").glob("*.yaml"))
    graphs = [file.graph for file in read_flows(paths, brand.floor.hub.catalog) if file.graph is not None]
    (entry,) = (entry for entry in table(graphs) if entry.name == kind)
    return entry


async def clock(brand: Brand, name: str) -> Any:
    """The only promise of this name."""
    (row,) = await brand.floor.rows("select * from clocks where clock = $1", name)
    return row


@pytest.mark.row("S1-115")
async def test_sold_out_is_held_and_alerted_asked_about_without_a_substitute_and_over_within_a_day(
    brand: Brand,
) -> None:
    assert "SKU" in written(brand, "out-of-stock").playbook.detection
    sell_out(brand, "AX1", "BX9")
    order = await brand.buy()
    questions = [e["connection_id"] for e in await brand.floor.effects("get_stock")]
    assert {"a", "b"} <= set(questions), "the trigger: suppliers' stock, by SKU"

    assert brand.floor.now - NINE <= timedelta(minutes=1)
    assert (brand.holds(order), brand.bought(), len(alerts(brand))) == (["faros-stock"], [], 1)

    await come_to(brand, NINE + timedelta(minutes=5))
    case = await brand.case()
    assert (case["kind"], case["due_at"]) == ("out-of-stock", NINE + DAY)
    assert "NECK-01" in await brand.says(case)
    assert told(brand) == ["Out Of Stock Choice"], "no substitute: the customer chooses"

    assert (await promise(brand))["due_at"] == NINE + DAY
    await come_to(brand, NINE + DAY)
    assert (order.cancelled_at is not None, refunds(brand, order)) == (True, [Decimal("60.00")])
    assert ((await promise(brand))["state"], await outcomes(brand)) == ("kept", {"cancelled"})
    assert await brand.floor.open_cases() == []


TELEPHONE = CustomerSeed(phone="+16175550100", accepts_sms=True)


@pytest.mark.row("S1-116")
@pytest.mark.parametrize(
    ("terms", "ends"),
    [
        (Terms(), ["address-unsettled", "due-soon", "late"]),
        (Terms(policies="{address_default: refund}"), []),
    ],
    ids=["a person is asked", "the money goes back"],
)
async def test_a_bad_address_is_asked_about_reviewed_after_a_day_and_settled_within_two(
    brand: Brand, ends: list[str]
) -> None:
    assert "48 hours" in written(brand, "address").playbook.sla
    order = await brand.buy(shipping_address=BEACON, customer=TELEPHONE)
    case = await brand.case()
    assert (case["kind"], case["opened_at"], brand.verifier.requests) == ("address", NINE, 1)

    await come_to(brand, NINE + timedelta(hours=5))
    assert (brand.holds(order), brand.bought()) == (["faros-address"], [])
    assert told(brand) == ["Address Needed", "Address Needed SMS"]

    await come_to(brand, NINE + DAY - timedelta(minutes=1))
    assert (await brand.cases(), tickets(brand)) == ({"address": 1}, [])
    await come_to(brand, NINE + DAY)
    assert (await brand.case())["kind"] == "address-review"
    assert tickets(brand) == ["Order 1001: the customer has not corrected the address"]

    assert (await clock(brand, "address-settled"))["due_at"] == NINE + 2 * DAY
    await come_to(brand, NINE + 2 * DAY + timedelta(minutes=1))
    assert sorted(await brand.cases()) == ends
    assert [alert["title"] for alert in brand.alerts.alerts].count("late: 1001") == (1 if ends else 0)
    assert refunds(brand, order) == ([] if ends else [Decimal("60.00")])
    assert (await clock(brand, "address-settled"))["state"] == ("late" if ends else "kept")
    assert brand.bought() == []


async def test_a_person_who_gives_a_bad_address_up_gives_the_money_back_once(brand: Brand) -> None:
    order = await brand.buy(shipping_address=BEACON)
    await brand.floor.let_pass(seconds=30)
    await brand.floor.resolve(await brand.case(), "refund")
    await brand.floor.let_pass(minutes=5)
    assert refunds(brand, order) == [Decimal("60.00")]
    assert (await clock(brand, "address-settled"))["state"] == "kept"
    assert told(brand) == ["Address Needed", "Cancelled"]
    await brand.floor.let_pass(days=3)
    assert (brand.bought(), len(refunds(brand, order)), await brand.cases()) == ([], 1, {})


@pytest.mark.row("S1-117")
@pytest.mark.parametrize("terms", [Terms(policies="{lost: ask}")])
async def test_a_silent_parcel_is_told_of_decided_once_its_carrier_calls_it_lost_and_over_in_five_days(
    brand: Brand,
) -> None:
    assert "5 days" in written(brand, "stalled").playbook.sla
    order = await left(brand)
    asked = len(await brand.floor.effects("get_tracking"))
    await pass_until_after(brand, hours=72, minutes=1)
    assert len(await brand.floor.effects("get_tracking")) > asked, (
        "the trigger: nothing new by asking the tracker"
    )
    assert await brand.cases() == {"stalled": 1}

    assert brand.heard("Tracking Added") == {"Delayed": 1}

    await pass_until_after(brand, days=4)
    brand.tracker.add_checkpoint(FIRST, "Exception", subtag="Exception_013")
    await brand.pass_by(hours=6, minutes=1)
    (lost,) = [c for c in await brand.floor.open_cases() if c["kind"] == "lost"]
    assert lost["subject"] == order.name.lstrip("#")

    anchor = (await brand.floor.rows("select confirmed_at from shipments"))[0]["confirmed_at"]
    solved = await clock(brand, "solved")
    assert timedelta(0) <= solved["due_at"] - (anchor + 5 * DAY) <= timedelta(hours=1)
    await brand.floor.resolve(lost, "replace")
    await brand.pass_by(minutes=2)
    assert brand.bought() == [("a", "1001"), ("a", "1001")]
    assert (brand.floor.now < anchor + 5 * DAY, (await clock(brand, "solved"))["state"]) == (True, "kept")


@pytest.mark.row("S1-118")
@pytest.mark.parametrize("terms", [Terms(policies=f"{{{RATED}}}")])
async def test_a_score_of_82_is_held_at_ten_to_be_reviewed_by_twelve_and_alerted_a_minute_later(
    brand: Brand,
) -> None:
    assert "2 hours" in written(brand, "fraud-review").playbook.sla
    await come_to(brand, datetime(2026, 11, 23, 9, 59, 59, tzinfo=UTC))
    assert brand.floor.now == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    order = await brand.buy(recommendation="ACCEPT", assessments=[{"level": "HIGH"}])
    case = await brand.case()
    assert "the score 0.82 is above 0.75" in await brand.says(case)

    assert (brand.holds(order), case["kind"], brand.bought()) == (["faros-review"], "fraud-review", [])
    assert titles(brand) == ["fraud-review: 1001"]

    assert case["due_at"] == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    await brand.floor.let_pass(hours=1, minutes=59)
    assert titles(brand) == ["fraud-review: 1001"]
    await brand.floor.let_pass(minutes=2)
    assert brand.floor.now == datetime(2026, 11, 23, 12, 1, tzinfo=UTC)
    assert titles(brand) == ["fraud-review: 1001", "late: 1001"]
    assert [brand.calls(supplier) for supplier in brand.suppliers] == [0, 0, 0]


@pytest.mark.parametrize("terms", [Terms(policies=f"{{{RATED}}}")])
async def test_a_score_at_the_threshold_is_bought_without_a_review(brand: Brand) -> None:
    await brand.buy(recommendation="ACCEPT", assessments=[{"level": "MEDIUM"}])
    assert (brand.bought(), await brand.floor.open_cases()) == ([("a", "1001")], [])


def titles(brand: Brand) -> list[str]:
    """What people were alerted of."""
    return [alert["title"] for alert in brand.alerts.alerts]


def tickets(brand: Brand) -> list[str]:
    """What the hub has asked of the support desk."""
    return [ticket["subject"] for ticket in brand.desk.tickets.values() if ticket["external_id"]]
