"""A store with suppliers, articles and orders, to ask the hub's own actions of."""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hub.fulfilment import claiming, orders, purchasing, stock
from hub.fulfilment.call import OwnCall
from hub.fulfilment.decision import (
    AboutOrder,
    ClaimPurchase,
    Decision,
    GiveBack,
    LineDecision,
    PlannedPurchase,
)
from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import Rule, When
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.sdk import Refused
from hub.sdk.commerce import (
    Address,
    AddressVerdict,
    AddressVerdictCode,
    Customer,
    Money,
    NewPurchaseOrder,
    Order,
    OrderLine,
    PurchaseOrder,
    StockLevel,
    StockLevels,
)
from hub.store.configuration import ArticleNew, ConnectionSpec, put_articles, put_connection, put_store
from hub.store.database import Database
from hub.store.sealing import Box

T = TypeVar("T")

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEW_YORK = Address(
    name="Ada", line1="1 Main St", city="New York", region="NY", postcode="10001", country="US"
)
LONDON = Address(name="Ada", line1="1 High St", city="London", postcode="N1 1AA", country="GB")
BERLIN = Address(name="Ada", line1="Gasse 1", city="Berlin", postcode="10115", country="DE")


def usd(amount: str | int) -> Money:
    return Money(amount=Decimal(amount), currency="USD")


def line(sku: str = "NECK-01", quantity: int = 1, **more: Any) -> OrderLine:
    return OrderLine(id=more.pop("id", f"line-{sku}"), sku=sku, quantity=quantity, unit_price=usd(89), **more)


def order(number: str = "#1001", **changes: Any) -> Order:
    fields: dict[str, Any] = {
        "id": f"id-{number}",
        "number": number,
        "created_at": MONDAY,
        "updated_at": MONDAY,
        "payment": "paid",
        "total": usd(89),
        "customer": Customer(email="ada@example.com"),
        "ship_to": NEW_YORK,
        "lines": [line()],
    }
    return Order(**{**fields, **changes})


def supplier(connection: str, region: str = "US", **more: Any) -> SupplierSpec:
    return SupplierSpec(connection=connection, name=connection.title(), region=region, **more)


def rule(id: str, when: When | None = None, **more: Any) -> Rule:
    return Rule(id=id, when=when or When(), **more)


async def refusal(asked: Awaitable[object]) -> Refused:
    """The refusal that this must end in."""
    try:
        await asked
    except Refused as error:
        return error
    raise AssertionError("It was not refused.")


