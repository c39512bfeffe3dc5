"""What has left is followed until it arrives: shop and customers hear of each step once, and of no supplier."""

from collections import Counter
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Unverified
from tests.acceptance.brand import Brand

FIRST, SECOND, THIRD = "1Z999AA10000000018", "1Z999AA10000000027", "1Z999AA10000000036"
PAGE = "https://track.brand.example/"
WAY = ("InfoReceived", "InTransit", "OutForDelivery", "Delivered")


def lines(order: OrderSeed, *quantities: int) -> list[dict[str, Any]]:
    """So many of an order's lines, as a supplier says what is in a parcel."""
    pairs = zip(order.lines, quantities, strict=True)
    return [{"line_id": str(line.id), "quantity": quantity} for line, quantity in pairs if quantity]


@pytest.mark.row("S1-040", "S1-161", "S1-173", "S2-014", "S2-060", "S2-058", "S2-067")
async def test_a_number_three_days_later_is_on_the_shop_within_minutes(brand: Brand) -> None:
    order = await brand.buy(lines=[{"sku": "NECK-01", "quantity": 2, "price": "60.00"}])
    await brand.pass_by(days=3)
    left = brand.floor.now
    await brand.ships(FIRST)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert (parcel.created_at - left).total_seconds() <= 300
    assert brand.parcels(order) == {FIRST: {order.lines[0].id: 2}}
    assert parcel.tracking[0]["company"] == "UPS"
    assert brand.tracker.account.get(FIRST) is not None
    assert await brand.cases() == {"late": 1}, "the supplier had promised two days"


@pytest.mark.row("S1-081", "S1-127", "S1-162")
async def test_the_customer_gets_the_brands_link_once_and_no_carriers_or_suppliers(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST, tracking_url="https://supplier-a.example/where/1", carrier="UPS")
    await brand.ships(FIRST)
    (told,) = (
        e for e in brand.messages.events if e["metric"]["data"]["attributes"]["name"] == "Tracking Added"
    )
    assert told["properties"]["tracking_url"].startswith(PAGE)
    links = [word for word in str(told).replace('"', " ").split() if "://" in word]
    assert links
    assert all("track.brand.example" in link for link in links)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert (parcel.tracking[0]["url"] or PAGE).startswith(PAGE)
    assert "supplier-a" not in str(brand.messages.events)


async def test_a_promise_that_was_met_too_late_is_neither_kept_nor_open(brand: Brand) -> None:
    await brand.buy()
    await brand.pass_by(days=3)
    assert await clocks(brand, "left") == ["late"]
    await brand.ships(FIRST)
    assert await clocks(brand, "left") == ["late-but-met"]
    (clock,) = await brand.floor.rows("select * from clocks where clock = 'left'")
    assert clock["ended_at"] > clock["due_at"]


