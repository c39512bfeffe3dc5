"""What nobody tells of is noticed: orders that stand still, parcels nobody sees, channels nobody looks at."""

from datetime import timedelta

import pytest

from hub.engine.watch import watch
from hub.sdk.testing.sandbox import Fault, Sandbox
from tests.acceptance.brand import THREE_SHOPS, Brand
from tests.acceptance.test_parcels import FIRST
from tests.acceptance.test_waiting import BEACON


def goes_down(double: Sandbox, path: str = "") -> None:
    """A service answers nothing any more."""
    double.faults.extend(Fault("fail", path=path) for _ in range(2000))


def comes_back(double: Sandbox) -> None:
    double.faults.clear()


async def minutes_pass(brand: Brand, minutes: int) -> None:
    """Time passes as it does, and the hub looks around each minute."""
    for _ in range(minutes):
        await brand.floor.let_pass(minutes=1)


async def silent(brand: Brand) -> list[tuple[str, str]]:
    """What is silent now, as (kind, about)."""
    rows = await brand.floor.rows(
        "select kind, about from silences where over_at is null order by kind, about"
    )
    return [(row["kind"], row["about"]) for row in rows]


async def covered(brand: Brand) -> set[str]:
    """The numbers of orders that some open question is about, or about what keeps them waiting."""
    rows = await brand.floor.rows("select orders from silences where over_at is null")
    asked = {str(case["subject"]) for case in await brand.floor.open_cases() if case["subject"]}
    return asked | {order["number"] for row in rows for order in row["orders"]}


@pytest.mark.row("S2-018")
async def test_a_paid_order_that_no_supplier_has_after_fifteen_minutes_is_asked_about_at_that_minute(
    brand: Brand,
) -> None:
    await brand.pause("a")
    paid = brand.floor.now
    await brand.buy()
    await minutes_pass(brand, 14)
    assert (await brand.cases(), brand.bought()) == ({}, [])
    await minutes_pass(brand, 1)
    case = await brand.case()
    assert (case["kind"], case["subject"]) == ("forward-late", "1001")
    assert case["opened_at"] == paid + timedelta(minutes=15)
    assert "is with no supplier yet" in await brand.says(case)
    assert "forward-late: 1001" in [alert["title"] for alert in brand.alerts.alerts]
    await minutes_pass(brand, 15)
    assert await brand.cases() == {"forward-late": 1}, "it is asked once, not each time somebody looks"
    await brand.resume("a")
    await minutes_pass(brand, 1)
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {}), "it is settled by itself"


async def test_many_orders_that_wait_for_one_thing_are_one_question(brand: Brand) -> None:
    await brand.pause("a")
    for _ in range(12):
        await brand.buy()
    await minutes_pass(brand, 16)
    assert await silent(brand) == [("forward-late", "paused")]
    assert "12 orders" in await brand.says(await brand.case())
    assert await covered(brand) == {str(1001 + n) for n in range(12)}


async def test_who_has_seen_a_silence_is_asked_again_after_a_day_and_not_before(brand: Brand) -> None:
    await brand.pause("a")
    await brand.buy()
    await minutes_pass(brand, 15)
    await brand.floor.resolve(await brand.case(), "seen")
    await brand.floor.let_pass(hours=23)
    assert await brand.floor.open_cases() == []
    await brand.floor.let_pass(hours=2)
    assert await brand.cases() == {"forward-late": 1}


async def test_an_order_that_a_person_is_asked_about_is_no_second_question(brand: Brand) -> None:
    await brand.buy(shipping_address=BEACON)
    await minutes_pass(brand, 40)
    assert (await brand.cases(), await silent(brand)) == ({"address": 1}, [])
    await brand.floor.resolve(await brand.case(), "as-is")
    assert await silent(brand) == [], "the time counts from the decision"


async def test_who_has_paused_the_store_is_not_told_that_its_orders_wait(brand: Brand) -> None:
    await brand.pause_store()
    await brand.buy()
    await minutes_pass(brand, 20)
    assert (await silent(brand), await brand.floor.open_cases()) == ([], [])


async def test_an_order_that_is_not_paid_yet_is_not_late(brand: Brand) -> None:
    await brand.buy(financial_status="AUTHORIZED")
    await minutes_pass(brand, 40)
    assert (await brand.cases(), await silent(brand)) == ({}, [])


