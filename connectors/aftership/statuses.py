"""Where a parcel stands: AfterShip's tags and subtags in the hub's words. Pure.

From AfterShip's pages "Delivery statuses" and "Delivery sub-statuses" of API version 2026-07, and its list of the
sub-statuses added on 27 March 2026.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.sdk import Unreadable
from hub.sdk.parcels import TrackingReason, TrackingStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a parcel stands, why, and whether nobody could say so without the parcel in hand."""

    status: TrackingStatus
    reason: TrackingReason = ""
    is_scan: bool = False


TAGS: Mapping[str, Standing] = {
    "Pending": Standing("unknown"),
    "InfoReceived": Standing("pre_transit"),
    "InTransit": Standing("in_transit", is_scan=True),
    "OutForDelivery": Standing("out_for_delivery", is_scan=True),
    "AttemptFail": Standing("exception", "attempt_failed", is_scan=True),
    "Delivered": Standing("delivered", is_scan=True),
    "AvailableForPickup": Standing("available_for_pickup", is_scan=True),
    "Exception": Standing("exception", "other"),
    "Expired": Standing("expired"),
}
"""What each tag means. AfterShip may add some: those are unreadable until somebody says here what they mean."""

SUBTAGS: Mapping[str, Standing] = {
    "Exception_002": Standing("exception", "address", is_scan=True),  # the customer moved
    "Exception_003": Standing("exception", "refused", is_scan=True),
    "Exception_004": Standing("exception", "customs", is_scan=True),
    "Exception_005": Standing("exception", "delayed"),
    "Exception_006": Standing("exception", "held", is_scan=True),  # for payment
    "Exception_007": Standing("exception", "address"),
    "Exception_008": Standing("exception", "other", is_scan=True),  # not collected in time
    "Exception_010": Standing("returned", is_scan=True),  # on its way back
    "Exception_011": Standing("returned", is_scan=True),
    "Exception_012": Standing("failure", "damaged", is_scan=True),
    "Exception_013": Standing("failure", "lost"),
    "Exception_016": Standing("exception", "delayed", is_scan=True),  # sorted wrongly, a vehicle broke down
    "Exception_017": Standing("exception", "weather"),
    "Exception_018": Standing("exception", "customs"),  # papers missing or wrong
    "Exception_019": Standing("exception", "delayed"),  # a late flight
    "Exception_020": Standing("failure", "other"),  # cancelled: the label is void
    "Exception_021": Standing("failure", "other", is_scan=True),  # disposed of
}
"""What single subtags mean where that is not what their tag means."""


def read_standing(tag: str, subtag: str | None) -> Standing:
    """A tag's meaning, or its subtag's where we know better; a tag nobody has mapped is `Unreadable`."""
    if tag not in TAGS:
        raise Unreadable(f"AfterShip says {tag[:40]!r} of a parcel, which is not known here.")
    belongs = subtag is not None and subtag.startswith(f"{tag}_")
    return SUBTAGS.get(subtag or "", TAGS[tag]) if belongs else TAGS[tag]
