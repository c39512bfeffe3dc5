"""An order's fulfilment as Shopify plans it: which location sends what, who holds it back, and what has left."""

from collections.abc import Iterable, Mapping
from typing import Literal

from connectors.shopify.mapping import known, to_id
from connectors.shopify.wire_fulfilment import FulfilmentOrderNode
from connectors.shopify.wire_parcels import ParcelNode, WaitingLineNode
from hub.sdk import Refused
from hub.sdk.commerce import Record

FulfilmentStatus = Literal["open", "in_progress", "on_hold", "scheduled", "incomplete", "cancelled", "closed"]

STATUS: dict[str, FulfilmentStatus] = {
    "OPEN": "open",
    "IN_PROGRESS": "in_progress",
    "ON_HOLD": "on_hold",
    "SCHEDULED": "scheduled",
    "INCOMPLETE": "incomplete",
    "CANCELLED": "cancelled",
    "CLOSED": "closed",
}

_OVER = ("incomplete", "cancelled", "closed")

LEFT: dict[str, bool] = {
    "SUCCESS": True,
    "OPEN": True,
    "PENDING": True,
    "CANCELLED": False,
    "ERROR": False,
    "FAILURE": False,
}
"""Whether a parcel in this status of Shopify's counts as having left."""


class FulfilmentHold(Record):
    """A reason why a location must not send yet. `handle` is the holder's own word; `is_ours` says if it was
    us."""

    id: str
    handle: str
    reason: str
    is_ours: bool


class WaitingLine(Record):
    """So many units of an order's line that a location has still to send. `id` is Shopify's, good until an edit."""

    id: str
    line_id: str
    quantity: int


class FulfilmentOrder(Record):
    """The part of an order that one location sends. The id changes when it is moved, split or edited."""

    id: str
    status: FulfilmentStatus
    location: str
    can_be_held: bool
    can_be_sent: bool
    holds: list[FulfilmentHold]
    waiting: list[WaitingLine] = []


class SentParcel(Record):
    """What left together, by the id that tracking is changed under."""

    id: str
    tracking_numbers: list[str]


class Fulfilment(Record):
    """How an order is to be sent, location by location, and the parcels that have left; cancelled ones have not."""

    id: str
    orders: list[FulfilmentOrder]
    parcels: list[SentParcel] = []

    def our_handles(self) -> list[str]:
        """The handles of our own holds, in alphabetical order."""
        return sorted({h.handle for o in self.orders for h in o.holds if h.is_ours})

    def parcels_with(self, tracking_number: str) -> list[SentParcel]:
        """The parcels that carry this number; one number may stand on a parcel of each location."""
        wanted = plain_number(tracking_number)
        return [p for p in self.parcels if wanted in map(plain_number, p.tracking_numbers)]


def to_fulfilment(order_id: str, nodes: Iterable[FulfilmentOrderNode]) -> Fulfilment:
    """Read fulfilment orders; a status we do not know is `Unreadable`."""
    return Fulfilment(id=order_id, orders=[to_order_part(n, []) for n in nodes])


def to_order_part(node: FulfilmentOrderNode, waiting: Iterable[WaitingLineNode]) -> FulfilmentOrder:
    """Read one fulfilment order and its lines."""
    status = known(STATUS, node.status, "fulfilment order status")
    offered = {a.action for a in node.supported_actions}
    # One that is on hold already takes the holds of further apps, and further holds of ours under other
    # handles.
    holds = [
        FulfilmentHold(id=h.id, handle=h.handle or "", reason=h.reason, is_ours=h.held_by_requesting_app)
        for h in node.fulfillment_holds
    ]
    return FulfilmentOrder(
        id=node.id,
        status=status,
        location=node.assigned_location.name,
        can_be_held=(status == "on_hold" or "HOLD" in offered) and status not in _OVER,
        can_be_sent="CREATE_FULFILLMENT" in offered and status not in _OVER,
        holds=holds,
        waiting=[_waiting(w) for w in waiting if w.remaining_quantity > 0],
    )


def to_parcels(nodes: Iterable[ParcelNode]) -> list[SentParcel]:
    """The parcels that have left; a status we do not know is `Unreadable`."""
    return [SentParcel(id=to_id(n.id), tracking_numbers=n.numbers()) for n in nodes if has_left(n.status)]


def has_left(status: str) -> bool:
    """Whether a parcel counts, by Shopify's word for its status."""
    return known(LEFT, status, "fulfilment status")


def plan(fulfilment: Fulfilment, units: Mapping[str, int]) -> list[tuple[FulfilmentOrder, dict[str, int]]]:
    """Which fulfilment orders the units of each line come from; units that nobody may send now are refused."""
    left = dict(units)
    parts = []
    for order in fulfilment.orders:
        taken: dict[str, int] = {}
        for waiting in order.waiting if order.can_be_sent else ():
            if found := min(waiting.quantity, left.get(waiting.line_id, 0)):
                taken[waiting.id] = found
                left[waiting.line_id] -= found
        if taken:
            parts.append((order, taken))
    if lacking := {line_id for line_id, short in left.items() if short}:
        raise Refused("not-fulfillable", _why_not(fulfilment, lacking))
    return parts


def _why_not(fulfilment: Fulfilment, lines: set[str]) -> str:
    waits = [o for o in fulfilment.orders if any(w.line_id in lines for w in o.waiting)]
    holds = [h for o in waits for h in o.holds]
    if ours := sorted({h.handle for h in holds if h.is_ours}):
        return f"Our own hold keeps it back: {', '.join(ours)}. Release it first."
    if holds:
        return f"Somebody else holds it: {', '.join(sorted({h.reason for h in holds}))}."
    states = sorted({o.status for o in waits or fulfilment.orders})
    return f"Fewer units of line {', '.join(sorted(lines))} may be sent now ({', '.join(states) or 'none wait'})."


def _waiting(node: WaitingLineNode) -> WaitingLine:
    return WaitingLine(id=node.id, line_id=to_id(node.line_item.id), quantity=node.remaining_quantity)


def plain_number(tracking_number: str) -> str:
    """A tracking number as it is compared: people write it with spaces and in any case."""
    return "".join(tracking_number.split()).upper()
