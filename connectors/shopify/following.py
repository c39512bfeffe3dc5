"""Where a parcel is by the shop's own tracking: Shopify asks many carriers by itself about what its orders sent."""

from collections.abc import Iterable
from datetime import datetime

from connectors.shopify import operations_parcels as operations
from connectors.shopify.admin import Admin
from connectors.shopify.carriers import to_carrier
from connectors.shopify.fulfilment import has_left, plain_number
from connectors.shopify.orders import checked_gid
from connectors.shopify.standings import Standing, read_standing
from connectors.shopify.timeline import read_timeline
from connectors.shopify.wire_parcels import EventNode, FollowedAnswer, FollowedNode
from hub.sdk import Http, Refused
from hub.sdk.parcels import ParcelRef, TrackedParcel, TrackingEvent, TrackParcel


class Following:
    """The parcels of one shop as it follows them, during one call."""

    def __init__(self, admin: Admin, http: Http) -> None:
        self._admin = admin
        self._http = http

    async def begin(self, wanted: TrackParcel) -> TrackedParcel:
        """What is known so far. There is nothing to be asked of Shopify: it follows whatever its orders carry."""
        try:
            nodes = await self._nodes(wanted.order_id, wanted.tracking_number)
        except Refused as error:
            raise Refused("rejected", str(error)) from error
        return await self._parcel(nodes, wanted.tracking_number, wanted.carrier)

    async def find(self, wanted: ParcelRef) -> TrackedParcel:
        """Where a parcel is now."""
        nodes = await self._nodes(wanted.order_id, wanted.tracking_number)
        if not nodes:
            raise Refused("not-found", "No parcel that left the shop for this order carries this number.")
        return await self._parcel(nodes, wanted.tracking_number, wanted.carrier, wanted.since)

    async def _nodes(self, order_id: str, number: str) -> list[FollowedNode]:
        """What left under a number: one for each location that had a part of it."""
        if not order_id:
            raise Refused("not-found", "Shopify knows parcels by their order, and none was named.")
        variables = {"id": checked_gid(order_id)}
        answer = await self._admin.run(self._http, operations.FOLLOWED, variables, FollowedAnswer)
        if answer.order is None:
            raise Refused("not-found", "The shop has no such order.")
        mine = plain_number(number)
        return [
            node for node in answer.order.fulfillments
            if mine in map(plain_number, node.numbers()) and has_left(node.status)
        ]  # fmt: skip

    async def _parcel(
        self, nodes: list[FollowedNode], number: str, carrier: str, since: datetime | None = None
    ) -> TrackedParcel:
        events: list[TrackingEvent] = []
        for node in nodes:
            standing = read_standing(node.display_status) if node.display_status else Standing("unknown")
            # A timeline is of all its numbers together: of several parcels it does not say which one moved.
            if len(set(map(plain_number, node.numbers()))) == 1:
                timeline = await read_timeline(self._admin, self._http, node.id)
                events += _events(node, standing, timeline.events)
        events = sorted((e for e in events if since is None or e.happened_at >= since), key=_moment)
        newest = events[-1] if events else None
        expected = [node.estimated_delivery_at for node in nodes if node.estimated_delivery_at]
        return TrackedParcel(
            tracking_number=plain_number(number),
            carrier=carrier or _carrier(nodes),
            status=newest.status if newest else "unknown",
            reason=newest.reason if newest else "",
            events=events,
            expected_at=max(expected, default=None),
        )


def _events(node: FollowedNode, shown: Standing, steps: Iterable[EventNode]) -> list[TrackingEvent]:
    """The steps of the timeline, and what the shop knows beside them."""
    events = [event for step in steps if (event := _event(step)).status != "unknown"]
    said = {event.status for event in events}
    if node.in_transit_at and "in_transit" not in said:
        events.append(TrackingEvent(status="in_transit", happened_at=node.in_transit_at, is_scan=True))
    if node.delivered_at and "delivered" not in said:
        events.append(TrackingEvent(status="delivered", happened_at=node.delivered_at, is_scan=True))
    if shown.status != "unknown" and shown.status not in {event.status for event in events}:
        # That it stands so is known, and since when is not: it counts as no scan, whose moment would matter.
        events.append(
            TrackingEvent(
                status=shown.status, reason=shown.reason, happened_at=node.updated_at, is_scan=False
            )
        )
    return events


def _event(step: EventNode) -> TrackingEvent:
    standing = read_standing(step.status)
    return TrackingEvent(
        status=standing.status,
        reason=standing.reason,
        happened_at=step.happened_at,
        is_scan=standing.is_scan,
        text=step.message or "",
        place=", ".join(part for part in (step.city, step.province, step.country) if part),
        code=step.status,
    )


def _carrier(nodes: Iterable[FollowedNode]) -> str:
    named = [to_carrier(t.company) for node in nodes for t in node.tracking_info if t.company]
    return next(filter(None, named), "")


def _moment(event: TrackingEvent) -> datetime:
    return event.happened_at
