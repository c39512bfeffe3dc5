"""The roles a connector can play: each a named set of typed actions and events.

A flow asks for a role's capability; the merchant binds a connection to it. Any connector that implements the
capability will do.
"""

from hub.sdk.capability import Capability, capability, shape
from hub.sdk.commerce import (
    Accepted,
    AddressQuestion,
    AddressVerdict,
    ChangeAddress,
    HoldOrder,
    Order,
    OrderHolds,
    OrderRef,
    OrderTags,
    ReleaseOrder,
    TagOrder,
)
from hub.sdk.effects import Idempotent, Read
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
from hub.sdk.supplier_capabilities import AMENDABLE_SUPPLIER, RECALLABLE_SUPPLIER, STOCK_SOURCE, SUPPLIER
from hub.sdk.trade_events import (
    OrderCancelled,
    OrderChanged,
    OrderPaid,
    OrderRiskChanged,
    TicketReceived,
    TrackingUpdated,
)

SALES_CHANNEL = capability(
    "sales-channel",
    "Where orders come from",
    [
        shape("get_order", OrderRef, Order, "The order as it stands now.", "not-found", kind=Read()),
        shape("add_tags", TagOrder, OrderTags, "Add tags to an order.", "not-found", kind=Idempotent()),
        shape(
            "hold_order",
            HoldOrder,
            OrderHolds,
            "Keep the channel from fulfilling an order.",
            "not-found",
            "not-holdable",
        ),
        shape(
            "change_address",
            ChangeAddress,
            Accepted,
            "Give an order another shipping address.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        shape("release_order", ReleaseOrder, OrderHolds, "Take back our own hold.", "not-found"),
        shape(
            "fulfil_order",
            FulfilOrder,
            Fulfilled,
            "Tell the channel what left in a parcel.",
            "not-found",
            "not-fulfillable",
            "rejected",
        ),
        shape(
            "change_tracking",
            ChangeTracking,
            Fulfilled,
            "Give a parcel another tracking number.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        shape(
            "record_tracking",
            RecordTracking,
            Accepted,
            "Put a step of a parcel's way on the channel's timeline.",
            "not-found",
            "nothing-to-say",
            "rejected",
        ),
        shape(
            "cancel_order",
            CancelOrder,
            CancelledOrder,
            "Cancel an order of which nothing has left.",
            "not-found",
            "not-cancellable",
        ),
        shape(
            "refund_order",
            RefundOrder,
            Refund,
            "Give money back for an order.",
            "not-found",
            "too-much",
            "nothing-to-refund",
            "rejected",
        ),
        shape(
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

ADDRESS_VERIFIER = capability(
    "address-verifier",
    "Says whether an address can be delivered to",
    [
        shape(
            "verify_address",
            AddressQuestion,
            AddressVerdict,
            "Whether mail can be delivered to an address.",
            kind=Read(),
        )
    ],
    [],
)

MESSENGER = capability(
    "messenger",
    "Writes to customers, in the brand's name",
    [
        shape(
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

TRACKER = capability(
    "tracker",
    "Knows where parcels are",
    [
        shape("track_parcel", TrackParcel, TrackedParcel, "Follow a parcel from now on.", "rejected"),
        shape("get_tracking", ParcelRef, TrackedParcel, "Where a parcel is now.", "not-found", kind=Read()),
    ],
    [TrackingUpdated],
)

HELPDESK = capability(
    "helpdesk",
    "Where the support team works",
    [
        shape(
            "open_ticket",
            NewTicket,
            Ticket,
            "Open a ticket for staff only.",
            "rejected",
        ),
        shape(
            "add_ticket_note",
            AddTicketNote,
            Ticket,
            "Write a note for staff.",
            "not-found",
            "rejected",
        ),
        shape(
            "tag_ticket",
            TagTicket,
            Ticket,
            "Add tags to a ticket.",
            "not-found",
            "rejected",
            kind=Idempotent(),
        ),
        shape(
            "close_ticket", TicketRef, Ticket, "Close a ticket.", "not-found", "rejected", kind=Idempotent()
        ),
    ],
    [TicketReceived],
)

ALERT = capability(
    "alert",
    "Reaches the people who run the shop",
    [shape("send_alert", NewAlert, Accepted, "Tell the people who run the shop.", "rejected")],
    [],
)

_ALL = (
    SALES_CHANNEL, ADDRESS_VERIFIER, SUPPLIER, RECALLABLE_SUPPLIER, AMENDABLE_SUPPLIER, STOCK_SOURCE, MESSENGER,
    TRACKER, HELPDESK, ALERT,
)  # fmt: skip

CAPABILITIES: dict[str, Capability] = {c.name: c for c in _ALL}
"""Every capability by name."""
