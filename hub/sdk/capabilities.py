"""The roles a connector can play: each a named set of typed actions and events.

A flow asks for a role's capability; the merchant binds a connection to it. Any connector that implements the
capability will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from hub.sdk.actions import ActionShape, Audience
from hub.sdk.commerce import (
    Accepted,
    AddressQuestion,
    AddressVerdict,
    ChangeAddress,
    HoldOrder,
    NewPurchaseOrder,
    Order,
    OrderHolds,
    OrderRef,
    OrderTags,
    PurchaseOrder,
    PurchaseOrderRef,
    Recall,
    ReleaseOrder,
    StockLevels,
    StockQuestion,
    TagOrder,
)
from hub.sdk.effects import Declared, Idempotent, Read
from hub.sdk.events import Event
from hub.sdk.invoices import InvoiceIssued
from hub.sdk.messages import AddTicketNote, CustomerMessage, NewAlert, NewTicket, TagTicket, Ticket, TicketRef
from hub.sdk.parcels import (
    CancelledOrder,
    CancelOrder,
    ChangeTracking,
    Fulfilled,
    FulfilOrder,
    ParcelRef,
    RecordTracking,
    Refund,
    RefundOrder,
    SubstitutedLine,
    SubstituteLine,
    TrackedParcel,
    TrackParcel,
)
from hub.sdk.trade_events import (
    OrderCancelled,
    OrderChanged,
    OrderPaid,
    OrderRiskChanged,
    PurchaseOrderChanged,
    TicketReceived,
    TrackingUpdated,
)


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
    audience: Audience = "internal",
) -> ActionShape:
    return ActionShape(name, input_type, output_type, kind, refusals, summary, audience)


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
        _shape(
            "change_address",
            ChangeAddress,
            Accepted,
            "Give an order another shipping address.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        _shape("release_order", ReleaseOrder, OrderHolds, "Take back our own hold.", "not-found"),
        _shape(
            "fulfil_order",
            FulfilOrder,
            Fulfilled,
            "Tell the channel what left in a parcel.",
            "not-found",
            "not-fulfillable",
            "rejected",
        ),
        _shape(
            "change_tracking",
            ChangeTracking,
            Fulfilled,
            "Give a parcel another tracking number.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        _shape(
            "record_tracking",
            RecordTracking,
            Accepted,
            "Put a step of a parcel's way on the channel's timeline.",
            "not-found",
            "nothing-to-say",
            "rejected",
        ),
        _shape(
            "cancel_order",
            CancelOrder,
            CancelledOrder,
            "Cancel an order of which nothing has left.",
            "not-found",
            "not-cancellable",
        ),
        _shape(
            "refund_order",
            RefundOrder,
            Refund,
            "Give money back for an order.",
            "not-found",
            "too-much",
            "nothing-to-refund",
            "rejected",
        ),
        _shape(
            "substitute_line",
            SubstituteLine,
            SubstitutedLine,
            "Replace an article of an order by another.",
            "not-found",
            "unknown-sku",
            "not-editable",
            "rejected",
        ),
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
    [PurchaseOrderChanged, InvoiceIssued],
)

_RECALL = _shape(
    "cancel_purchase_order", PurchaseOrderRef, Recall, "Ask to stop a purchase order.",
    "not-found", "too-late", "rejected", kind=Idempotent(),
)  # fmt: skip

RECALLABLE_SUPPLIER = _capability(
    "recallable-supplier", "Can be asked to stop what was bought", [_RECALL], [PurchaseOrderChanged]
)

STOCK_SOURCE = _capability(
    "stock-source",
    "Knows how many there are",
    [_shape("get_stock", StockQuestion, StockLevels, "How many of some articles there are.", kind=Read())],
    [],
)

MESSENGER = _capability(
    "messenger",
    "Writes to customers, in the brand's name",
    [
        _shape(
            "send_message",
            CustomerMessage,
            Accepted,
            "Send one rendered message to one customer.",
            "rejected",
            "unreachable",
            audience="customer",
        )
    ],
    [],
)

TRACKER = _capability(
    "tracker",
    "Knows where parcels are",
    [
        _shape("track_parcel", TrackParcel, TrackedParcel, "Follow a parcel from now on.", "rejected"),
        _shape("get_tracking", ParcelRef, TrackedParcel, "Where a parcel is now.", "not-found", kind=Read()),
    ],
    [TrackingUpdated],
)

HELPDESK = _capability(
    "helpdesk",
    "Where the support team works",
    [
        _shape(
            "open_ticket",
            NewTicket,
            Ticket,
            "Open a ticket for staff only.",
            "rejected",
        ),
        _shape(
            "add_ticket_note",
            AddTicketNote,
            Ticket,
            "Write a note for staff.",
            "not-found",
            "rejected",
        ),
        _shape(
            "tag_ticket",
            TagTicket,
            Ticket,
            "Add tags to a ticket.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        _shape(
            "close_ticket", TicketRef, Ticket, "Close a ticket.", "not-found", "rejected", kind=Idempotent()
        ),
    ],
    [TicketReceived],
)

ALERT = _capability(
    "alert",
    "Reaches the people who run the shop",
    [_shape("send_alert", NewAlert, Accepted, "Tell the people who run the shop.", "rejected")],
    [],
)

_ALL = (
    SALES_CHANNEL, ADDRESS_VERIFIER, SUPPLIER, RECALLABLE_SUPPLIER, STOCK_SOURCE, MESSENGER, TRACKER, HELPDESK, ALERT,
)  # fmt: skip

CAPABILITIES: dict[str, Capability] = {c.name: c for c in _ALL}
"""Every capability by name."""
