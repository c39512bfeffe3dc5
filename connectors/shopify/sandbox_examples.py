"""An input for each of Shopify's actions, and those that Shopify refuses by themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import BaseModel

from connectors.shopify.subscriptions import WantedSubscriptions
from hub.sdk.commerce import (
    AddNote,
    Address,
    ChangeAddress,
    HoldOrder,
    Money,
    OrderRef,
    ReleaseOrder,
    TagOrder,
)
from hub.sdk.parcels import (
    CancelOrder,
    ChangeTracking,
    FulfilOrder,
    ParcelRef,
    RecordTracking,
    RefundOrder,
    ShippedLine,
    SubstituteLine,
    TrackParcel,
)

SCANNED = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)


def examples(order_id: str, parcel_id: str) -> Mapping[str, BaseModel]:
    """Inputs about an order that waits and a parcel that left, which the sandbox answers with success."""
    address = WantedSubscriptions(uri="https://hub.example/in/shopify")
    return {
        "get_order": OrderRef(id=order_id),
        "get_fulfilment": OrderRef(id=order_id),
        "add_tags": TagOrder(id=order_id, tags=["faros-assigned"]),
        "add_note": AddNote(id=order_id, text="Waits for the customer's answer."),
        "change_address": ChangeAddress(
            id=order_id,
            address=Address(
                name="Ada Byron",
                line1="350 5th Ave",
                line2="Apt 4B",
                city="New York",
                region="NY",
                postcode="10118",
                country="US",
            ),
        ),
        "hold_order": HoldOrder(
            id=order_id, handle="faros-address", reason="address", note="No such street."
        ),
        "release_order": ReleaseOrder(id=order_id, handle="faros-address"),
        "fulfil_order": _parcel(order_id, 1),
        "change_tracking": ChangeTracking(fulfilment_id=parcel_id, tracking_number="YT2600000002"),
        "record_tracking": RecordTracking(
            fulfilment_id=parcel_id, status="in_transit", happened_at=SCANNED, message="On its way."
        ),
        "cancel_order": CancelOrder(id=order_id, reason="inventory"),
        "refund_order": _gesture(order_id, "5.00"),
        "substitute_line": SubstituteLine(
            id=order_id, line_id=_line(order_id), quantity=1, sku="GLW-SERUM-50"
        ),
        "get_subscriptions": address,
        "ensure_subscriptions": address,
    }


def of_parcels(order_id: str, number: str) -> Mapping[str, BaseModel]:
    """Inputs about a parcel that left for an order."""
    return {
        "track_parcel": TrackParcel(tracking_number=number, order_id=order_id),
        "get_tracking": ParcelRef(tracking_number=number, order_id=order_id),
    }


def provocations(order_id: str, sent_id: str) -> Mapping[str, Mapping[str, BaseModel]]:
    """Inputs that are refused because of what they ask, about an order that waits and one that has left unpaid."""
    unknown = SubstituteLine(id=order_id, line_id=_line(order_id), quantity=1, sku="NO-SUCH")
    return {
        "fulfil_order": {"not-fulfillable": _parcel(order_id, 99)},
        "record_tracking": {
            "nothing-to-say": RecordTracking(fulfilment_id="1", status="unknown", happened_at=SCANNED)
        },
        "track_parcel": {"rejected": TrackParcel(tracking_number="YT1", order_id="1")},
        "get_tracking": {"not-found": ParcelRef(tracking_number="YT1", order_id=sent_id)},
        "cancel_order": {"not-cancellable": CancelOrder(id=sent_id, reason="customer")},
        "refund_order": {
            "too-much": _gesture(order_id, "10000.00"),
            "nothing-to-refund": RefundOrder(id=sent_id, reference="main:999:late"),
        },
        "substitute_line": {"unknown-sku": unknown},
    }


def _parcel(order_id: str, quantity: int) -> FulfilOrder:
    lines = [ShippedLine(line_id=_line(order_id), quantity=quantity)]
    return FulfilOrder(
        id=order_id,
        reference="main:1000:parcel-1",
        lines=lines,
        tracking_number="YT2600000001",
        carrier="yunexpress",
    )


def _gesture(order_id: str, amount: str) -> RefundOrder:
    money = Money(amount=Decimal(amount), currency="USD")
    return RefundOrder(id=order_id, reference="main:1000:late", amount=money)


def _line(order_id: str) -> str:
    """The id of the one line that each of the sandbox's first orders has."""
    return str(int(order_id) + 1)
