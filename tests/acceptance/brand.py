"""A jewellery brand on the reference flows: its shop, its suppliers and services as doubles, the hub between them."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request

from connectors.aftership.sandbox import AfterShipSandbox
from connectors.alerts.sandbox import AlertsSandbox
from connectors.easypost.sandbox import EasyPostSandbox
from connectors.gorgias.sandbox import GorgiasSandbox
from connectors.klaviyo.sandbox import KlaviyoSandbox
from connectors.lob.sandbox import LobSandbox
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.engine.publishing import publish
from hub.project.project import load
from hub.sdk.testing import Sandbox, route
from hub.sdk.testing.sandbox import Receive, Scope, Send
from hub.store.configuration import pause_connection, resume_connection
from hub.store.encoding import from_bytes
from hub.store.switches import pause_store, resume_store
from tests.acceptance.project import SKUS, THREE_SHOPS, Terms, lay_out
from tests.floor import Floor, open_floor

__all__ = ["SKUS", "THREE_SHOPS", "Brand", "Terms", "Warehouse", "open_brand"]


class Warehouse(SupplierSandbox):
    """A supplier; a test may let something happen elsewhere once, while it is asked: by the path of the question."""

    def __init__(self, promise: Any = "keyed", ledger: Path | None = None) -> None:
        super().__init__(promise, ledger)
        self.meanwhile: dict[str, Callable[[], Awaitable[None]]] = {}
        self.feed_age = 0
        """Minutes since its stock figures were true."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if event := self.meanwhile.pop(scope.get("path", ""), None):
            await event()
        await super().__call__(scope, receive, send)

    @route("GET", "/stock")
    async def levels(self, request: Request) -> Any:
        answer = await super().levels(request)
        if self.feed_age and isinstance(answer, tuple):
            as_of = (self.now() - timedelta(minutes=self.feed_age)).isoformat()
            return answer[0], {"levels": [level | {"as_of": as_of} for level in answer[1]["levels"]]}
        return answer


