"""A burst, a day, a month: what is routine needs nobody, however much of it there is."""

import time
from datetime import datetime, timedelta

import pytest

from hub.store.health import limbo, touched_by_people
from tests.acceptance.brand import Brand
from tests.acceptance.test_waiting import BEACON

PRICE = "89.00"


@pytest.mark.row("S2-003", "S2-061")
@pytest.mark.parametrize(("lots", "minutes"), [(10, 1), (10, 144)], ids=["ten minutes", "a day"])
async def test_two_hundred_orders_are_bought_within_two_minutes_each_and_need_nobody(
    brand: Brand, lots: int, minutes: int
) -> None:
    waited: list[float] = []
    wanted = {}
    for lot in range(lots):
        began = time.monotonic()
        for number in range(lot * 20, lot * 20 + 20):
            street = f"{number + 1} Main Street"
            placed = brand.place(name=f"#{5000 + number}", shipping_address={"address1": street})
            wanted[str(5000 + number)] = street
            await brand.tell(placed)
        await brand.floor.settle()
        waited += [time.monotonic() - began] * 20
        await brand.floor.let_pass(minutes=minutes)
    books = brand.suppliers["a"].orders
    assert (len(books), len(waited)) == (200, 200)
    assert {o["order_number"]: o["ship_to"]["line1"] for o in books} == wanted
    assert sorted(waited)[189] <= 120, "by the process's clock"
    placed_at = {o.name.removeprefix("#"): o.created_at for o in brand.shop.state.orders.values()}
    for o in books:
        taken = datetime.fromisoformat(o["taken_at"])
        assert taken - (placed_at[o["order_number"]] or taken) <= timedelta(minutes=2), "by the trade's"
    assert await brand.floor.rows("select * from cases") == []
    assert not any(run["touched_by_person"] for run in await brand.floor.runs())


@pytest.mark.row("S1-002")
async def test_a_month_of_50_018_dollars_loses_nothing_and_doubles_nothing(brand: Brand) -> None:
    brand.floor.unrationed()
    for number in range(562):
        where = BEACON if number % 12 == 11 else {"address1": f"{number + 1} Main Street"}
        lines = [{"sku": "NECK-01", "price": PRICE}]
        await brand.tell(brand.place(name=f"#{6000 + number}", lines=lines, shipping_address=where))
        if number % 19 == 18:
            await brand.floor.settle()
            await brand.floor.let_pass(days=1)
    for _ in range(3):
        await brand.floor.let_pass(hours=1)
    bought = [number for _, number in brand.bought()]
    held = {case["subject"] for case in await brand.floor.open_cases()}
    assert len(bought) == len(set(bought)), "none is bought twice"
    assert set(bought) | held == {str(6000 + n) for n in range(562)}, "none is lost"
    assert sum(o.total() for o in brand.shop.state.orders.values() if o.name >= "#6000") == 562 * 89 == 50_018
    async with brand.floor.hub.database.connection() as connection:
        assert await limbo(connection) == []
        assert 1 - await touched_by_people(connection) / 562 >= 0.9
