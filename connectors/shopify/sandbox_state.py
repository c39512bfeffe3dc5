"""What the sandbox remembers of a shop: orders as people describe them, fulfilment orders, holds, and what followed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import count

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from connectors.shopify.sandbox_records import (
    CancelJob,
    EditRecord,
    EditSession,
    ParcelRecord,
    RefundRecord,
    SubscriptionRecord,
    Variant,
)

OUR_APP = "faros"
"""Who holds when the request carries our token."""

PAID = ("PAID", "PARTIALLY_REFUNDED", "REFUNDED")
OVER = ("CLOSED", "CANCELLED", "INCOMPLETE")


class Seed(BaseModel):
    """A part of an order, as given to `add_order`; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class LineSeed(Seed):
    """A line. `current_quantity` is what edits and refunds leave; None leaves all."""

    id: int = 0
    sku: str | None = "GLW-SERUM-30"
    title: str = "Glow serum"
    variant: str | None = None
    quantity: int = 1
    current_quantity: int | None = None
    price: Decimal = Decimal("24.00")
    tax: Decimal = Decimal(0)
    """How much of the price is tax."""
    requires_shipping: bool = True
    gift_card: bool = False
    product_type: str = ""
    properties: dict[str, str] = Field(default_factory=dict)
    location: str = "Main warehouse"
    """Which location sends it: lines of one location make one fulfilment order."""

    def left(self) -> int:
        """How many are still wanted."""
        return self.quantity if self.current_quantity is None else self.current_quantity


class AddressSeed(Seed):
    """Where it goes."""

    name: str = "Ada Byron"
    company: str | None = None
    address1: str | None = "350 5th Ave"
    address2: str | None = None
    city: str | None = "New York"
    province_code: str | None = "NY"
    zip: str | None = "10118"
    country_code: str | None = "US"
    phone: str | None = None


class CustomerSeed(Seed):
    """Who bought."""

    id: int = 0
    first_name: str | None = "Ada"
    last_name: str | None = "Byron"
    email: str | None = None
    phone: str | None = None
    accepts_sms: bool = False


class AssessmentSeed(Seed):
    """One provider's view of the risk."""

    level: str = "LOW"
    facts: list[tuple[str, str]] = Field(default_factory=list)
    """Sentiment and description."""


class OrderSeed(Seed):
    """An order. Without more it is paid, of low risk, for one line to New York."""

    id: int = 0
    name: str = ""
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    test: bool = False
    source_identifier: str | None = None
    """What the platform calls it on which it was placed, where an app copied it from there."""
    financial_status: str = "PAID"
    currency: str = "USD"
    email: str | None = "ada@example.com"
    phone: str | None = None
    note: str | None = None
    tags: list[str] = Field(default_factory=list)
    customer: CustomerSeed | None = Field(default_factory=CustomerSeed)
    shipping_address: AddressSeed | None = Field(default_factory=AddressSeed)
    shipping_method: str | None = "Standard"
    shipping_price: Decimal = Decimal(0)
    shipping_refunded: Decimal = Decimal(0)
    paid: Decimal | None = None
    """What the customer paid; None means all of it, once the financial status says so."""
    by_gift_card: Decimal = Decimal(0)
    """How much of that came off a gift card, which is a payment of its own."""
    recommendation: str = "ACCEPT"
    assessments: list[AssessmentSeed] = Field(default_factory=lambda: [AssessmentSeed()])
    lines: list[LineSeed] = Field(default_factory=lambda: [LineSeed()])

    def total(self) -> Decimal:
        """What the lines that are left cost, and the shipping that was not refunded."""
        shipping = self.shipping_price - self.shipping_refunded
        return sum((line.price * line.left() for line in self.lines), shipping)

    def line(self, line_id: int) -> LineSeed | None:
        """One of its lines."""
        return next((x for x in self.lines if x.id == line_id), None)


class Hold(BaseModel):
    """A hold; the handle is unique per app and fulfilment order."""

    id: str
    app: str
    handle: str | None
    reason: str
    notes: str | None = None


class WaitingUnits(BaseModel):
    """Units of a line that one location has to send, and how many of them are still there."""

    id: str
    line: int
    total: int
    remaining: int


class FulfilmentOrderState(BaseModel):
    """One location's part of an order."""

    id: str
    location: str
    status: str = "OPEN"
    holds: list[Hold] = Field(default_factory=list)
    waiting: list[WaitingUnits] = Field(default_factory=list)