@dataclass
class Brand:
    """The brand's Monday: customers buy, the hub works, and everybody's books can be looked at."""

    floor: Floor
    shop: ShopifySandbox
    shops: dict[str, ShopifySandbox]
    verifier: EasyPostSandbox
    messages: KlaviyoSandbox
    alerts: AlertsSandbox
    tracker: AfterShipSandbox
    desk: GorgiasSandbox
    suppliers: dict[str, Warehouse]
    folder: Path
    terms: Terms

    async def publish(self, **changed: Any) -> None:
        """The merchant edits hub.yaml or the SKU map and applies it."""
        self.terms = replace(self.terms, **changed)
        lay_out(self.folder, self.terms)
        async with self.floor.hub.database.transaction() as connection:
            project = load(self.folder, self.floor.hub.catalog)
            await publish(connection, project.publication(), "ada", self.floor.now)
        await self.floor.hub.refresh()
        self.floor.hub.adopt(self.floor.pump.engine)
        assert not self.floor.hub.source.broken

    async def map(self, row: str) -> None:
        """The merchant adds an article to the SKU map, and the supplier has a thousand of it."""
        _, supplier, article, *_ = row.split(",")
        self.suppliers[supplier].stock[article] = 1000
        await self.publish(skus=f"{self.terms.skus}{row}\n")

    def place(self, sku: str = "NECK-01", quantity: int = 1, **fields: Any) -> OrderSeed:
        """Another customer buys one article, and the shop has not told anybody yet."""
        lines = [{"sku": sku, "quantity": quantity, "price": "60.00"}]
        email = f"buyer{len(self.shop.state.orders)}@example.com"
        return self.shop.add_order(**{"lines": lines, "email": email, **fields})

    async def tell(self, order: OrderSeed, topic: str = "orders/paid") -> None:
        """The shop's webhook arrives."""
        await self.floor.deliver("shop-1", self.shop.order_webhook(order.id, topic))

    async def buy(self, sku: str = "NECK-01", quantity: int = 1, **fields: Any) -> OrderSeed:
        """A customer buys and pays, the webhook arrives, and the hub does what it can."""
        order = self.place(sku, quantity, **fields)
        await self.tell(order)
        await self.floor.settle()
        return order

    async def cancel(self, order: OrderSeed) -> None:
        """The order is cancelled in the shop, and its webhook arrives."""
        self.shop.change_order(order.id, cancelled_at=self.floor.now)
        await self.tell(order, "orders/cancelled")

    async def supplier_says(
        self, supplier: str, status: str, *parcels: dict[str, Any], place: int = -1
    ) -> None:
        """A supplier's webhook about a purchase order in its books arrives: the newest, or the one at this place."""
        reference = self.suppliers[supplier].orders[place]["reference"]
        await self.floor.deliver(supplier, self.suppliers[supplier].say(reference, status, *parcels))
        await self.floor.settle()

    async def ships(self, number: str, supplier: str = "a", **said: Any) -> None:
        """A supplier says that its newest purchase order left under this number, and the tracker has not heard yet."""
        await self.supplier_says(supplier, "shipped", {"tracking_number": number, "carrier": "UPS", **said})
        await self.pass_by(minutes=2)

    async def scanned(self, number: str, tag: str, **said: Any) -> None:
        """A carrier says something of a parcel, and the tracker's webhook tells of it at once."""
        self.tracker.add_checkpoint(number, tag, **said)
        await self.floor.deliver("tracker-1", self.tracker.update(number))
        await self.floor.settle()

    async def pass_by(self, **span: float) -> None:
        """Time passes as it does, and each thing is done when it falls due."""
        end = self.floor.now + timedelta(**span)
        while self.floor.now < end:
            (row,) = await self.floor.rows(
                """select least((select min(due_at) from runs where ended_at is null and due_at > $1),
                                (select min(next_at) from clocks where next_at > $1)) as next""",
                self.floor.now,
            )
            # Never by less than a second: budgets of requests are given by the second.
            until = min(max(row["next"] or end, self.floor.now + timedelta(seconds=1)), end)
            await self.floor.let_pass(seconds=(until - self.floor.now).total_seconds())

    def heard(self, *but: str) -> Counter[str]:
        """What customers were told, by the name of the event, but for the first confirmation and what else is named."""
        names = [event["metric"]["data"]["attributes"]["name"] for event in self.messages.events]
        return Counter(name for name in names if name not in ("Order Confirmed", *but))

    def parcels(self, order: OrderSeed) -> dict[str, dict[int, int]]:
        """What the shop shows of an order's parcels: the units of each line by tracking number."""
        found = self.shop.state.parcels_of(order.id)
        return {str(parcel.tracking[0]["number"]): parcel.units for parcel in found}

    async def pause(self, connection: str) -> None:
        """Nothing leaves on this connection any more."""
        async with self.floor.hub.database.connection() as open_connection:
            await pause_connection(open_connection, connection, "A person paused it.", self.floor.now)
        await self.floor.let_pass(seconds=1)

    async def resume(self, connection: str) -> None:
        """The connection is open again, and what waited goes on."""
        async with self.floor.hub.database.connection() as open_connection:
            await resume_connection(open_connection, connection, self.floor.now)
        await self.floor.let_pass(seconds=1)

    async def pause_store(self) -> None:
        """Nothing of the store leaves any more."""
        async with self.floor.hub.database.connection() as connection:
            assert await pause_store(connection, "main", self.floor.now)
        await self.floor.let_pass(seconds=1)

    async def resume_store(self) -> None:
        """The store is open again, and what waited goes on."""
        async with self.floor.hub.database.connection() as connection:
            assert await resume_store(connection, "main", self.floor.now)
        await self.floor.let_pass(seconds=1)

    def bought(self) -> list[tuple[str, str]]:
        """What suppliers have in their books, as (supplier, order number); each as often as it was taken."""
        return sorted((s, o["order_number"]) for s, box in self.suppliers.items() for o in box.orders)

    def purchase(self, supplier: str) -> dict[str, Any]:
        """The only purchase order in a supplier's books."""
        (order,) = self.suppliers[supplier].orders
        return order

    def calls(self, supplier: str) -> int:
        """How often a supplier heard of anything at all."""
        return self.suppliers[supplier].requests

    def holds(self, order: OrderSeed) -> list[str]:
        """The handles under which the shop holds an order."""
        return [h.handle or "" for part in self.shop.state.fulfilment[order.id] for h in part.holds]

    async def cases(self) -> Counter[str]:
        """Open cases by kind."""
        return Counter(case["kind"] for case in await self.floor.open_cases())

    async def case(self) -> Any:
        """The only open case."""
        (case,) = await self.floor.open_cases()
        return case

    async def says(self, case: Any) -> str:
        """What a case tells the person who reads it."""
        async with self.floor.hub.database.connection() as connection:
            box = await self.floor.hub.vault.box(connection, case["person_id"])
        return str(from_bytes(box.open(case["body"])))

    async def decisions(self) -> list[Any]:
        """Every decision, oldest first, with its lines and their candidates."""
        return await self.floor.rows("select * from decisions order by made_at")

    async def cursor(self) -> list[Any]:
        """Where the shop's poll stands."""
        return await self.floor.rows("select * from poll_cursors where connection_id = 'shop-1'")

    async def ends(self) -> Counter[str]:
        """How the finished runs ended, by flow."""
        rows = await self.floor.rows("select flow, end_reason from runs where ended_at is not null")
        return Counter(f"{row['flow']}: {row['end_reason']}" for row in rows)


@asynccontextmanager
async def open_brand(database_url: str, folder: Path, terms: Terms) -> AsyncIterator[Brand]:
    """The brand in business. Every supplier has a thousand of each of its articles."""
    suppliers = {name: Warehouse(terms.promise) for name in terms.regions}
    for row in terms.skus.splitlines()[1:]:
        _, supplier, article, *_ = row.split(",")
        suppliers[supplier].stock[article] = 1000
    doubles: dict[str, Sandbox] = {**suppliers}
    shops = {f"shop-{n}": ShopifySandbox() for n in range(1, len(terms.outlets) + 2)}
    shops |= {"market": ShopifySandbox()} if terms.second_channel else {}
    verifier, messages, alerts = EasyPostSandbox(), KlaviyoSandbox(), AlertsSandbox(shows_repeats=True)
    asked = LobSandbox() if terms.verifier == "lob" else verifier
    doubles |= {**shops, "address-1": asked, "messages-1": messages, "alerts-1": alerts}
    for n in range(2, len(terms.outlets) + 2):
        doubles |= {f"address-{n}": EasyPostSandbox(), f"messages-{n}": KlaviyoSandbox()}
        doubles |= {
            f"alerts-{n}": AlertsSandbox(),
            f"tracker-{n}": AfterShipSandbox(),
            f"desk-{n}": GorgiasSandbox(),
        }
    tracker, desk = AfterShipSandbox(), GorgiasSandbox()
    doubles |= {"tracker-1": tracker, "desk-1": desk}
    async with open_floor(database_url, doubles) as floor:
        brand = Brand(
            floor, shops["shop-1"], shops, verifier, messages, alerts, tracker, desk, suppliers, folder, terms
        )
        await brand.publish()
        yield brand