class Trade:
    """One store. `run` is the run that asks; a test may change it, the time, policies, suppliers and rules."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.store_id = f"store-{uuid4()}"
        self.source = f"shop-{uuid4()}"
        self.now = MONDAY
        self.run = uuid4()
        self.box = Box(os.urandom(32), b"ada", uuid4())
        self.policies = Policies(safety_threshold=0)
        self.suppliers = [supplier("a"), supplier("b")]
        self.rules: list[Rule] = []
        self.calendar = Calendar()
        self.settings: dict[str, Any] = {}
        self.linked: list[UUID] = []
        self._articles: list[ArticleNew] = []

    @classmethod
    async def open(cls, database: Database) -> "Trade":
        trade = cls(database)
        async with database.transaction() as connection:
            await put_store(connection, trade.store_id, {})
        await trade.connect(trade.source)
        return trade

    async def connect(self, source: str, live_from: datetime | None = None) -> None:
        async with self.database.transaction() as connection:
            await put_connection(connection, ConnectionSpec(source, self.store_id, "shopify"))
            await connection.execute("update connections set live_from = $2 where id = $1", source, live_from)

    async def sells(self, sku: str = "NECK-01", stock: int = 100, age: int = 0, **costs: int | str) -> None:
        """Suppliers' articles by cost; each is called like the supplier and the SKU, as in `a-NECK-01`."""
        for name, cost in costs.items():
            self._articles.append(ArticleNew(sku, name, f"{name}-{sku}", Decimal(cost), "USD"))
        async with self.database.transaction() as connection:
            await put_articles(connection, self.store_id, self._articles)
        for name in costs:
            await self.has(name, sku, stock, age)

    async def packs(self, sku: str, name: str, stock: int = 100, **parts: tuple[int, int]) -> None:
        """A supplier's pack or kit: of each part how many make one, and the cost of each; called as in `a-CHAIN`."""
        self._articles += [
            ArticleNew(sku, name, f"{name}-{part}", Decimal(cost), "USD", units)
            for part, (units, cost) in parts.items()
        ]
        async with self.database.transaction() as connection:
            await put_articles(connection, self.store_id, self._articles)
        for part in parts:
            await self.has(name, part, stock)

    async def has(
        self, name: str, sku: str = "NECK-01", available: int = 0, age: int = 0, *, is_confirmed: bool = False
    ) -> int:
        level = StockLevel(sku=f"{name}-{sku}", available=available, as_of=self.now - timedelta(minutes=age))
        asked = stock.RecordStock(
            connection=name, levels=StockLevels(levels=[level]), is_confirmed=is_confirmed
        )
        return (await self.ask(stock.record, asked)).articles

    async def ask(self, function: Callable[[Any, OwnCall], Awaitable[T]], asked: object) -> T:
        """Perform an own action as a step does: in a transaction that a refusal undoes."""
        async with self.database.transaction() as connection:
            call = OwnCall(
                connection=connection,
                store_id=self.store_id,
                run_id=self.run,
                person_id=self.box.id,
                source=self.source,
                now=self.now,
                sealer=self.box,
                link_order=self.linked.append,
                policies=self.policies,
                suppliers=self.suppliers,
                rules=self.rules,
                calendar=self.calendar,
                settings=self.settings,
            )
            return await function(asked, call)

    async def record(self, it: Order) -> orders.RecordedOrder:
        return await self.ask(orders.record, AboutOrder(order=it))

    async def verify(self, it: Order, code: AddressVerdictCode = "deliverable") -> orders.AddressNote:
        return await self.ask(
            orders.note_address, orders.CheckedAddress(order=it, verdict=AddressVerdict(verdict=code))
        )

    async def cancel(self, it: Order) -> orders.Cancellation:
        return await self.ask(orders.cancel, orders.CancelOrder(order_id=it.id))

    async def assign(self, it: Order) -> Decision:
        """Record, then assign."""
        await self.record(it)
        return await self.ask(purchasing.assign, AboutOrder(order=it))

    async def decide(self, it: Order) -> LineDecision:
        """The decision on the first line."""
        return (await self.assign(it)).lines[0]

    async def ready(self, it: Order) -> PlannedPurchase:
        """The first purchase of an order that may be bought now."""
        decision = await self.assign(it)
        await self.verify(it)
        return decision.purchases[0]

    async def claim(self, it: Order, purchase: PlannedPurchase) -> NewPurchaseOrder:
        return await self.ask(claiming.claim, ClaimPurchase(order=it, purchase=purchase))

    async def confirm(self, reference: str, status: Any = "accepted") -> None:
        answer = PurchaseOrder(reference=reference, status=status, supplier_reference="S-1", cost=usd(10))
        await self.ask(claiming.confirm, claiming.ConfirmPurchase(purchase=answer))

    async def give_back(self, reference: str, reason: str = "out-of-stock") -> None:
        await self.ask(claiming.give_back, GiveBack(reference=reference, reason=reason))

    async def begin_effect(self, purchase: PlannedPurchase, state: str = "intended") -> None:
        """What the ledger says once the purchase was about to be sent."""
        async with self.database.transaction() as connection:
            await connection.execute(
                """insert into effects (id, store_id, run_id, order_id, node, connection_id, action, kind, key,
                     person_id, request, state, attempt, lookups, reason, intended_at, attempted_at)
                   values ($1, $2, $3, $4, 'buy', $5, 'create_purchase_order', '{}', $6, $7, '', $8, 1, 0, '',
                           $9, $9)""",
                uuid4(), self.store_id, self.run, self.linked[-1], purchase.supplier, purchase.reference, self.box.id,
                state, self.now,
            )  # fmt: skip

    async def value(self, query: str) -> Any:
        """One figure of this store, `$1`."""
        async with self.database.connection() as connection:
            return await connection.fetchval(query, self.store_id)