async def test_a_parcel_named_twice_is_one_parcel(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    await brand.ships("1Z 999 AA1 00 0000 0018")
    assert list(brand.parcels(order)) == [FIRST]
    assert brand.heard() == {"Tracking Added": 1}


async def test_two_parcels_hold_what_their_supplier_says_and_the_promise_ends_with_the_last(
    brand: Brand,
) -> None:
    order = await brand.buy(lines=[{"sku": "NECK-01", "quantity": 3, "price": "60.00"}])
    (id,) = (line.id for line in order.lines)
    await brand.ships(FIRST, lines=lines(order, 2))
    assert brand.parcels(order) == {FIRST: {id: 2}}
    assert await clocks(brand, "left") == ["running"]
    await brand.ships(SECOND)
    assert brand.parcels(order) == {FIRST: {id: 2}, SECOND: {id: 1}}
    assert await clocks(brand, "left") == ["kept"]
    await brand.scanned(FIRST, "Delivered")
    await brand.scanned(SECOND, "InTransit")
    await brand.pass_by(minutes=1)
    assert brand.heard() == {"Tracking Added": 2, "Delivered": 1, "In Transit": 1}


async def test_a_parcel_with_more_than_was_bought_is_a_persons_to_judge(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST, lines=lines(order, 2))
    assert (brand.parcels(order), await brand.cases()) == ({}, {"odd-parcels": 1})


async def test_several_suppliers_of_one_order_each_send_their_own(brand: Brand) -> None:
    wanted = [{"sku": sku, "quantity": 1, "price": "60.00"} for sku in ("NECK-01", "RING-02", "CUFF-03")]
    order = await brand.buy(lines=wanted)
    shipping = sorted({s for s, _ in brand.bought()})
    for number, supplier in zip((FIRST, SECOND, THIRD), shipping, strict=False):
        await brand.ships(number, supplier)
    units: Counter[int] = Counter()
    for parcel in brand.parcels(order).values():
        units.update(parcel)
    assert units == {line.id: 1 for line in order.lines}
    assert len(brand.parcels(order)) == len(shipping) == 2


async def test_a_number_that_was_replaced_before_any_scan_is_void_and_the_shop_shows_the_new_one(
    brand: Brand,
) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "InfoReceived")
    await brand.pass_by(hours=3)
    await brand.ships(SECOND)
    assert list(brand.parcels(order)) == [SECOND]
    assert await voided(brand) == [FIRST]
    await brand.scanned(FIRST, "InTransit")
    await brand.pass_by(days=1)
    await brand.scanned(SECOND, "Delivered")
    await brand.pass_by(minutes=1)
    assert brand.heard() == {"Tracking Added": 2, "Delivered": 1}
    assert "track: Another parcel goes instead" in await brand.ends()


async def test_a_number_said_late_does_not_replace_the_newer_one(brand: Brand) -> None:
    order = await brand.buy()
    reference = brand.purchase("a")["reference"]
    early = brand.suppliers["a"].say(reference, "shipped", {"tracking_number": FIRST, "carrier": "UPS"})
    await brand.pass_by(hours=1)
    await brand.ships(SECOND)
    await brand.floor.deliver("a", early)
    await brand.floor.settle()
    assert (list(brand.parcels(order)), await voided(brand)) == ([SECOND], [])


async def test_a_number_of_a_parcel_on_its_way_is_not_replaced_but_joined(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "InTransit")
    await brand.ships(SECOND)
    assert await voided(brand) == []
    assert brand.heard() == {"Tracking Added": 2, "In Transit": 1}


@pytest.mark.row("S1-077", "S1-174", "S2-068")
async def test_the_same_parcel_by_webhook_and_by_poll_ends_in_the_same_timeline(brand: Brand) -> None:
    pushed, pulled = await brand.buy(email="a@example.com"), await brand.buy(email="b@example.com")
    for place, number in enumerate((FIRST, SECOND)):
        parcel = {"tracking_number": number, "carrier": "UPS"}
        await brand.supplier_says("a", "shipped", parcel, place=place)
    for tag in WAY:
        await brand.pass_by(hours=3)
        brand.tracker.add_checkpoint(SECOND, tag)
        await brand.scanned(FIRST, tag)
    await brand.pass_by(hours=3)
    assert timeline(brand, pushed) == timeline(brand, pulled)
    states = await brand.floor.rows(
        "select state->'seen' as seen, status from shipments order by tracking_number"
    )
    assert states[0] == states[1]


