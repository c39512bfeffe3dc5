"""A parcel that falls silent is a worry with an owner and an end: found, sent again, or paid back; each thing once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from hub.engine.deciding import ChecklistOpen, Decided, decide
from hub.store.cases import tick_item
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, SECOND, lines, voided

ASK = Terms(policies="{safety_threshold: 5, lost: ask}")
LABEL = Terms(policies="{safety_threshold: 5, stall_anchor: label_created}")
CALM = "Order Confirmed", "Tracking Added"


async def left(brand: Brand, **fields: Any) -> OrderSeed:
    """An order whose only parcel has left this minute: shop and customer know its number."""
    order = await brand.buy(**fields)
    await brand.pass_by(minutes=5)
    await brand.ships(FIRST)
    return order


async def pass_until_after(brand: Brand, **span: float) -> None:
    """Time passes until so long after the shop took the parcel, or the newest of several."""
    rows = await brand.floor.rows("select max(confirmed_at) as confirmed from shipments")
    rest = rows[0]["confirmed"] + timedelta(**span) - brand.floor.now
    await brand.pass_by(seconds=rest.total_seconds())


async def worry(brand: Brand) -> Any:
    """The only open case about a silent parcel."""
    (case,) = [c for c in await brand.floor.open_cases() if c["kind"] == "stalled"]
    return case


@pytest.mark.row("S1-106", "S1-164")
async def test_seventy_two_hours_after_the_shop_took_it_and_not_a_minute_before(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=71, minutes=59)
    assert await brand.floor.open_cases() == []
    await pass_until_after(brand, hours=72, minutes=1)
    assert await brand.cases() == {"stalled": 1}


@pytest.mark.row("S1-106")
async def test_a_scan_in_the_last_minute_is_no_worry_and_starts_the_three_days_anew(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=71, minutes=59)
    await brand.scanned(FIRST, "InTransit")
    await brand.pass_by(hours=71, minutes=58)
    assert (await brand.floor.open_cases(), brand.heard(*CALM)) == ([], {"In Transit": 1})
    await brand.pass_by(minutes=3)
    assert await brand.cases() == {"stalled": 1}


@pytest.mark.row("S1-164")
@pytest.mark.parametrize(("terms", "hours"), [(Terms(), 72), (LABEL, 66.5)], ids=["confirmed", "label"])
async def test_the_days_are_counted_from_the_shop_or_from_the_label(brand: Brand, hours: float) -> None:
    """A label of Thursday, nine o'clock, is told to the shop at half past two: Sunday afternoon, or Sunday morning."""
    await brand.buy()
    await brand.pass_by(days=3)
    brand.tracker.add_checkpoint(FIRST, "InfoReceived")
    await brand.pass_by(hours=5, minutes=30)
    await brand.ships(FIRST)
    await pass_until_after(brand, hours=hours, minutes=-2)
    assert await brand.cases() == {"late": 1}
    await pass_until_after(brand, hours=hours, minutes=2)
    assert await brand.cases() == {"late": 1, "stalled": 1}


@pytest.mark.row("S1-107", "S1-108", "S1-165")
async def test_people_are_alerted_once_and_the_customer_hears_of_it_once(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=73)
    assert [a["title"] for a in brand.alerts.alerts] == ["stalled: 1001"]
    await brand.pass_by(hours=20)
    assert len(brand.alerts.alerts) == 1
    assert brand.heard(*CALM) == {"Delayed": 1}


@pytest.mark.row("S1-167")
async def test_the_ticket_names_order_number_and_the_last_scan_or_that_there_was_none(brand: Brand) -> None:
    await left(brand)
    await brand.scanned(FIRST, "InfoReceived")
    label = brand.floor.now
    await pass_until_after(brand, hours=72, minutes=1)
    said = ticket(brand)
    assert "Order 1001" in said
    assert FIRST in said
    assert f"no carrier scan; label created {label.isoformat(timespec='minutes')}" in said


@pytest.mark.row("S1-167")
async def test_the_ticket_of_a_parcel_that_was_scanned_says_when(brand: Brand) -> None:
    await left(brand)
    await brand.pass_by(hours=5)
    await brand.scanned(FIRST, "InTransit")
    scan = brand.floor.now
    await brand.pass_by(hours=72, minutes=1)
    assert f"Last carrier scan: {scan.isoformat(timespec='minutes')}" in ticket(brand)


