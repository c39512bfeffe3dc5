"""A small trade for these tests: a shop, two suppliers, a carrier, and a few of the hub's own actions."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel

from hub.catalog.catalog import Catalog
from hub.catalog.own import OwnAction
from hub.catalog.plugins import Installed
from hub.sdk import (
    ActionShape,
    Call,
    Checkable,
    Connector,
    Declared,
    Delivery,
    Event,
    Idempotent,
    Keyed,
    Read,
    Settings,
    Unsafe,
    action,
    webhook,
)
from hub.sdk.commerce import Accepted, Address, Money, NewPurchaseOrder, PurchaseLine, PurchaseOrder, Record


class OrderPlaced(Event):
    """A customer placed an order."""

    match_fields = ("number",)
    number: str


class OrderPaid(OrderPlaced):
    """An order's payment cleared."""


class Number(Record):
    """Names one order."""

    number: str


class ShopOrder(Record):
    """An order of the test shop."""

    number: str
    payment: Literal["pending", "paid", "refunded"]
    total: Money
    ship_to: Address
    placed_at: AwareDatetime
    quantity: int = 1
    weight: Decimal = Decimal(0)
    tags: list[str] = []
    extra: dict[str, Any] = {}
    cancelled_at: AwareDatetime | None = None


class Reason(Number):
    """Why an order is cancelled."""

    reason: str


class Note(Number):
    """A line for the shop's staff."""

    text: str


class Fulfilled(Number):
    """Where a parcel stands."""

    status: str


class Shop(Connector[Settings]):
    """The test shop."""

    name = "testshop"
    title = "Test shop"

    @webhook("orders/placed")
    def placed(self, delivery: Delivery) -> OrderPlaced:
        """A customer placed an order."""
        return OrderPlaced.model_validate_json(delivery.body)

    @webhook("orders/paid")
    def paid(self, delivery: Delivery) -> OrderPaid:
        """An order's payment cleared."""
        return OrderPaid.model_validate_json(delivery.body)

    @action(Read(), refusals=("not-found",))
    async def get_order(self, input: Number, call: Call) -> ShopOrder:
        """Read an order."""
        raise NotImplementedError

    @action(Idempotent(), refusals=("not-found",))
    async def cancel_order(self, input: Reason, call: Call) -> Accepted:
        """Cancel an order."""
        raise NotImplementedError

    @action(Unsafe())
    async def add_note(self, input: Note, call: Call) -> Accepted:
        """Note something."""
        raise NotImplementedError

    @action(Declared())
    async def mark_fulfilled(self, input: Fulfilled, call: Call) -> Accepted:
        """Say that an order is on its way."""
        raise NotImplementedError


class Workshop(Connector[Settings]):
    """A supplier that engraves."""

    name = "workshop"
    title = "Workshop"

    @action(Keyed(), refusals=("out-of-stock", "address-invalid"))
    async def create_purchase_order(self, input: NewPurchaseOrder, call: Call) -> PurchaseOrder:
        """Buy."""
        raise NotImplementedError


class TrackingUpdated(Event):
    """A carrier scanned a parcel."""

    match_fields = ("tracking_number",)
    tracking_number: str
    status: Literal["in_transit", "delivered", "returned"]
    last_scan: AwareDatetime


class Parcel(Record):
    """Names a parcel."""

    tracking_number: str


class Claim(Parcel):
    """Why a claim is opened."""

    reason: str


class Whereabouts(Parcel):
    """Where a parcel is."""

    status: Literal["in_transit", "delivered", "returned"]
    last_scan: AwareDatetime


class Carrier(Connector[Settings]):
    """A parcel service."""

    name = "dhl"
    title = "Parcels"

    @webhook("tracking")
    def scanned(self, delivery: Delivery) -> TrackingUpdated:
        """A parcel was scanned."""
        return TrackingUpdated.model_validate_json(delivery.body)

    @action(Read())
    async def get_tracking(self, input: Parcel, call: Call) -> Whereabouts:
        """Ask where a parcel is."""
        raise NotImplementedError

    @action(Checkable())
    async def open_claim(self, input: Claim, call: Call) -> Accepted:
        """Open a claim."""
        raise NotImplementedError


class Purchase(Record):
    """What is to be bought from one supplier."""

    supplier: str
    reference: str
    lines: list[PurchaseLine]


class Decision(Record):
    """Who ships what."""

    purchases: list[Purchase]


class ForOrder(Record):
    """An order."""

    order: ShopOrder


class ForPurchase(ForOrder):
    """An order and a part of it."""

    purchase: Purchase


class Notice(ForOrder):
    """What to tell a customer."""

    notice: str


class PromisedParcel(Record):
    """A parcel with its promise."""

    id: str
    order_number: str
    tracking_number: str
    promised_by: datetime


class ShipmentCreated(Event):
    """A parcel is on its way."""

    shipment: PromisedParcel


class ResendRequested(Event):
    """A second parcel is wanted."""

    order: str


async def _never(input: Any, call: Any) -> BaseModel:
    raise NotImplementedError


def own(noun: str, name: str, inputs: type[BaseModel], outputs: type[BaseModel], *refusals: str) -> OwnAction:
    """One of the hub's own actions."""
    return OwnAction(noun, ActionShape(name, inputs, outputs, Idempotent(), refusals), _never)


_OWN = [
    own("purchasing", "assign", ForOrder, Decision, "no-supplier"),
    own("purchasing", "claim", ForPurchase, Accepted, "stock", "address", "payment"),
    own("customers", "notify", Notice, Accepted),
]

CATALOG = Catalog(
    Installed({c.name: c for c in (Shop, Workshop, Carrier)}, (), {}, ()),
    {f"{a.noun}.{a.shape.name}": a for a in _OWN},
    {e.event_name(): e for e in (ShipmentCreated, ResendRequested)},
)
"""What is installed in these tests."""