class ShopState:
    """One shop's orders, by id, and what became of them."""

    def __init__(self) -> None:
        self.orders: dict[int, OrderSeed] = {}
        self.fulfilment: dict[int, list[FulfilmentOrderState]] = {}
        self.parcels: dict[str, ParcelRecord] = {}
        self.refunds: defaultdict[int, list[RefundRecord]] = defaultdict(list)
        self.edits: defaultdict[int, list[EditRecord]] = defaultdict(list)
        self.sessions: dict[str, EditSession] = {}
        self.jobs: dict[str, CancelJob] = {}
        self.variants: list[Variant] = []
        self.subscriptions: list[SubscriptionRecord] = []
        self._numbers = count(1001)
        self._ids = count(5_830_112_420_101)

    def add(self, order: OrderSeed, now: datetime) -> OrderSeed:
        """Remember an order, giving it whatever numbers and moments it lacks."""
        order.id = order.id or next(self._ids)
        if order.id in self.orders:
            raise ValueError(f"There is an order {order.id} already.")
        order.name = order.name or f"#{next(self._numbers)}"
        order.created_at = order.created_at or now
        order.updated_at = order.updated_at or order.created_at
        self.number(order)
        self.orders[order.id] = order
        self.fulfilment[order.id] = []
        self.assign(order)
        return order

    def number(self, order: OrderSeed) -> None:
        """Give the customer and the lines of an order the ids they lack, and note what was paid."""
        if order.customer is not None:
            order.customer.id = order.customer.id or next(self._ids)
        for line in order.lines:
            line.id = line.id or next(self._ids)
        if order.paid is None and order.financial_status in PAID:
            order.paid = order.total()

    def assign(self, order: OrderSeed) -> None:
        """Let each location send the lines that name it. Its fulfilment order stays; what it waits for is set anew."""
        parts = {p.location: p for p in self.fulfilment[order.id] if p.status not in OVER}
        for part in parts.values():
            part.waiting = []
        for line in order.lines:
            if not line.requires_shipping or line.gift_card:
                continue
            if line.location not in parts:
                part = FulfilmentOrderState(id=self.gid("FulfillmentOrder"), location=line.location)
                parts[line.location] = part
                self.fulfilment[order.id].append(part)
            left = max(line.left() - self.sent(order.id, line.id), 0)
            units = WaitingUnits(
                id=self.gid("FulfillmentOrderLineItem"), line=line.id, total=line.quantity, remaining=left
            )
            parts[line.location].waiting.append(units)

    def cancel(self, order_id: int) -> None:
        """Nothing of a cancelled order is to be sent any more."""
        for part in self.fulfilment[order_id]:
            part.status = "CANCELLED"
            part.holds.clear()

    def gid(self, kind: str) -> str:
        """A new global id."""
        return f"gid://shopify/{kind}/{next(self._ids)}"

    def find(self, gid: str) -> OrderSeed | None:
        """An order by its global id."""
        kind, _, number = gid.rpartition("/")
        return self.orders.get(int(number)) if kind == "gid://shopify/Order" and number.isdecimal() else None

    def find_fulfilment(self, gid: str) -> tuple[OrderSeed, FulfilmentOrderState] | None:
        """A fulfilment order and its order, by the former's global id."""
        for number, parts in self.fulfilment.items():
            for part in parts:
                if part.id == gid:
                    return self.orders[number], part
        return None

    # What followed.

    def parcels_of(self, order_id: int) -> list[ParcelRecord]:
        """The parcels of an order, cancelled ones too."""
        return [p for p in self.parcels.values() if p.order == order_id]

    def parcel_with(self, tracking_number: str) -> ParcelRecord:
        """The newest parcel that carries a number."""
        found = [p for p in self.parcels.values() if tracking_number in (t["number"] for t in p.tracking)]
        if not found:
            raise LookupError(f"No parcel of this shop carries the number {tracking_number}.")
        return found[-1]

    def send(self, order: OrderSeed, tracking_number: str, now: datetime, id: int | None) -> ParcelRecord:
        """All that waits leaves, in one parcel for each location."""
        tracking: list[dict[str, str | None]] = [{"number": tracking_number, "company": None, "url": None}]
        parcels = []
        for part in self.fulfilment[order.id]:
            units = {w.line: w.remaining for w in part.waiting if w.remaining}
            gid = f"gid://shopify/Fulfillment/{id}" if id else self.gid("Fulfillment")
            parcels.append(ParcelRecord(gid, order.id, part.id, units, tracking, now))
            for waiting in part.waiting:
                waiting.remaining = 0
            part.status = "CLOSED"
        self.parcels |= {p.id: p for p in parcels}
        return parcels[-1]

    def sent(self, order_id: int, line_id: int) -> int:
        """How many units of a line have left."""
        return sum(p.units.get(line_id, 0) for p in self.parcels_of(order_id) if p.is_live())

    def waiting(self, order_id: int, line_id: int) -> Iterator[WaitingUnits]:
        """Where units of a line wait."""
        for part in self.fulfilment[order_id]:
            if part.status not in OVER:
                yield from (w for w in part.waiting if w.line == line_id)

    def take_off(self, order: OrderSeed, line_id: int, quantity: int) -> None:
        """Take units off a line, those that have not left first."""
        line = order.line(line_id)
        assert line is not None
        line.current_quantity = line.left() - quantity
        for units in self.waiting(order.id, line_id):
            gone = min(units.remaining, quantity)
            units.remaining -= gone
            quantity -= gone

    def refunded(self, order_id: int) -> Decimal:
        """What went back to the customer."""
        return sum((r.amount() for r in self.refunds[order_id]), Decimal(0))

    def refundable(self, order: OrderSeed) -> Decimal:
        """What is left of what was paid."""
        return (order.paid or Decimal(0)) - self.refunded(order.id)