@pytest.mark.row("S1-039")
async def test_a_scan_that_no_webhook_tells_is_found_by_asking(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    brand.tracker.add_checkpoint(FIRST, "InTransit")
    await brand.pass_by(hours=2, minutes=1)
    assert timeline(brand, order) == ["IN_TRANSIT"]
    assert brand.heard() == {"Tracking Added": 1, "In Transit": 1}


async def test_what_was_known_before_the_tracker_was_asked_is_told_too(brand: Brand) -> None:
    order = await brand.buy()
    brand.tracker.add_checkpoint(FIRST, "InTransit")
    await brand.ships(FIRST)
    assert timeline(brand, order) == ["IN_TRANSIT"]
    assert brand.heard() == {"Tracking Added": 1, "In Transit": 1}


async def test_forged_doubled_and_shuffled_news_change_nothing_that_is_known(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    news = []
    for tag in WAY:
        await brand.floor.let_pass(minutes=1)
        brand.tracker.add_checkpoint(FIRST, tag)
        news.append(brand.tracker.update(FIRST))
    forged = brand.tracker.sign(news[-1].body, headers={"aftership-hmac-sha256": "Zm9yZ2Vk"})
    with pytest.raises(Unverified):
        await brand.floor.deliver("tracker-1", forged)
    for delivery in (*reversed(news), *news):
        await brand.floor.deliver("tracker-1", delivery)
        await brand.floor.settle()
    assert brand.heard() == {"Tracking Added": 1, "Delivered": 1}
    assert await brand.floor.open_cases() == []


async def test_a_word_nobody_knows_is_shown_and_never_guessed(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Teleported")
    assert await brand.cases() == {"delivery-unreadable": 1}
    assert brand.heard() == {"Tracking Added": 1}
    (row,) = await brand.floor.rows("select status from shipments")
    assert row["status"] == "unknown"


async def test_news_of_a_number_nobody_sent_harms_nobody_and_waits_for_its_parcel(brand: Brand) -> None:
    order = await brand.buy()
    await brand.scanned(FIRST, "InTransit")
    assert (brand.heard(), await brand.floor.open_cases()) == ({}, [])
    await brand.ships(FIRST)
    assert timeline(brand, order) == ["IN_TRANSIT"]


async def test_a_number_the_tracker_does_not_take_still_reaches_shop_and_customer(brand: Brand) -> None:
    order = await brand.buy()
    brand.tracker.refuse("rejected")
    await brand.ships(FIRST)
    assert list(brand.parcels(order)) == [FIRST]
    assert (brand.heard(), await brand.cases()) == ({"Tracking Added": 1}, {"untrackable": 1})


async def test_a_purchase_not_acknowledged_in_time_is_late(brand: Brand) -> None:
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.pass_by(hours=23, minutes=59)
    assert await brand.floor.open_cases() == []
    await brand.pass_by(minutes=2)
    assert "acknowledged is late" in await brand.says(await brand.case())


async def test_an_acknowledgement_in_time_keeps_the_promise(brand: Brand) -> None:
    brand.suppliers["a"].late_accept = True
    await brand.buy()
    await brand.supplier_says("a", "accepted")
    await brand.supplier_says("a", "in_production")
    await brand.pass_by(hours=25)
    assert (await brand.floor.open_cases(), brand.heard()) == ([], {"Fulfilment Started": 1})


async def test_a_purchase_rejected_after_it_was_accepted_goes_to_the_next_supplier(brand: Brand) -> None:
    await brand.buy()
    await brand.supplier_says("a", "rejected")
    await brand.pass_by(minutes=5)
    assert brand.bought() == [("a", "1001"), ("b", "1001")]
    assert await brand.floor.open_cases() == []
    await brand.ships(FIRST, "b")
    assert brand.heard() == {"Tracking Added": 1}


async def test_what_a_supplier_sent_and_then_takes_back_is_not_bought_twice(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.supplier_says("a", "cancelled")
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {"supplier-contradicts": 1})


async def test_a_month_after_everything_left_nobody_is_asked_about_it(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "Delivered")
    await brand.pass_by(days=31)
    assert await brand.floor.open_cases() == []
    assert "watch: All of it has left" in await brand.ends()
    assert await brand.floor.rows("select flow from runs where ended_at is null") == []


def timeline(brand: Brand, order: OrderSeed) -> list[str]:
    """The steps that the shop shows of an order's only parcel."""
    (parcel,) = brand.shop.state.parcels_of(order.id)
    return [event.status for event in parcel.events]


async def clocks(brand: Brand, name: str) -> list[str]:
    """Where the promises of this name stand."""
    return [row["state"] for row in await brand.floor.rows("select state from clocks where clock = $1", name)]


async def voided(brand: Brand) -> list[str]:
    """The numbers nobody follows any more."""
    rows = await brand.floor.rows("select tracking_number from shipments where voided_at is not null")
    return [row["tracking_number"] for row in rows]
