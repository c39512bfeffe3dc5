"""Facts of the trade that connectors report: paid orders, changed purchase orders, moving parcels, tickets."""

from typing import Annotated, Literal

from pydantic import AwareDatetime

from hub.sdk.amendments import AmendmentState
from hub.sdk.commerce import Internal, Personal, PurchaseOrderStatus, Record
from hub.sdk.events import Event
from hub.sdk.parcels import ShippedLine, TrackedParcel


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
    """A parcel a supplier handed to a carrier; the carrier is the supplier's word for it, or empty. `lines` names our
    order lines where the supplier says what is in it."""

    tracking_number: str
    carrier: str = ""
    lines: list[ShippedLine] = []


class PurchaseOrderChanged(Event):
    """A supplier said something new of a purchase order. Deliveries may come late, twice or out of order.
    `amendment` names the wish to change it of which it says what becomes, if it does: `amended`, and why."""

    match_fields = ("reference", "supplier_reference", "amendment")

    reference: str
    supplier_reference: Annotated[str, Internal()] = ""
    status: PurchaseOrderStatus
    parcels: list[Parcel] = []
    reason: Annotated[str, Internal()] = ""
    amendment: str | None = None
    amended: AmendmentState | None = None
    amended_because: Annotated[str, Internal()] = ""
    changed_at: AwareDatetime | None = None

    def key(self) -> str:
        parcels = "+".join(sorted(p.tracking_number for p in self.parcels))
        moment = self.changed_at.isoformat() if self.changed_at else ""
        amended = f"@{self.amendment}={self.amended}" if self.amendment else ""
        return f"{self.reference}@{self.status}@{moment}@{parcels}{amended}"

    def subject(self) -> str | None:
        return self.reference

    def happened_at(self) -> AwareDatetime | None:
        return self.changed_at


class TrackingUpdated(Event):
    """A tracker said something new of a parcel. It may come late, twice or out of order; `parcel` says all it knows.

    `changed_at` is when the tracker's own record changed, where it says that and no moment of the parcel's.
    """

    match_fields = ("tracking_number",)

    tracking_number: str
    parcel: TrackedParcel
    changed_at: AwareDatetime | None = None

    def key(self) -> str:
        latest = max((e.happened_at for e in self.parcel.events), default=self.changed_at)
        moment = latest.isoformat() if latest else ""
        return f"{self.tracking_number}@{self.parcel.status}@{self.parcel.reason}@{moment}@{len(self.parcel.events)}"

    def subject(self) -> str | None:
        return self.tracking_number

    def happened_at(self) -> AwareDatetime | None:
        return max((e.happened_at for e in self.parcel.events), default=self.changed_at)


class TicketReceived(Event):
    """A customer wrote to the support desk. `topic` is the desk's or a rule's word for what it is about."""

    match_fields = ("ticket_id", "order_number")

    ticket_id: str
    order_number: str = ""
    topic: Literal["where-is-my-order", "refund", "return", "other"] = "other"
    customer: Annotated[str, Personal("contact")] = ""
    received_at: AwareDatetime | None = None

    def key(self) -> str:
        return self.ticket_id

    def subject(self) -> str | None:
        return self.order_number or None

    def person(self) -> str | None:
        return self.customer or None

    def happened_at(self) -> AwareDatetime | None:
        return self.received_at
