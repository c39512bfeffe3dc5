"""An order is cancelled at each point of its way to its suppliers: never is it cancelled and silently shipped."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from hub.engine.pump import Pump
from tests.acceptance.brand import Brand, open_brand
from tests.acceptance.project import Terms

KINDS = ("keyed", "checkable", "unsafe")
"""What suppliers promise of an order that is sent twice. A promise of less no project may give them."""
CALLED_OFF, SILENT = "bought, and a person calls it off", "silently shipped"
ASKED = "cancel-at-supplier"


@dataclass
class Play:
    """One worker carries orders, and at one of its points another takes in that the shop has cancelled this one.

    `is_lost`: of each purchase the supplier's answer is lost. `is_told`: the shop's webhook comes at once.
    """

    brand: Brand
    carrier: Pump
    other: Pump
    skus: tuple[str, ...] = ("NECK-01",)
    is_lost: bool = False
    is_told: bool = True
    order: OrderSeed | None = None
    strikes_at: int = 0
    passed: list[str] = field(default_factory=list)
    cancelled: list[OrderSeed] = field(default_factory=list)

    async def reached(self, point: str) -> None:
        """The hook that the carrying worker calls at each of its points."""
        self.passed.append(point)
        if len(self.passed) == self.strikes_at:
            await self._cancel()

    async def at_every_point(self) -> int:
        """One order after another, each cancelled one point later, the last when its worker rests; how many."""
        strikes_at = 1
        while await self._is_struck(strikes_at):
            strikes_at += 1
        await self._cancel()
        return strikes_at

    async def ends(self) -> Counter[str]:
        """How the cancelled orders stand."""
        bought = Counter(number for _, number in self.brand.bought())
        asked = Counter(c["subject"] for c in await self.brand.floor.open_cases() if c["kind"] == ASKED)
        numbers = [order.name.removeprefix("#") for order in self.cancelled]
        return Counter(end(bought[number], asked[number], len(self.skus)) for number in numbers)

    async def _is_struck(self, strikes_at: int) -> bool:
        for supplier in self.brand.suppliers.values():
            supplier.faults.clear()
            if self.is_lost:
                supplier.lose_next_answer("/purchase-orders")
        self.order = self.brand.place(lines=[{"sku": sku} for sku in self.skus])
        self.strikes_at, self.passed = strikes_at, []
        await self.brand.tell(self.order)
        await work(self.carrier)
        return len(self.passed) >= strikes_at

    async def _cancel(self) -> None:
        assert self.order is not None
        self.cancelled.append(self.order)
        self.brand.shop.change_order(self.order.id, cancelled_at=self.brand.floor.now)
        if self.is_told:
            await self.brand.tell(self.order, "orders/cancelled")
            await work(self.other)


def end(bought: int, asked: int, most: int) -> str:
    """What became of a cancelled order that was bought and asked about so often; `most` is how many purchases it is."""
    if bought > most:
        return "bought twice"
    if bought > asked:
        return SILENT
    if asked > bought:
        return "asked about for nothing"
    return CALLED_OFF if bought else "not bought"


async def work(pump: Pump) -> None:
    """Until nothing is due."""
    while await pump.look():
        await pump.rest()


@asynccontextmanager
async def two_workers(database_url: str, folder: Path, promise: str) -> AsyncIterator[Play]:
    """The brand, suppliers that keep this promise, and two workers of the hub."""
    async with open_brand(database_url, folder, Terms(promise=promise)) as brand:
        plays: list[Play] = []

        async def reached(point: str) -> None:
            if plays:
                await plays[0].reached(point)

        hub = brand.floor.hub
        async with hub.pump("carrier", reached) as carrier, hub.pump("other") as other:
            await carrier._beat()
            await other._beat()
            plays.append(Play(brand, carrier, other))
            yield plays[0]


@pytest.mark.parametrize(
    "skus", [("NECK-01",), ("RING-02", "CUFF-03")], ids=["one supplier", "two suppliers"]
)
@pytest.mark.parametrize("is_lost", [False, True], ids=["answered", "answer lost"])
@pytest.mark.parametrize("promise", KINDS)
async def test_cancelled_at_any_point_an_order_is_not_bought_or_somebody_calls_it_off(
    promise: str, is_lost: bool, skus: tuple[str, ...], database_url: str, tmp_path: Path
) -> None:
    async with two_workers(database_url, tmp_path, promise) as play:
        play.skus, play.is_lost = skus, is_lost
        cases = await play.at_every_point()
        assert cases >= 25, "every point is struck once"
        for _ in range(4):
            await play.brand.floor.let_pass(minutes=15)
        ends = await play.ends()
        assert (ends.total(), set(ends)) == (cases, {"not bought", CALLED_OFF})


@pytest.mark.parametrize("promise", KINDS)
async def test_a_shop_that_tells_of_it_later_is_believed_then_and_what_was_bought_meanwhile_is_called_off(
    promise: str, database_url: str, tmp_path: Path
) -> None:
    async with two_workers(database_url, tmp_path, promise) as play:
        play.is_told = False
        cases = await play.at_every_point()
        assert cases >= 25
        assert (await play.ends())[SILENT], "as long as the shop says nothing, nobody can know"
        for order in play.cancelled:
            await play.brand.tell(order, "orders/cancelled")
        await play.brand.floor.settle()
        ends = await play.ends()
        assert (ends.total(), set(ends)) == (cases, {"not bought", CALLED_OFF})