@pytest.mark.row("S1-012", "S2-021")
async def test_a_parcel_whose_number_the_shop_does_not_have_after_thirty_minutes_is_asked_about(
    brand: Brand,
) -> None:
    await brand.buy()
    await brand.pause("shop-1")
    shipped = brand.floor.now
    await brand.supplier_says("a", "shipped", {"tracking_number": FIRST, "carrier": "UPS"})
    await minutes_pass(brand, 29)
    assert await brand.floor.open_cases() == []
    await minutes_pass(brand, 1)
    case = await brand.case()
    assert (case["kind"], case["subject"]) == ("tracking-gap", "1001")
    assert case["opened_at"] == shipped + timedelta(minutes=30)
    assert await silent(brand) == [("tracking-gap", "shop-1")]
    await brand.resume("shop-1")
    await minutes_pass(brand, 1)
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S1-012")
async def test_a_supplier_that_has_shipped_and_names_no_number_is_asked_about_once_for_all_its_orders(
    brand: Brand,
) -> None:
    orders = [await brand.buy() for _ in range(3)]
    for place in range(3):
        await brand.supplier_says("a", "shipped", place=place)
    await minutes_pass(brand, 30)
    assert await silent(brand) == [("tracking-gap", "a")]
    assert "3 orders left" in await brand.says(await brand.case())
    for place, number in enumerate(("1Z999AA10000000018", "1Z999AA10000000027", "1Z999AA10000000036")):
        parcel = {"tracking_number": number, "carrier": "UPS"}
        await brand.supplier_says("a", "shipped", parcel, place=place)
    await minutes_pass(brand, 2)
    assert [len(brand.parcels(order)) for order in orders] == [1, 1, 1]
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S2-020")
@pytest.mark.parametrize("terms", [THREE_SHOPS])
async def test_a_channel_that_is_not_looked_at_for_two_turns_is_alerted_and_the_others_are_not(
    brand: Brand,
) -> None:
    await brand.floor.let_pass(seconds=1)
    goes_down(brand.shops["shop-2"])
    stopped = brand.floor.now
    await minutes_pass(brand, 9)
    assert await silent(brand) == []
    await minutes_pass(brand, 1)
    assert await silent(brand) == [("poll-silent", "shop-2")]
    (case,) = await brand.floor.open_cases()
    assert case["opened_at"] - stopped <= timedelta(minutes=10), "shop-2 is asked every five minutes"
    comes_back(brand.shops["shop-2"])
    missed = brand.shops["shop-2"].add_order(lines=[{"sku": "NECK-01", "price": "60.00"}])
    await minutes_pass(brand, 16)
    assert brand.bought() == [("d", missed.name.removeprefix("#"))]
    assert await brand.floor.open_cases() == []


async def test_one_lost_answer_to_a_poll_is_no_silence(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    await minutes_pass(brand, 4)
    brand.shop.fail_next("graphql")
    await minutes_pass(brand, 20)
    assert await brand.floor.rows("select * from silences") == []


@pytest.mark.row("S1-080")
async def test_a_webhook_that_stays_away_for_two_hours_is_noticed_by_what_the_poll_finds(
    brand: Brand,
) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "InfoReceived")
    muted = brand.floor.now
    await brand.floor.let_pass(minutes=100)
    brand.tracker.add_checkpoint(FIRST, "InTransit")
    await minutes_pass(brand, 30)
    (parcel,) = await brand.floor.rows("select status from shipments")
    assert parcel["status"] == "in_transit", "asking has found the scan"
    assert await silent(brand) == [("webhook-silent", "tracker-1")]
    (row,) = await brand.floor.rows("select since, found_at from silences")
    assert timedelta(0) <= row["since"] - muted + timedelta(minutes=1) <= timedelta(minutes=1)
    assert row["found_at"] - muted >= timedelta(hours=2)
    assert await brand.cases() == {"webhook-silent": 1}
    await brand.scanned(FIRST, "OutForDelivery")
    await minutes_pass(brand, 1)
    assert (await silent(brand), await brand.floor.open_cases()) == ([], [])


async def test_a_connection_that_has_nothing_to_tell_is_not_silent(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await brand.scanned(FIRST, "InfoReceived")
    await brand.floor.let_pass(hours=30)
    await minutes_pass(brand, 20)
    assert [kind for kind, _ in await silent(brand)] == []


async def test_two_workers_that_look_around_at_once_ask_once(brand: Brand) -> None:
    await brand.pause("a")
    await brand.buy()
    await brand.floor.let_pass(minutes=15)
    engine = brand.floor.pump.engine
    await watch(engine)
    await watch(engine)
    await brand.floor.settle()
    assert len(await brand.floor.rows("select * from silences")) == 1
    assert await brand.cases() == {"forward-late": 1}
