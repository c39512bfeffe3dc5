"""What the sandbox answers about parcels: it tells of them, takes them with Shopify's refusals, keeps their way."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from connectors.shopify.sandbox_nodes import event_node, number, parcel_node, user_error, waiting_order_node
from connectors.shopify.sandbox_records import ParcelEvent, ParcelRecord
from connectors.shopify.sandbox_state import FulfilmentOrderState, OrderSeed, WaitingUnits

if TYPE_CHECKING:
    from connectors.shopify.sandbox import ShopifySandbox

Node = dict[str, Any]


class ParcelAnswers:
    """The root fields about parcels."""

    def __init__(self, sandbox: "ShopifySandbox") -> None:
        self.sandbox = sandbox
        self.state = sandbox.state

    def root(self) -> dict[str, Callable[[Node], Any]]:
        """Queries and mutations in one tree."""
        return {
            "fulfillmentOrder": self.fulfilment_order,
            "fulfillment": self.fulfilment,
            "fulfillmentCreate": self.create,
            "fulfillmentTrackingInfoUpdate": self.change_tracking,
            "fulfillmentEventCreate": self.add_event,
        }

    def fulfilment_order(self, given: Node) -> Node | None:
        """A fulfilment order, or null."""
        found = self.state.find_fulfilment(given["id"])
        return waiting_order_node(found[1]) if found else None

    def fulfilment(self, given: Node) -> Node | None:
        """A parcel, or null."""
        parcel = self._find(given["id"])
        return parcel_node(parcel) if parcel else None

    def create(self, given: Node) -> Node:
        """One location's units leave. Without lines everything that waits there does."""
        wanted = given["fulfillment"]
        parts = [self._part(p) for p in wanted["lineItemsByFulfillmentOrder"]]
        if why := self._why_not(parts, wanted):
            return {"fulfillment": None, "userErrors": [user_error(["fulfillment"], why)]}
        [first, *_] = [p for p in parts if p is not None]
        order, part, _ = first
        units: dict[int, int] = {}
        for found in parts:
            assert found is not None
            for waiting, quantity in found[2]:
                waiting.remaining -= quantity
                units[waiting.line] = units.get(waiting.line, 0) + quantity
            _move_on(found[1])
        parcel = ParcelRecord(
            id=self.state.gid("Fulfillment"),
            order=order.id,
            part=part.id,
            units=units,
            tracking=_tracking(wanted.get("trackingInfo") or {}),
            created_at=self.sandbox.now(),
            mails=int(bool(wanted.get("notifyCustomer"))),
        )
        self.state.parcels[parcel.id] = parcel
        self._changed(order)
        return {"fulfillment": parcel_node(parcel), "userErrors": []}

    def change_tracking(self, given: Node) -> Node:
        """Replaces all tracking numbers of a parcel."""
        parcel = self._find(given["fulfillmentId"])
        if parcel is None:
            return {
                "fulfillment": None,
                "userErrors": [user_error(["fulfillmentId"], "Fulfillment not found")],
            }
        wanted = given["trackingInfoInput"]
        if self.sandbox.take_refusal("rejected") or not parcel.is_live() or _is_double(wanted):
            error = user_error(["trackingInfoInput"], "Tracking info is invalid")
            return {"fulfillment": None, "userErrors": [error]}
        parcel.tracking = _tracking(wanted)
        parcel.updated_at = self.sandbox.now()
        parcel.mails += int(bool(given.get("notifyCustomer")))
        self._changed(self.state.orders[parcel.order])
        return {"fulfillment": parcel_node(parcel), "userErrors": []}

    def add_event(self, given: Node) -> Node:
        """A step of a parcel's way. Shopify takes the same step twice."""
        wanted = given["fulfillmentEvent"]
        parcel = self._find(wanted["fulfillmentId"])
        if parcel is None or not parcel.is_live() or self.sandbox.take_refusal("rejected"):
            error = user_error(["fulfillmentEvent", "fulfillmentId"], "Fulfillment is invalid")
            return {"fulfillmentEvent": None, "userErrors": [error]}
        happened = wanted.get("happenedAt")
        moment = datetime.fromisoformat(happened) if happened else self.sandbox.now()
        event = ParcelEvent(
            id=self.state.gid("FulfillmentEvent"),
            status=wanted["status"],
            happened_at=moment.replace(microsecond=0),
            message=wanted.get("message"),
            place=(wanted.get("city"), wanted.get("province"), wanted.get("country")),
        )
        parcel.events.append(event)
        parcel.updated_at = self.sandbox.now()
        self._changed(self.state.orders[parcel.order])
        return {"fulfillmentEvent": event_node(event), "userErrors": []}

    def _find(self, gid: str) -> ParcelRecord | None:
        return None if self.sandbox.take_refusal("not-found") else self.state.parcels.get(gid)

    def _part(self, wanted: Node) -> "Part | None":
        """A fulfilment order and the units wanted of it; None if it, or one of its lines, does not exist."""
        found = self.state.find_fulfilment(wanted["fulfillmentOrderId"])
        if found is None:
            return None
        order, part = found
        lines = {w.id: w for w in part.waiting}
        given = wanted.get("fulfillmentOrderLineItems")
        if given is None:
            return order, part, [(w, w.remaining) for w in part.waiting]
        if any(g["id"] not in lines for g in given):
            return None
        return order, part, [(lines[g["id"]], g["quantity"]) for g in given]

    def _why_not(self, parts: "list[Part | None]", wanted: Node) -> str:
        """Shopify's refusal, in its words; empty if there is none."""
        known = [p for p in parts if p is not None]
        if not known or len(known) < len(parts):
            return "Fulfillment order does not exist."
        if len({(p[0].id, p[1].location) for p in known}) > 1:
            return "All fulfillment orders must have the same order and location."
        if any(p[1].status not in ("OPEN", "IN_PROGRESS") for p in known):
            return f"Fulfillment order {number(known[0][1].id)} has an unfulfillable status."
        if any(not 0 < q <= w.remaining for p in known for w, q in p[2]):
            return "Invalid fulfillment order line item quantity requested."
        if self.sandbox.take_refusal("rejected") or _is_double(wanted.get("trackingInfo") or {}):
            return "Tracking info is invalid."
        return ""

    def _changed(self, order: OrderSeed) -> None:
        order.updated_at = self.sandbox.now()
        self.sandbox.changes += 1


Part = tuple[OrderSeed, FulfilmentOrderState, list[tuple[WaitingUnits, int]]]


def _move_on(part: FulfilmentOrderState) -> None:
    part.status = "IN_PROGRESS" if any(w.remaining for w in part.waiting) else "CLOSED"


def _is_double(tracking: Node) -> bool:
    """One number or several, not both; a link has a scheme and a host."""
    links = [tracking.get("url") or "", *(tracking.get("urls") or [])]
    is_bad_link = any(link and not link.startswith(("http://", "https://")) for link in links)
    return is_bad_link or bool(tracking.get("number") and tracking.get("numbers"))


def _tracking(given: Node) -> list[dict[str, str | None]]:
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    links = given.get("urls") or ([given["url"]] if given.get("url") else [])
    company = given.get("company")
    padded = [*links, *[None] * len(numbers)]
    return [{"number": n, "company": company, "url": padded[place]} for place, n in enumerate(numbers)]
