"""The steps of a parcel's way as the shop keeps them, whoever told them to it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.shopify import operations_parcels as operations
from connectors.shopify.admin import Admin
from connectors.shopify.wire_parcels import EventNode, EventsAnswer
from hub.sdk import Http, Refused


@dataclass(frozen=True, slots=True)
class Timeline:
    """A parcel's status, what the shop displays of it (empty for nothing), and its steps."""

    status: str
    display: str
    events: tuple[EventNode, ...]

    def around(self, moment: datetime) -> list[EventNode]:
        """The newest steps at or before a moment, and the first ones at or after it."""
        at = second(moment)
        moments = [second(event.happened_at) for event in self.events]
        near = {
            max((one for one in moments if one <= at), default=at),
            min((one for one in moments if one >= at), default=at),
        }
        return [event for event, one in zip(self.events, moments, strict=True) if one in near]


async def read_timeline(admin: Admin, http: Http, gid: str) -> Timeline:
    """All steps of a parcel, which Shopify gives in pages."""
    events: list[EventNode] = []
    after: str | None = None
    while True:
        answer = await admin.run(http, operations.EVENTS, {"id": gid, "after": after}, EventsAnswer)
        found = answer.fulfillment
        if found is None:
            raise Refused("not-found", "The shop has no such fulfilment.")
        events += found.events.nodes
        if not found.events.page_info.has_next_page:
            return Timeline(found.status, found.display_status or "", tuple(events))
        after = found.events.page_info.end_cursor


def second(moment: datetime) -> datetime:
    """A moment as Shopify keeps it: to the whole second."""
    return moment.astimezone(UTC).replace(microsecond=0)
