"""The Monday batch: eighty orders of a jewellery brand, sent to a running hub as the shop would send them."""

import asyncio
import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from itertools import groupby
from typing import Any

import httpx

from hub.assembly import Hub
from hub.store.health import tally, touched_by_people

SUPPLIERS = ("harbour", "coastal")
REPEATED = 8
"""Every eighth webhook is sent twice, as shops do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the batch. Purchase orders are counted at the suppliers' doubles, holds in the hub's cases."""

    orders: int
    purchase_orders: int
    held_address: int
    held_stock: int
    duplicates: int
    touchless: float
    by_supplier: dict[str, int]
    limbo: int

    def figures(self, seconds: float) -> dict[str, Any]:
        """The figures as `--json` gives them."""
        return {
            "orders": self.orders,
            "purchase_orders": self.purchase_orders,
            "held": {"address": self.held_address, "stock": self.held_stock},
            "duplicates": self.duplicates,
            "touchless": self.touchless,
            "seconds": round(seconds, 1),
        }


@dataclass
class Monday:
    """The batch: its orders, where the doubles are, and where the hub takes webhooks."""

    files: Traversable
    doubles: str
    hub: str

    async def seed(self, client: httpx.AsyncClient) -> list[int]:
        """Put the orders into the shop and the stock onto the shelves; gives the orders' ids at the shop."""
        for supplier in SUPPLIERS:
            stock = {
                r["supplier_sku"]: int(r["available"])
                for r in self._rows("stock.csv")
                if r["supplier"] == supplier
            }
            url = f"{self.doubles}/supplier_api/{supplier}/_sandbox/behaviour"
            (await client.post(url, json={"stock": stock})).raise_for_status()
        ids = []
        for _, rows in groupby(self._rows("orders.csv"), key=lambda r: r["number"]):
            url = f"{self.doubles}/shopify/shop-1/_sandbox/orders"
            answer = await client.post(url, json=_order(list(rows)))
            answer.raise_for_status()
            ids.append(int(answer.json()["id"]))
        return ids

    async def send(self, client: httpx.AsyncClient, ids: list[int], sent: Callable[[], None]) -> None:
        """Deliver each order's paid webhook, signed by the shop, a few at a time; some of them twice."""
        gate = asyncio.Semaphore(8)

        async def one(number: int, id: int) -> None:
            url = f"{self.doubles}/shopify/shop-1/_sandbox/orders/{id}/webhook"
            async with gate:
                made = (await client.post(url, json={"topic": "orders/paid"})).raise_for_status().json()
                for _ in range(2 if number % REPEATED == 0 else 1):
                    answer = await client.post(
                        f"{self.hub}/webhooks/shop-1", content=made["body"].encode(), headers=made["headers"]
                    )
                    answer.raise_for_status()
            sent()

        await asyncio.gather(*[one(number, id) for number, id in enumerate(ids)])

    async def outcome(self, hub: Hub, client: httpx.AsyncClient, orders: int) -> Outcome:
        """Count what happened: at the suppliers, who keep their own books, and in the hub's cases."""
        bought: dict[str, int] = {}
        twice = 0
        for supplier in SUPPLIERS:
            state = (await client.get(f"{self.doubles}/supplier_api/{supplier}/_sandbox/state")).json()
            bought[supplier] = state["orders"]
            twice += len(state["bought_twice"])
        async with hub.database.connection() as connection:
            found = await tally(connection, hub.clock.now())
            touched = await touched_by_people(connection)
        return Outcome(
            orders,
            sum(bought.values()),
            found.cases.get("address", 0),
            found.cases.get("stock", 0),
            twice,
            float(Decimal(orders - touched) / orders),
            bought,
            found.limbo,
        )

    def _rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(self.files.joinpath(name).read_text(encoding="utf-8").splitlines()))


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
