"""The Monday batch: eighty orders of a jewellery brand, sent to a running hub as the shop would send them."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any

from hub.cli.demo_suppliers import BY_FILE, STORE, suppliers
from hub.cli.doubles import Doubles
from hub.cli.stage import PATIENCE, Stage
from hub.store.health import tally, touched_by_people
from hub.store.stock import levels_of

REPEATED = 8
"""Every eighth webhook is sent twice, as shops do."""
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Reached:
    """How a supplier is reached, and how many purchase orders are in its books."""

    supplier: str
    by: str
    purchase_orders: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the batch. Purchase orders are counted at the suppliers' doubles, holds in the hub's cases."""

    orders: int
    reached: tuple[Reached, ...]
    held_address: int
    held_stock: int
    duplicates: int
    touchless: float
    limbo: int

    @property
    def purchase_orders(self) -> int:
        """Of all suppliers."""
        return sum(one.purchase_orders for one in self.reached)

    def figures(self, seconds: float) -> dict[str, Any]:
        """The figures as `--json` gives them."""
        return {
            "orders": self.orders,
            "purchase_orders": self.purchase_orders,
            "suppliers": {
                one.supplier: {"by": one.by, "purchase_orders": one.purchase_orders} for one in self.reached
            },
            "held": {"address": self.held_address, "stock": self.held_stock},
            "duplicates": self.duplicates,
            "touchless": self.touchless,
            "seconds": round(seconds, 1),
        }


@dataclass
class Monday:
    """The batch: its orders, where they are played, and the doubles."""

    files: Traversable
    stage: Stage
    doubles: Doubles

    async def seed(self) -> list[int]:
        """Put the orders into the shop, and wait until the supplier's stock list was read; gives the orders' ids."""
        rows = csv.DictReader(self.files.joinpath("orders.csv").read_text(encoding="utf-8").splitlines())
        ids = [
            self._shop.add_order(**_order(list(r))).id for _, r in groupby(rows, key=lambda r: r["number"])
        ]
        async with asyncio.timeout(PATIENCE):
            while not await self._stock_is_known():  # noqa: ASYNC110  a worker tells nobody what it has read
                await asyncio.sleep(0.1)
        return ids

    async def send(self, ids: list[int], sent: Callable[[], None]) -> None:
        """Deliver each order's paid webhook, signed by the shop, a few at a time; some of them twice."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(number: int, id: int) -> None:
            async with gate:
                told = self._shop.order_paid_webhook(id)
                for _ in range(2 if number % REPEATED == 0 else 1):
                    await self.stage.post("shop-1", told)
            sent()

        await asyncio.gather(*[one(number, id) for number, id in enumerate(ids)])

    async def outcome(self, orders: int) -> Outcome:
        """Count what happened: at the suppliers, who keep their own books, and in the hub's cases."""
        books = [(one, one.bought()) for one in suppliers(self.doubles)]
        hub = self.stage.hub
        async with hub.database.connection() as connection:
            found = await tally(connection, hub.clock.now())
            touched = await touched_by_people(connection)
        return Outcome(
            orders,
            tuple(Reached(one.name, one.way, bought.total()) for one, bought in books),
            found.cases.get("address", 0),
            found.cases.get("stock", 0),
            sum(times > 1 for _, bought in books for times in bought.values()),
            float(Decimal(orders - touched) / orders),
            found.limbo,
        )

    async def _stock_is_known(self) -> bool:
        async with self.stage.hub.database.connection() as connection:
            return bool(await levels_of(connection, STORE, BY_FILE))

    @property
    def _shop(self) -> Any:
        return self.doubles.double("shopify", "shop-1")


def _order(rows: list[dict[str, str]]) -> dict[str, Any]:
    """One order as the shop's double takes it, from its lines in the file."""
    first = rows[0]
    name = f"{first['first_name']} {first['last_name']}"
    return {
        "name": f"#{first['number']}",
        "email": first["email"],
        "customer": {
            "first_name": first["first_name"],
            "last_name": first["last_name"],
            "email": first["email"],
        },
        "shipping_address": {
            "name": name,
            "address1": first["line1"],
            "address2": first["line2"] or None,
            "city": first["city"],
            "province_code": first["region"],
            "zip": first["postcode"],
        },
        "lines": [
            {"sku": r["sku"], "title": r["title"], "quantity": int(r["quantity"]), "price": r["price"]}
            for r in rows
        ],
    }
