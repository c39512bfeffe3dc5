"""The peak of the year, in full size: two thousand orders that come at once."""

import time
from random import Random

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.test_peak import at_work, until, waited

ORDERS, WORKERS, FIVE_MINUTES = 2000, 4, 300.0


@pytest.mark.row("S1-011", "S2-004")
async def test_two_thousand_orders_are_bought_by_four_workers_within_five_minutes_each_where_it_was_decided(
    brand: Brand,
) -> None:
    """They come as fast as they can, which is harder than within five minutes; each is timed from its webhook."""
    chance = Random(20261126)
    for supplier in brand.suppliers.values():
        supplier.stock = dict.fromkeys(supplier.stock, 10 * ORDERS)
    paid: dict[str, float] = {}
    bought: dict[str, float] = {}
    wanted: dict[str, tuple[str, str]] = {}

    async def all_bought() -> bool:
        moment = time.monotonic()
        for _, number in brand.bought():
            bought.setdefault(number, moment)
        return len(bought) >= ORDERS

    async with at_work(brand, WORKERS):
        for place in range(ORDERS):
            number, home = str(10_000 + place), (f"{place + 1} Main Street", f"Apt {chance.randint(1, 99)}")
            wanted[number] = home
            order = brand.place(
                chance.choice(("NECK-01", "RING-02", "CUFF-03")),
                chance.randint(1, 3),
                name=f"#{number}",
                shipping_address={"address1": home[0], "address2": home[1]},
            )
            await brand.tell(order)
            paid[number] = time.monotonic()
            if place % 50 == 0:
                await all_bought()
        await until(all_bought, FIVE_MINUTES)
    assert len(brand.bought()) == ORDERS, "each once"
    assert waited([bought[number] - at for number, at in paid.items()], 0.95) <= FIVE_MINUTES
    assert await brand.floor.rows("select * from cases") == []

    books = {o["order_number"]: (s, o["ship_to"]) for s, box in brand.suppliers.items() for o in box.orders}
    assert {n: (to["line1"], to["line2"]) for n, (_, to) in books.items()} == wanted, (
        "to where it was verified"
    )
    decided = await brand.floor.rows(
        """select o.number, x ->> 'supplier' as supplier from decisions d join orders o on o.id = d.order_id
           cross join lateral jsonb_array_elements(d.lines) x where d.superseded_at is null"""
    )
    assert {row["number"]: row["supplier"] for row in decided} == {n: s for n, (s, _) in books.items()}
