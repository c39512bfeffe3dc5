"""What carriers say of parcels, in one vocabulary, and what a sales channel is told of them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from hub.sdk.commerce import Country, Internal, Money, Record
from hub.sdk.effects import EffectKey

TrackingStatus = Literal[
    "unknown",
    "pre_transit",
    "in_transit",
    "out_for_delivery",
    "available_for_pickup",
    "delivered",
    "exception",
    "returned",
    "failure",
    "expired",
]
"""`pre_transit`: a label, no parcel yet. `exception` may resolve itself; `failure` will not: lost, destroyed, void.
`expired`: the source gave up asking. `unknown`: no data. A word nobody has mapped is `Unreadable`, never a guess."""

TrackingReason = Literal[
    "",
    "attempt_failed",
    "address",
    "customs",
    "damaged",
    "delayed",
    "held",
    "lost",
    "refused",
    "weather",
    "other",
]
"""Why a parcel is an exception or a failure, where the source says so."""


class TrackingEvent(Record):
    """One thing a carrier said of a parcel. `is_scan`: the carrier had it in its hands; a printed label is no scan.

    `text` and `place` are the carrier's own words and may name the supplier's town: no customer sees them unchecked.
    """

    status: TrackingStatus
    reason: TrackingReason = ""
    happened_at: AwareDatetime
    is_scan: bool
    text: Annotated[str, Internal()] = ""
    place: Annotated[str, Internal()] = ""
    code: str = ""


class TrackParcel(Record):
    """Ask a tracker to follow a parcel. `carrier` is a carrier's short name (`ups`), or empty to let it find out.

    `order_id` is the order's at its channel, for a tracker that knows parcels by their order.
    """

    tracking_number: Annotated[str, EffectKey(), Field(min_length=1, max_length=100)]
    carrier: str = ""
    order_id: str = ""
    order_number: str = ""
    destination: Country | None = None
    postcode: str = ""


class ParcelRef(Record):
    """Names one parcel by its tracking number, and its carrier where known.

    `order_id` is the order's at its channel, for a tracker that knows parcels by their order. `since` is given for a
    number that took another's place: what happened before is the other parcel's, where a tracker mixes the two.
    """

    tracking_number: str
    carrier: str = ""
    order_id: str = ""
    since: AwareDatetime | None = None


class TrackedParcel(Record):
    """What a tracker knows of a parcel. `events` are oldest first; `status` is the tracker's own summary.

    `is_whole` is false where it says only that something changed, and not when: then ask for the parcel.
    """

    tracking_number: str
    carrier: str = ""
    status: TrackingStatus
    reason: TrackingReason = ""
    events: list[TrackingEvent] = []
    expected_at: AwareDatetime | None = None
    is_whole: bool = True


class ShippedLine(Record):
    """So many units of an order's line, in one parcel."""

    line_id: str
    quantity: Annotated[int, Field(gt=0)]


class FulfilOrder(Record):
    """Tell the channel that lines left in a parcel. `reference` is the parcel's own, so that it is told once."""

    id: str
    reference: Annotated[str, EffectKey(), Field(min_length=1, max_length=120)]
    lines: Annotated[list[ShippedLine], Field(min_length=1)]
    tracking_number: str
    carrier: str = ""
    tracking_url: str = ""
    notify_customer: bool = False


class Fulfilled(Record):
    """The channel's record of what left. `id` is the channel's own; `ids` has more where it keeps one per location."""

    id: str
    ids: list[str] = []
    tracking_numbers: list[str] = []


class ChangeTracking(Record):
    """Give an existing fulfilment another tracking number, as after a parcel was replaced."""

    fulfilment_id: str
    tracking_number: str
    carrier: str = ""
    tracking_url: str = ""
    notify_customer: bool = False


class RecordTracking(Record):
    """Put one step of a parcel's way on the channel's timeline. `message` is what the customer may read."""

    fulfilment_id: str
    status: TrackingStatus
    reason: TrackingReason = ""
    happened_at: AwareDatetime
    message: str = ""


class CancelOrder(Record):
    """Cancel an order at its channel; `refund` gives everything back by the way it was paid."""

    id: str
    reason: Literal["customer", "fraud", "inventory", "payment", "staff", "other"]
    refund: bool = True
    restock: bool = False
    notify_customer: bool = False
    note: str = ""


class CancelledOrder(Record):
    """The channel cancelled the order, then and there or before."""

    id: str
    cancelled_at: AwareDatetime


class RefundOrder(Record):
    """Give money back. Without `lines` all that is left of the order is refunded, shipping included.

    `reference` is unique per order and reason for refunding: the same one is refunded once. `amount`, where given, is
    what the customer is to get at most; a refund over what was paid is `too-much`, and nothing is refunded.
    """

    id: str
    reference: Annotated[str, EffectKey(), Field(min_length=1, max_length=120)]
    lines: list[ShippedLine] = []
    shipping: bool = True
    amount: Money | None = None
    notify_customer: bool = False
    note: str = ""


class Refund(Record):
    """What was given back. `pending`: taken by the channel, not yet confirmed by the payment provider."""

    id: str
    amount: Money
    state: Literal["done", "pending", "failed"]


class SubstituteLine(Record):
    """Replace so many units of a line by another article of the shop, at no higher price for the customer."""

    id: str
    line_id: str
    quantity: Annotated[int, Field(gt=0)]
    sku: Annotated[str, Field(min_length=1)]
    note: str = ""


class SubstitutedLine(Record):
    """The order's new line. `owed` is what the customer paid too much, if the substitute is cheaper."""

    id: str
    line_id: str
    sku: str
    owed: Money | None = None
