"""Where a parcel stands: Shopify's words in the hub's. Pure.

One table for the steps of a timeline (`FulfillmentEventStatus`), for what the shop displays
(`FulfillmentDisplayStatus`), and in small letters for webhooks (`shipment_status`): a word means the same in all three.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.shopify.mapping import known
from hub.sdk import Refused
from hub.sdk.parcels import RecordTracking, TrackingReason, TrackingStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel stands, why, and whether nobody could say so without the parcel in hand."""

    status: TrackingStatus
    reason: TrackingReason = ""
    is_scan: bool = False


# A "failure" of Shopify's may be a number it cannot follow, a label that was cancelled or a parcel that is lost, and it
# does not say which: on that word nobody's parcel is called lost.
STANDINGS: Mapping[str, Standing] = {
    "SUBMITTED": Standing("unknown"),
    "FULFILLED": Standing("unknown"),
    "MARKED_AS_FULFILLED": Standing("unknown"),
    "CONFIRMED": Standing("unknown"),  # "the default value when no other information is available"
    "CANCELED": Standing("unknown"),
    "LABEL_PURCHASED": Standing("pre_transit"),
    "LABEL_PRINTED": Standing("pre_transit"),
    "LABEL_VOIDED": Standing("failure", "other"),
    "CARRIER_PICKED_UP": Standing("in_transit", is_scan=True),
    "IN_TRANSIT": Standing("in_transit", is_scan=True),
    "DELAYED": Standing("exception", "delayed"),
    "OUT_FOR_DELIVERY": Standing("out_for_delivery", is_scan=True),
    "ATTEMPTED_DELIVERY": Standing("exception", "attempt_failed", is_scan=True),
    "READY_FOR_PICKUP": Standing("available_for_pickup", is_scan=True),
    "PICKED_UP": Standing("delivered", is_scan=True),
    "DELIVERED": Standing("delivered", is_scan=True),
    "NOT_DELIVERED": Standing("exception", "other"),
    "FAILURE": Standing("exception", "other"),
}

STEP: Mapping[TrackingStatus, str] = {
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


def read_standing(word: str) -> Standing:
    """What a word of Shopify's means; one that nobody has mapped is `Unreadable`."""
    return known(STANDINGS, word, "parcel status")


def to_step(wanted: RecordTracking) -> str:
    """Shopify's word for a step; what it has no word for is refused."""
    if wanted.status == "exception" and wanted.reason == "attempt_failed":
        return "ATTEMPTED_DELIVERY"
    if wanted.status not in STEP:
        raise Refused("nothing-to-say", f"Shopify's timeline has no word for {wanted.status}.")
    return STEP[wanted.status]


def says_already(word: str, wanted: RecordTracking) -> bool:
    """Whether a word that is shown tells a customer what the step would: by the same word, or by another one for the
    same, such as "picked up by carrier" for "in transit"."""
    shown = STANDINGS.get(word)
    if word == to_step(wanted):
        return True
    if shown is None or shown.status != wanted.status:
        return False
    return wanted.status != "exception" or shown.reason == wanted.reason
