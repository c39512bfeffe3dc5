"""An order's fulfilment as Shopify plans it: which location sends what, and who holds it back."""

from collections.abc import Iterable
from typing import Literal

from connectors.shopify.mapping import known
from connectors.shopify.wire_fulfilment import FulfilmentOrderNode
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


class FulfilmentHold(Record):
    """A reason why a location must not send yet. `handle` is the holder's own word; `is_ours` says if it was
    us."""

    id: str
    handle: str
    reason: str
    is_ours: bool


class FulfilmentOrder(Record):
    """The part of an order that one location sends. The id changes when it is moved, split or edited."""

    id: str
    status: FulfilmentStatus
    location: str
    can_be_held: bool
    holds: list[FulfilmentHold]


class Fulfilment(Record):
    """How an order is to be sent, location by location."""

    id: str
    orders: list[FulfilmentOrder]

    def our_handles(self) -> list[str]:
        """The handles of our own holds, in alphabetical order."""
        return sorted({h.handle for o in self.orders for h in o.holds if h.is_ours})


def to_fulfilment(order_id: str, nodes: Iterable[FulfilmentOrderNode]) -> Fulfilment:
    """Read fulfilment orders; a status we do not know is `Unreadable`."""
    return Fulfilment(id=order_id, orders=[_order(n) for n in nodes])


def _order(node: FulfilmentOrderNode) -> FulfilmentOrder:
    status = known(STATUS, node.status, "fulfilment order status")
    # One that is on hold already takes the holds of further apps, and further holds of ours under other
    # handles.
    offered = status == "on_hold" or any(a.action == "HOLD" for a in node.supported_actions)
    holds = [
        FulfilmentHold(id=h.id, handle=h.handle or "", reason=h.reason, is_ours=h.held_by_requesting_app)
        for h in node.fulfillment_holds
    ]
    return FulfilmentOrder(
        id=node.id,
        status=status,
        location=node.assigned_location.name,
        can_be_held=offered and status not in _OVER,
        holds=holds,
    )
