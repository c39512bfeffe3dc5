"""What is normal needs nobody: no reader of mails, no hand that types."""

from datetime import timedelta
from decimal import Decimal

import pytest

from hub.fulfilment.carriers import detect
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.figures_desk import named, of, report, value
from tests.acceptance.test_waiting import BEACON

HUNDRED = 100
STEPS = ("InTransit", "OutForDelivery", "Delivered")


def number(place: int) -> str:
    """A tracking number of UPS's form, with its check digit."""
    front = f"1ZF4R05903{place:07}"
    return next(f"{front}{digit}" for digit in range(10) if detect(f"{front}{digit}").carrier == "ups")


@pytest.mark.row("S2-009")
async def test_a_hundred_normal_orders_are_placed_followed_and_told_of_by_nobody(brand: Brand) -> None:
    brand.floor.unrationed()
    orders = [
        brand.place(name=f"#{7000 + n}", shipping_address={"address1": f"{n + 1} Main Street"})
        for n in range(HUNDRED)
    ]
    for order in orders:
        await brand.tell(order)
    await brand.floor.settle()
    await brand.pass_by(minutes=5)
    assert len(brand.bought()) == len(set(brand.bought())) == HUNDRED, "placed"

    parcels = {number(n): purchase["reference"] for n, purchase in enumerate(brand.suppliers["a"].orders)}
    for code, reference in parcels.items():
        await brand.floor.deliver("a", brand.suppliers["a"].ship(reference, code, "UPS"))
    await brand.floor.settle()
    await brand.pass_by(minutes=5)
    for step in STEPS:
        for code in parcels:
            brand.tracker.add_checkpoint(code, step)
            await brand.floor.deliver("tracker-1", brand.tracker.update(code))
        await brand.floor.settle()
        await brand.floor.let_pass(minutes=10)
    shown = [brand.shop.state.parcels_of(order.id) for order in orders]
    assert [[event.status for event in parcel.events] for (parcel,) in shown] == [
        ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
    ] * HUNDRED, "followed"
    assert brand.heard() == dict.fromkeys(
        ("Tracking Added", "In Transit", "Out For Delivery", "Delivered"), HUNDRED
    ), "told of"

    assert await brand.floor.rows("select 1 from cases") == []
    assert not any(run["touched_by_person"] for run in await brand.floor.runs())


@pytest.mark.row("S2-002")
@pytest.mark.parametrize("terms", [Terms(policies="{safety_threshold: 5, costs: {minutes_per_case: 2}}")])
async def test_fifty_orders_a_day_of_three_suppliers_take_ten_minutes_of_a_persons_day_at_most(
    brand: Brand,
) -> None:
    """One in ten is an exception, as on the reference Monday; a person decides each of those."""
    brand.floor.unrationed()
    began = brand.floor.now
    for day in range(3):
        for n in range(50):
            sku = ("NECK-01", "RING-02", "CUFF-03")[n % 3]
            street = {"address1": f"{day * 50 + n + 1} Main Street"}
            where = BEACON if n % 10 == 9 else street
            await brand.tell(brand.place(sku, name=f"#{8000 + day * 50 + n}", shipping_address=where))
            await brand.floor.settle()
            await brand.floor.let_pass(minutes=10)
        for case in await brand.floor.open_cases():
            await brand.floor.resolve(case, "as-is")
        await brand.pass_by(seconds=(began + timedelta(days=day + 1) - brand.floor.now).total_seconds())
    since = began.isoformat()
    figures = await report(brand, "touchless", since=since)
    assert (value(figures, "orders_untouched"), of(figures, "orders_untouched")) == (135, 150)
    assert Decimal(value(figures, "person_minutes_a_day")) == 10
    assert {supplier for supplier, _ in brand.bought()} >= {"a", "b", "c"}
    assert len({n for _, n in brand.bought()}) == 150


@pytest.mark.row("S1-003")
async def test_of_a_hundred_orders_eight_are_asked_about_and_the_step_is_named(brand: Brand) -> None:
    brand.floor.unrationed()
    for n in range(HUNDRED):
        where = BEACON if n % 13 == 0 else {"address1": f"{n + 1} Main Street"}
        await brand.tell(brand.place(name=f"#{7000 + n}", shipping_address=where))
        if n % 10 == 9:
            await brand.floor.settle()
            await brand.floor.let_pass(minutes=15)
    figures = await report(brand, "touchless")
    touches = [
        (f["labels"].get("step", ""), Decimal(f["value"]), f["of"]) for f in named(figures, "manual_touches")
    ]
    assert touches == [("", Decimal(8), 100), ("filter: address", Decimal(8), 100)]


@pytest.mark.row("S2-011")
async def test_an_order_is_routed_though_every_alert_and_message_is_muted(brand: Brand) -> None:
    for muted in ("alerts-1", "messages-1"):
        await brand.pause(muted)
    order = await brand.buy()
    waiting = await brand.buy(shipping_address={"address1": "1 Nowhere Lane"})
    assert brand.bought() == [("a", "1001")]
    await brand.ships(number(1))
    await brand.scanned(number(1), "InTransit")
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert [event.status for event in parcel.events] == ["IN_TRANSIT"]
    assert (brand.alerts.alerts, brand.messages.events) == ([], []), "nobody was told anything"
    assert brand.holds(waiting) == ["faros-address"], "and what is not fit is held all the same"
