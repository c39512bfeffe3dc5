"""Shopify's JSON around parcels: what waits in fulfilment orders, what was sent, and the steps of its way."""

from pydantic import AwareDatetime

from connectors.shopify.wire import Connection, UserError, Wire
from connectors.shopify.wire_fulfilment import FulfilmentOrderNode


class LineId(Wire):
    """An order's line, by its global id."""

    id: str


class WaitingLineNode(Wire):
    """Units of an order's line that one location has still to send; the id is the fulfilment order's own."""

    id: str
    remaining_quantity: int
    line_item: LineId


class WaitingOrderNode(FulfilmentOrderNode):
    """A fulfilment order with what it has still to send."""

    line_items: Connection[WaitingLineNode]


class TrackingNode(Wire):
    """One tracking number; Shopify allows a parcel several."""

    number: str | None = None
    company: str | None = None
    url: str | None = None


class ParcelNode(Wire):
    """What Shopify calls a fulfilment: units that left together."""

    id: str
    status: str
    tracking_info: list[TrackingNode] = []

    def numbers(self) -> list[str]:
        """Its tracking numbers."""
        return [t.number for t in self.tracking_info if t.number]


class FollowedNode(ParcelNode):
    """A parcel as the shop displays it, with the moments that Shopify keeps apart from its timeline."""

    display_status: str | None
    in_transit_at: AwareDatetime | None
    delivered_at: AwareDatetime | None
    estimated_delivery_at: AwareDatetime | None
    updated_at: AwareDatetime


class FollowedOrderNode(Wire):
    """An order's parcels."""

    fulfillments: list[FollowedNode]


class FollowedAnswer(Wire):
    """Data of FarosParcelsOfOrder."""

    order: FollowedOrderNode | None


class FulfillableNode(Wire):
    """An order with its parcels and what is still to be sent of it."""

    legacy_resource_id: str
    fulfillments: list[ParcelNode]
    fulfillment_orders: Connection[WaitingOrderNode]


class FulfillableAnswer(Wire):
    """Data of FarosFulfillable."""

    order: FulfillableNode | None


class WaitingNode(Wire):
    """More lines of a fulfilment order."""

    line_items: Connection[WaitingLineNode]


class WaitingAnswer(Wire):
    """Data of FarosWaitingLines."""

    fulfillment_order: WaitingNode | None


class SentLineNode(Wire):
    """Units of a line that left in a parcel."""

    quantity: int | None
    line_item: LineId


class SentNode(Wire):
    """A parcel's lines."""

    fulfillment_line_items: Connection[SentLineNode]


class SentAnswer(Wire):
    """Data of FarosSentLines."""

    fulfillment: SentNode | None


class ParcelPayload(Wire):
    """A mutation's parcel, or its refusals."""

    fulfillment: ParcelNode | None
    user_errors: list[UserError]


class FulfilAnswer(Wire):
    """Data of FarosFulfil."""

    fulfillment_create: ParcelPayload


class TrackingAnswer(Wire):
    """Data of FarosTracking."""

    fulfillment: ParcelNode | None


class TrackingWriteAnswer(Wire):
    """Data of FarosTrackingWrite."""

    fulfillment_tracking_info_update: ParcelPayload


class EventNode(Wire):
    """One step on a parcel's timeline, by the carrier's word or by an app's, and where it was taken."""

    id: str
    status: str
    happened_at: AwareDatetime
    message: str | None = None
    city: str | None = None
    province: str | None = None
    country: str | None = None


class EventsNode(Wire):
    """A parcel's timeline, and what the shop displays of it."""

    status: str
    display_status: str | None
    events: Connection[EventNode]


class EventsAnswer(Wire):
    """Data of FarosParcelEvents."""

    fulfillment: EventsNode | None


class EventPayload(Wire):
    """The step that was added, or why not."""

    fulfillment_event: EventNode | None
    user_errors: list[UserError]


class EventAddAnswer(Wire):
    """Data of FarosParcelEventAdd."""

    fulfillment_event_create: EventPayload