@pytest.mark.row("S1-109")
async def test_it_is_lost_only_once_carrier_and_supplier_were_asked(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=72, minutes=1)
    case = await worry(brand)
    assert [item["item"] for item in case["checklist"]] == ["carrier", "supplier"]
    assert case["checked_first"] == ["lost"]
    with pytest.raises(ChecklistOpen):
        await decides(brand, case, "lost")
    for version, item in enumerate(("carrier", "supplier"), case["version"]):
        async with brand.floor.hub.database.transaction() as connection:
            await tick_item(connection, case["id"], item, ("ada", version), brand.floor.now)
    await decides(brand, await worry(brand), "lost")
    await brand.pass_by(minutes=2)
    (done,) = await brand.floor.rows("select * from cases where kind = 'stalled'")
    assert all(item["by"] and item["at"] for item in done["checklist"])
    assert len(brand.bought()) == 2


@pytest.mark.row("S1-113")
async def test_a_scan_on_the_fourth_day_ends_the_worry_and_nothing_is_sent_again(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, days=4)
    assert await brand.cases() == {"stalled": 1, "due-soon": 1} or await brand.cases() == {"stalled": 1}
    await brand.scanned(FIRST, "InTransit")
    await brand.pass_by(hours=30)
    assert "stalled" not in await brand.cases()
    assert brand.bought() == [("a", "1001")]
    assert await outcomes(brand) == ["recovered"]
    assert brand.desk.tickets[2]["status"] == "closed"
    assert [notes for notes in brand.desk.messages[2] if "moves again" in notes["body_text"]]


@pytest.mark.row("S1-112", "S1-110", "S1-168", "S1-169", "S1-170")
async def test_after_five_days_it_is_sent_again_at_no_charge_and_the_old_number_is_void(brand: Brand) -> None:
    order = await left(brand)
    await pass_until_after(brand, days=5, minutes=-1)
    assert len(brand.bought()) == 1
    await pass_until_after(brand, days=5, minutes=2)
    first, second = brand.suppliers["a"].orders
    assert second["note"] == f"Replacement for {first['reference']}; please send by the fastest service"
    assert [(line["line_id"], line["quantity"]) for line in second["lines"]] == [(str(order.lines[0].id), 1)]
    assert await voided(brand) == [FIRST]
    assert brand.shop.state.refunded(order.id) == 0
    await brand.ships(SECOND)
    assert list(brand.parcels(order)) == [SECOND]
    await brand.scanned(SECOND, "Delivered")
    await brand.pass_by(minutes=2)
    assert brand.heard(*CALM) == {"Delayed": 1, "Replacement Sent": 1, "Delivered": 1}
    (row,) = await brand.floor.rows("select generation from shipments where tracking_number = $1", SECOND)
    assert row["generation"] == 1
    assert await outcomes(brand) == ["recovered"]
    (notice,) = [e for e in brand.messages.events if "Replacement Sent" in str(e["metric"])]
    assert SECOND in str(notice["properties"])
    assert FIRST not in str(notice["properties"])
    assert {c["clock"]: c["state"] for c in await brand.floor.rows("select * from clocks")}[
        "solved"
    ] == "kept"


@pytest.mark.row("S1-168")
async def test_a_person_who_knows_where_it_lies_sends_another_at_once(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=73)
    await brand.floor.resolve(await worry(brand), "replace", "Misplaced on the loading dock.")
    await brand.pass_by(minutes=2)
    assert brand.bought() == [("a", "1001"), ("a", "1001")]
    assert "fastest service" in brand.suppliers["a"].orders[1]["note"]
    await brand.ships(SECOND)
    assert "Misplaced on the loading dock." in str(brand.desk.messages[2])


@pytest.mark.row("S1-111")
async def test_lost_with_nothing_in_stock_is_paid_back_whole_and_once(brand: Brand) -> None:
    order = await left(brand, shipping_price="7.00")
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 0
    await brand.scanned(FIRST, "InTransit")
    await brand.scanned(FIRST, "Exception", subtag="Exception_013")
    await brand.scanned(FIRST, "Exception", subtag="Exception_013")
    await brand.pass_by(days=7)
    (refund,) = brand.shop.state.refunds[order.id]
    assert (refund.amount(), refund.shipping) == (Decimal("67.00"), Decimal("7.00"))
    assert brand.shop.state.refunded(order.id) == Decimal("67.00")
    assert brand.bought() == [("a", "1001")]
    assert brand.heard(*CALM, "In Transit") == {"Delayed": 1, "Refunded": 1}


@pytest.mark.row("S1-110")
async def test_lost_with_stock_is_sent_again_at_once_without_a_second_charge(brand: Brand) -> None:
    order = await left(brand, quantity=2)
    await brand.scanned(FIRST, "InTransit")
    await brand.scanned(FIRST, "Exception", subtag="Exception_013")
    await brand.pass_by(minutes=5)
    assert brand.bought() == [("a", "1001"), ("a", "1001")]
    assert brand.suppliers["a"].orders[1]["lines"][0]["quantity"] == 2
    assert (brand.shop.state.refunded(order.id), len(brand.shop.state.parcels_of(order.id))) == (
        Decimal(0),
        1,
    )
    (line,) = (await brand.decisions())[-1]["lines"]
    assert line["replaces"] == brand.suppliers["a"].orders[0]["reference"]


