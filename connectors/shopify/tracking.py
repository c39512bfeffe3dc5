"""A parcel after it has left: another tracking number, and the steps of its way on the customer's timeline."""

from connectors.shopify import operations_parcels as operations
from connectors.shopify.admin import Admin
from connectors.shopify.dispatch import tracking_input
from connectors.shopify.fulfilment import has_left
from connectors.shopify.mapping import to_gid, to_id
from connectors.shopify.orders import raise_rejection
from connectors.shopify.standings import says_already, to_step
from connectors.shopify.timeline import Timeline, read_timeline, second
from connectors.shopify.wire_parcels import (
    EventAddAnswer,
    ParcelNode,
    TrackingAnswer,
    TrackingWriteAnswer,
)
from hub.sdk import Http, Refused, Unreadable
from hub.sdk.commerce import Accepted
from hub.sdk.parcels import ChangeTracking, Fulfilled, RecordTracking


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
        """Add a step, unless the shop shows it: by an earlier attempt of ours, or because Shopify follows the carrier
        by itself."""
        status, moment = to_step(wanted), second(wanted.happened_at)
        gid = parcel_gid(wanted.fulfilment_id)
        timeline = await read_timeline(self._admin, self._http, gid)
        _require_sent(timeline.status)
        if shown := _shown(timeline, wanted):
            return Accepted(reference=to_id(shown))
        step = {"fulfillmentId": gid, "status": status, "happenedAt": moment.isoformat()}
        if wanted.message:
            step["message"] = wanted.message
        answer = await self._admin.run(self._http, operations.EVENT_ADD, {"event": step}, EventAddAnswer)
        raise_rejection(answer.fulfillment_event_create.user_errors)
        made = answer.fulfillment_event_create.fulfillment_event
        if made is None:
            raise Unreadable("Shopify neither recorded the step nor said why.")
        return Accepted(reference=to_id(made.id))


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


def _shown(timeline: Timeline, wanted: RecordTracking) -> str:
    """What shows the step already: a step at that moment or next to it that says the same, or else the parcel itself
    by what is displayed of it; empty if nothing does. The carrier's own news and ours tell one step in other words and
    some minutes apart; a status that returns after another one is a step of its own."""
    for event in timeline.around(wanted.happened_at):
        if says_already(event.status, wanted):
            return event.id
    return wanted.fulfilment_id if says_already(timeline.display, wanted) else ""
