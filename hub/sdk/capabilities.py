"""The roles a connector can play: each a named set of typed actions and events.

A flow asks for a role's capability; the merchant binds a connection to it. Any connector that implements the
capability will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AwareDatetime, BaseModel

from hub.sdk.actions import ActionShape
from hub.sdk.commerce import (
    Accepted,
    AddressQuestion,
    AddressVerdict,
    CustomerEvent,
    HoldOrder,
    Internal,
    NewPurchaseOrder,
    Order,
    OrderHolds,
    OrderRef,
    OrderTags,
    Personal,
    PurchaseOrder,
    PurchaseOrderStatus,
    Record,
    ReleaseOrder,
    StockLevels,
    StockQuestion,
    TagOrder,
)
from hub.sdk.effects import Declared, Idempotent, Read
from hub.sdk.events import Event


class _OrderEvent(Event):
    """An order changed at its channel. The event is a hint: read the order again before acting on it."""

    match_fields = ("order_id", "number")

    order_id: str
    number: str
    updated_at: AwareDatetime
    created_at: AwareDatetime
    customer: Annotated[str, Personal("contact")] = ""

    def key(self) -> str:
        return f"{self.order_id}@{self.updated_at.isoformat()}"

    def person(self) -> str | None:
        return self.customer or None

    def subject(self) -> str | None:
        return self.number

    def happened_at(self) -> AwareDatetime | None:
        return self.created_at


class OrderPaid(_OrderEvent):
    """An order's payment cleared."""

    def key(self) -> str:
        return self.order_id


class OrderChanged(_OrderEvent):
    """Something on an order changed: address, lines, tags, payment."""


class OrderCancelled(_OrderEvent):
    """An order was cancelled at its channel."""

    def key(self) -> str:
        return self.order_id


class OrderRiskChanged(Event):
    """The channel's fraud analysis said something new about an order."""

    match_fields = ("order_id",)

    order_id: str
    level: str = ""
    assessed_at: AwareDatetime


class Parcel(Record):
    """A parcel a supplier handed to a carrier; the carrier is the supplier's word for it, or empty."""

    tracking_number: str
    carrier: str = ""


class PurchaseOrderChanged(Event):
    """A supplier said something new of a purchase order. Deliveries may come late, twice or out of order."""

    match_fields = ("reference", "supplier_reference")

    reference: str
    supplier_reference: Annotated[str, Internal()] = ""
    status: PurchaseOrderStatus
    parcels: list[Parcel] = []
    reason: Annotated[str, Internal()] = ""
    changed_at: AwareDatetime | None = None

    def key(self) -> str:
        parcels = "+".join(sorted(p.tracking_number for p in self.parcels))
        moment = self.changed_at.isoformat() if self.changed_at else ""
        return f"{self.reference}@{self.status}@{moment}@{parcels}"

    def subject(self) -> str | None:
        return self.reference

    def happened_at(self) -> AwareDatetime | None:
        return self.changed_at


@dataclass(frozen=True)
class Capability:
    """A named set of actions and events."""

    name: str
    title: str
    actions: Mapping[str, ActionShape]
    events: Mapping[str, type[Event]]


def _capability(name: str, title: str, actions: list[ActionShape], events: list[type[Event]]) -> Capability:
    return Capability(name, title, {a.name: a for a in actions}, {e.event_name(): e for e in events})


def _shape(
    name: str,
    input_type: type[BaseModel],
    output_type: type[BaseModel],
    summary: str,
    *refusals: str,
    kind: Read | Idempotent | Declared = Declared(),
) -> ActionShape:
    return ActionShape(name, input_type, output_type, kind, refusals, summary)


SALES_CHANNEL = _capability(
    "sales-channel",
    "Where orders come from",
    [
        _shape("get_order", OrderRef, Order, "The order as it stands now.", "not-found", kind=Read()),
        _shape("add_tags", TagOrder, OrderTags, "Add tags to an order.", "not-found", kind=Idempotent()),
        _shape(
            "hold_order",
            HoldOrder,
            OrderHolds,
            "Keep the channel from fulfilling an order.",
            "not-found",
            "not-holdable",
        ),
        _shape("release_order", ReleaseOrder, OrderHolds, "Take back our own hold.", "not-found"),
    ],
    [OrderPaid, OrderChanged, OrderCancelled, OrderRiskChanged],
)

ADDRESS_VERIFIER = _capability(
    "address-verifier",
    "Says whether an address can be delivered to",
    [
        _shape(
            "verify_address",
            AddressQuestion,
            AddressVerdict,
            "Whether mail can be delivered to an address.",
            kind=Read(),
        )
    ],
    [],
)

SUPPLIER = _capability(
    "supplier",
    "Ships what was sold",
    [
        _shape(
            "create_purchase_order",
            NewPurchaseOrder,
            PurchaseOrder,
            "Buy the lines of an order.",
            "out-of-stock",
            "address-invalid",
            "rejected",
        ),
    ],
    [PurchaseOrderChanged],
)

STOCK_SOURCE = _capability(
    "stock-source",
    "Knows how many there are",
    [_shape("get_stock", StockQuestion, StockLevels, "How many of some articles there are.", kind=Read())],
    [],
)

MESSENGER = _capability(
    "messenger",
    "Tells customers, in the brand's voice",
    [
        _shape(
            "record_event",
            CustomerEvent,
            Accepted,
            "Record something that happened to a customer.",
            "rejected",
        )
    ],
    [],
)

CAPABILITIES: dict[str, Capability] = {
    c.name: c for c in (SALES_CHANNEL, ADDRESS_VERIFIER, SUPPLIER, STOCK_SOURCE, MESSENGER)
}
"""Every capability by name."""
