"""A parcel after it has left: another tracking number, and the steps of its way on the customer's timeline."""

from datetime import UTC, datetime

from connectors.shopify import operations_parcels as operations
from connectors.shopify.admin import Admin
from connectors.shopify.dispatch import tracking_input
from connectors.shopify.fulfilment import has_left
from connectors.shopify.mapping import to_gid, to_id
from connectors.shopify.orders import raise_rejection
from connectors.shopify.wire_parcels import (
    EventAddAnswer,
    EventNode,
    EventsAnswer,
    ParcelNode,
    TrackingAnswer,
    TrackingWriteAnswer,
)
from hub.sdk import Http, Refused, Unreadable
from hub.sdk.commerce import Accepted
from hub.sdk.parcels import ChangeTracking, Fulfilled, RecordTracking, TrackingStatus

STEP: dict[TrackingStatus, str] = {
    "pre_transit": "LABEL_PRINTED",
    "in_transit": "IN_TRANSIT",
    "out_for_delivery": "OUT_FOR_DELIVERY",
    "available_for_pickup": "READY_FOR_PICKUP",
    "delivered": "DELIVERED",
    "exception": "DELAYED",
    "returned": "FAILURE",
    "failure": "FAILURE",
}
"""Shopify's word for each status. It has none for `unknown` and `expired`: those tell a customer nothing."""


class Tracking:
    """The parcels of one shop during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def change(self, wanted: ChangeTracking) -> Fulfilled:
        """Replace the number. One that is there already is not written again, so nobody is mailed twice."""
        gid = parcel_gid(wanted.fulfilment_id)
        tracking = tracking_input(wanted)
        if "number" not in tracking:
            raise Refused("rejected", "There is no tracking number.")
        found = await self._admin.run(self._http, operations.TRACKING, {"id": gid}, TrackingAnswer)
        node = found.fulfillment
        if node is None:
            raise Refused("not-found", "The shop has no such fulfilment.")
        _require_sent(node.status)
        if not _has(node, tracking):
            variables = {"id": gid, "tracking": tracking, "notify": wanted.notify_customer}
            answer = await self._admin.run(
                self._http, operations.TRACKING_WRITE, variables, TrackingWriteAnswer
            )
            raise_rejection(answer.fulfillment_tracking_info_update.user_errors)
            node = answer.fulfillment_tracking_info_update.fulfillment
        if node is None:
            raise Unreadable("Shopify neither changed the tracking nor said why.")
        return Fulfilled(id=wanted.fulfilment_id, ids=[wanted.fulfilment_id], tracking_numbers=node.numbers())

    async def record(self, wanted: RecordTracking) -> Accepted:
        """Add a step, unless the timeline has one with the same status at the same second."""
        status = to_step(wanted)
        moment = _second(wanted.happened_at)
        gid = parcel_gid(wanted.fulfilment_id)
        for event in await self._events(gid):
            if event.status == status and _second(event.happened_at) == moment:
                return Accepted(reference=to_id(event.id))
        step = {"fulfillmentId": gid, "status": status, "happenedAt": moment.isoformat()}
        if wanted.message:
            step["message"] = wanted.message
        answer = await self._admin.run(self._http, operations.EVENT_ADD, {"event": step}, EventAddAnswer)
        raise_rejection(answer.fulfillment_event_create.user_errors)
        made = answer.fulfillment_event_create.fulfillment_event
        if made is None:
            raise Unreadable("Shopify neither recorded the step nor said why.")
        return Accepted(reference=to_id(made.id))

    async def _events(self, gid: str) -> list[EventNode]:
        events: list[EventNode] = []
        after: str | None = None
        while True:
            variables = {"id": gid, "after": after}
            answer = await self._admin.run(self._http, operations.EVENTS, variables, EventsAnswer)
            if answer.fulfillment is None:
                raise Refused("not-found", "The shop has no such fulfilment.")
            _require_sent(answer.fulfillment.status)
            events += answer.fulfillment.events.nodes
            page = answer.fulfillment.events.page_info
            if not page.has_next_page:
                return events
            after = page.end_cursor


def to_step(wanted: RecordTracking) -> str:
    """Shopify's word for a step; what it has no word for is refused."""
    if wanted.status == "exception" and wanted.reason == "attempt_failed":
        return "ATTEMPTED_DELIVERY"
    if wanted.status not in STEP:
        raise Refused("nothing-to-say", f"Shopify's timeline has no word for {wanted.status}.")
    return STEP[wanted.status]


def parcel_gid(parcel_id: str) -> str:
    """The global id of a parcel; what is not a number is no parcel's id."""
    if not (parcel_id.isascii() and parcel_id.isdecimal()):
        raise Refused("not-found", "A Shopify fulfilment's id is a number.")
    return to_gid("Fulfillment", parcel_id)


def _require_sent(status: str) -> None:
    if not has_left(status):
        raise Refused("rejected", "The fulfilment was cancelled or failed.")


def _has(node: ParcelNode, tracking: dict[str, str]) -> bool:
    """Whether it carries this tracking, and no other, as far as we say anything of it."""
    kept = [t.model_dump(include=set(tracking)) for t in node.tracking_info]
    return kept == [tracking]


def _second(moment: datetime) -> datetime:
    """Shopify keeps whole seconds."""
    return moment.astimezone(UTC).replace(microsecond=0)
