"""The peak of the year, in full size: two thousand orders that come at once."""

import time
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.test_peak import at_work, until, waited

ORDERS, WORKERS, FIVE_MINUTES = 2000, 4, 300.0


@dataclass
class Peak:
    """Orders as they come, with where each wants to go, and the moments when it was told of and bought."""

    brand: Brand
    wanted: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: dict[str, float] = field(default_factory=dict)
    bought: dict[str, float] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(20261126))

    async def order(self, place: int) -> None:
        """One more customer, of any article and quantity, in a house of its own."""
        number, home = str(10_000 + place), (f"{place + 1} Main Street", f"Apt {self.chance.randint(1, 99)}")
        order = self.brand.place(
            self.chance.choice(("NECK-01", "RING-02", "CUFF-03")),
            self.chance.randint(1, 3),
            name=f"#{number}",
            shipping_address={"address1": home[0], "address2": home[1]},
        )
        await self.brand.tell(order)
        self.wanted[number], self.told[number] = home, time.monotonic()

    async def is_over(self) -> bool:
        """Whether everything is bought; notes when."""
        moment = time.monotonic()
        for _, number in self.brand.bought():
            self.bought.setdefault(number, moment)
        return len(self.bought) >= ORDERS


@pytest.mark.row("S1-011", "S2-004")
async def test_two_thousand_orders_are_bought_by_four_workers_within_five_minutes_each_where_it_was_decided(
    brand: Brand,
) -> None:
    """They come as fast as they can, which is harder than within five minutes; each is timed from its webhook."""
    for supplier in brand.suppliers.values():
        supplier.stock = dict.fromkeys(supplier.stock, 10 * ORDERS)
    peak = Peak(brand)
    async with at_work(brand, WORKERS):
        for place in range(ORDERS):
            await peak.order(place)
            if place % 50 == 0:
                await peak.is_over()
        await until(peak.is_over, FIVE_MINUTES)
    assert len(brand.bought()) == ORDERS, "each once"
    assert waited([peak.bought[number] - at for number, at in peak.told.items()], 0.95) <= FIVE_MINUTES
    assert await brand.floor.rows("select * from cases") == []

    books = {o["order_number"]: (s, o["ship_to"]) for s, box in brand.suppliers.items() for o in box.orders}
    went = {number: (to["line1"], to["line2"]) for number, (_, to) in books.items()}
    assert went == peak.wanted, "to where it was verified"
    decided = await brand.floor.rows(
        """select o.number, x ->> 'supplier' as supplier from decisions d join orders o on o.id = d.order_id
           cross join lateral jsonb_array_elements(d.lines) x where d.superseded_at is null"""
    )
    assert {row["number"]: row["supplier"] for row in decided} == {n: s for n, (s, _) in books.items()}