async def test_of_two_parcels_only_the_lost_ones_lines_are_sent_again(brand: Brand) -> None:
    two = [{"sku": "NECK-01", "quantity": 1, "price": "60.00"}] * 2
    order = await brand.buy(lines=two)
    await brand.ships(FIRST, lines=lines(order, 1, 0))
    await brand.ships(SECOND, lines=lines(order, 0, 1))
    await brand.scanned(FIRST, "Delivered")
    await brand.scanned(SECOND, "InTransit")
    await brand.scanned(SECOND, "Exception", subtag="Exception_013")
    await brand.pass_by(minutes=5)
    again = brand.suppliers["a"].orders[1]
    assert [line["line_id"] for line in again["lines"]] == [str(order.lines[1].id)]


async def test_half_a_line_that_is_lost_is_paid_back_and_the_other_half_stays(brand: Brand) -> None:
    order = await brand.buy(quantity=2)
    await brand.ships(FIRST, lines=lines(order, 1))
    await brand.ships(SECOND)
    await brand.scanned(FIRST, "Delivered")
    await brand.scanned(SECOND, "InTransit")
    await brand.scanned(SECOND, "Exception", subtag="Exception_013")
    await brand.pass_by(minutes=5)
    (refund,) = brand.shop.state.refunds[order.id]
    assert (refund.units, refund.amount()) == ({order.lines[0].id: 1}, Decimal("60.00"))
    assert len(brand.bought()) == 1


@pytest.mark.parametrize("terms", [ASK])
async def test_where_people_decide_what_is_lost_nothing_happens_without_them(brand: Brand) -> None:
    order = await left(brand)
    await pass_until_after(brand, days=5, minutes=2)
    (case,) = [c for c in await brand.floor.open_cases() if c["kind"] == "lost"]
    assert (len(brand.bought()), brand.shop.state.refunded(order.id)) == (1, Decimal(0))
    await brand.floor.resolve(case, "refund")
    await brand.pass_by(minutes=2)
    assert brand.shop.state.refunded(order.id) == Decimal("60.00")


async def test_a_parcel_that_moves_and_stops_again_is_a_new_worry(brand: Brand) -> None:
    await left(brand)
    await pass_until_after(brand, hours=80)
    await brand.scanned(FIRST, "InTransit")
    await brand.pass_by(hours=1)
    assert await brand.cases() == {}
    await brand.pass_by(hours=72)
    assert await brand.cases() == {"stalled": 1}
    assert brand.heard(*CALM, "In Transit") == {"Delayed": 2}
    assert len(brand.desk.tickets) == 3, "one was there before"


async def test_a_label_that_was_cancelled_is_no_lost_parcel(brand: Brand) -> None:
    order = await left(brand)
    await brand.scanned(FIRST, "Exception", subtag="Exception_020")
    await brand.pass_by(hours=2)
    assert (len(brand.bought()), brand.shop.state.refunded(order.id)) == (1, Decimal(0))
    await brand.ships(SECOND)
    assert list(brand.parcels(order)) == [SECOND]
    await brand.scanned(SECOND, "Delivered")
    await brand.pass_by(minutes=1)
    assert brand.heard(*CALM) == {"Delivered": 1}
    assert await brand.floor.open_cases() == []


async def test_a_parcel_that_waits_for_its_customer_is_no_worry(brand: Brand) -> None:
    await left(brand)
    await brand.scanned(FIRST, "AvailableForPickup")
    await brand.pass_by(days=6)
    assert await brand.floor.open_cases() == []


async def decides(brand: Brand, case: Any, choice: str) -> None:
    """A person decides a case as the dashboard offers it, with the checklist in the way."""
    hub = brand.floor.hub
    async with hub.database.transaction() as connection:
        said = Decided(case["id"], case["version"], choice, "ada", "", None)
        await decide(connection, hub.world, hub.vault, said, brand.floor.now)
    await brand.floor.settle()


def ticket(brand: Brand) -> str:
    """What the hub's only ticket says, subject and note; the first of the desk was there before."""
    (number,) = set(brand.desk.tickets) - {1}
    notes: list[str] = [str(m["body_text"]) for m in brand.desk.messages[number]]
    return f"{brand.desk.tickets[number]['subject']} {' '.join(notes)}"


async def outcomes(brand: Brand) -> list[str]:
    """How worries about parcels ended."""
    found = await brand.floor.rows("select outcome from cases where kind = 'stalled'")
    return [row["outcome"] for row in found]
