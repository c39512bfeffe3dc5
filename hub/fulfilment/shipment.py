"""A parcel as flows see it, and what its state means. Pure."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime

from hub.fulfilment.ladder import State
from hub.fulfilment.watching import is_over
from hub.sdk import Parcel
from hub.sdk.commerce import Internal, Order, Record
from hub.sdk.parcels import Fulfilled, ShippedLine, TrackedParcel, TrackingReason, TrackingStatus
from hub.store.shipments import StoredShipment


class Shipment(Record):
    """A parcel on its way. `reference` is ours; `lines` is empty where nobody said what is in it.

    `instead_of` is the channel's fulfilment of the parcel that this one replaces, where there was one.
    """

    reference: str
    purchase: Annotated[str, Internal()]
    tracking_number: str
    carrier: str
    lines: list[ShippedLine]
    status: TrackingStatus
    reason: TrackingReason = ""
    generation: int = 0
    fulfilment_id: str = ""
    instead_of: str = ""
    created_at: AwareDatetime
    confirmed_at: AwareDatetime | None = None
    label_at: AwareDatetime | None = None
    last_scan_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None
    is_over: bool = False
    is_void: bool = False


class RecordShipments(Record):
    """Parcels that a supplier named for one of our purchases, and when it said so, where it says that."""

    purchase: str
    parcels: list[Parcel]
    said_at: AwareDatetime | None = None


class Recorded(Record):
    """The parcels of a purchase; `fresh` are those nobody had heard of. `is_complete`: all that was bought has left."""

    shipments: list[Shipment]
    fresh: list[Shipment]
    is_complete: bool


class ShipmentRef(Record):
    """Names a parcel by our reference."""

    shipment: str


class NoteTracking(Record):
    """What a tracker says of a parcel; without `parcel` only time has passed."""

    shipment: str
    parcel: TrackedParcel | None = None


class Watched(Record):
    """A parcel as it stands, what is news, and when to look again.

    `has_stalled`: it has just fallen silent for too long. `has_moved`: it had, and moves again. `ending` is empty while
    it is on its way, `spell` counts how often it gave cause for worry. `last_scan` says when the carrier last had it in
    its hands, or that it never had. `is_last`: it was delivered, and nothing else of the order is still to come.
    `is_mirrored`: other channels have the same order, and show it too.
    """

    shipment: Shipment
    milestones: list[str] = []
    has_stalled: bool = False
    has_moved: bool = False
    newest_at: AwareDatetime
    ending: Literal["", "delivered", "lost", "returned", "void"] = ""
    spell: int = 0
    last_scan: str
    look_again_in: timedelta
    gives_up_at: AwareDatetime
    is_last: bool = False
    is_mirrored: bool = False


class ParcelOfOrder(Record):
    """A parcel, and its order as freshly read."""

    order: Order
    shipment: str


class RefundLines(Record):
    """What to give back for a parcel; without lines it is all that is left of the order, shipping included.

    `line_ids` names the lines in it. They can be bought again only where the parcel holds them whole (`is_by_line`);
    where nobody said what is in it (`is_known` is false), a person has to.
    """

    lines: list[ShippedLine]
    is_whole: bool
    line_ids: list[str]
    is_by_line: bool
    is_known: bool


class ConfirmShipment(Record):
    """The sales channel took the parcel as a fulfilment."""

    shipment: str
    fulfilment: Fulfilled


class VoidShipment(Record):
    """The parcel's number is worth nothing any more; `replaced_by` names the purchase or parcel that goes instead."""

    shipment: str
    replaced_by: str = ""


def status_of(state: State) -> TrackingStatus:
    """One word for where a parcel is: what lies over its rung, else the rung."""
    return state.overlay or state.rung or "unknown"


def ending_of(state: State, is_void: bool) -> Literal["", "delivered", "lost", "returned", "void"]:
    """How a parcel's way ended; empty while it goes on."""
    if state.overlay == "returned":
        return "returned"
    if state.rung == "delivered":
        return "delivered"
    if is_void:
        return "void"
    return "lost" if state.overlay == "failure" and is_over(state) else ""


def last_scan_of(state: State, created_at: datetime) -> str:
    """When a carrier last scanned a parcel, as text; of one that was never scanned it says so."""
    if state.last_scan_at is not None:
        return state.last_scan_at.isoformat(timespec="minutes")
    label = state.first_label_at or created_at
    return f"no carrier scan; label created {label.isoformat(timespec='minutes')}"


def purchase_of(stored: StoredShipment) -> str:
    """Our reference of the purchase that a parcel belongs to."""
    return stored.reference.rpartition("/")[0]


def shown(stored: StoredShipment, *, instead_of: str = "") -> Shipment:
    """A kept parcel as flows see it."""
    state = State.model_validate(stored.state)
    return Shipment(
        reference=stored.reference,
        purchase=purchase_of(stored),
        tracking_number=stored.tracking_number,
        carrier=stored.carrier,
        lines=[ShippedLine.model_validate(line) for line in stored.lines],
        status=status_of(state),
        reason=state.reason,
        generation=stored.generation,
        fulfilment_id=stored.fulfilment_id,
        instead_of=instead_of,
        created_at=stored.created_at,
        confirmed_at=stored.confirmed_at,
        label_at=state.first_label_at,
        last_scan_at=state.last_scan_at,
        delivered_at=state.delivered_at,
        is_over=stored.over_at is not None,
        is_void=stored.voided_at is not None,
    )
