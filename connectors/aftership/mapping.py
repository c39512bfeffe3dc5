"""A parcel in the hub's words and in AfterShip's, and why AfterShip refuses one. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from connectors.aftership.carriers import name_of, slug_of
from connectors.aftership.countries import ALPHA_3
from connectors.aftership.statuses import TAGS, Standing, read_standing
from connectors.aftership.wire import WireCheckpoint, WireEstimate, WireMeta, WireTracking
from hub.sdk import Refused, TrackingUpdated, Unreadable
from hub.sdk.parcels import TrackedParcel, TrackingEvent, TrackParcel

ALREADY_FOLLOWED = 4003
"""AfterShip's code for a number it follows already with this carrier."""

NO_SUCH_NUMBER = frozenset({4005, 4017})
"""Codes for what cannot be a tracking number of any carrier."""

_REASONS: Mapping[int, str] = {
    4005: "the tracking number is not valid",
    4008: "a value is not valid",
    4010: "it knows no such carrier",
    4011: "this carrier needs more to be asked about a parcel",
    4012: "the carrier is not recognised, or not on the account's list of carriers",
    4017: "the tracking number does not have this carrier's form",
}

_EXTRAS = (
    "destination_country_region",
    "destination_postal_code",
    "destination_state",
    "origin_country_region",
    "tracking_account_number",
    "tracking_key",
    "tracking_ship_date",
)
"""What some carriers need besides the number. A refusal names it among words that may repeat what was sent."""


def write_tracking(wanted: TrackParcel, slugs: Mapping[str, str]) -> dict[str, Any]:
    """The body of POST /trackings: no name, no address but country and postcode."""
    fields = {
        "tracking_number": wanted.tracking_number.strip(),
        "slug": slug_of(wanted.carrier, slugs),
        "order_number": wanted.order_number,
        "destination_country_region": ALPHA_3.get(wanted.destination or "", ""),
        "destination_postal_code": wanted.postcode,
    }
    return {name: value for name, value in fields.items() if value}


def read_update(found: WireTracking, zone: tzinfo) -> TrackingUpdated:
    """The event that says all AfterShip knows of a parcel."""
    return TrackingUpdated(tracking_number=found.tracking_number, parcel=read_parcel(found, zone))


def read_parcel(found: WireTracking, zone: tzinfo) -> TrackedParcel:
    """A parcel and what carriers said of it, oldest first; `zone` is for times without an offset."""
    standing = _summary(found)
    events = [event for point in found.checkpoints or [] if (event := _read_event(point, zone))]
    return TrackedParcel(
        tracking_number=found.tracking_number,
        carrier=name_of(found.slug),
        status=standing.status,
        reason=standing.reason,
        events=sorted(events, key=lambda event: event.happened_at),
        expected_at=_expected(found, zone),
    )


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A moment with an offset as it is; one without, and the first minute of a bare date, by the clocks of `zone`."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Unreadable("A time of AfterShip's is not written as ISO 8601.") from None
    return moment if moment.utcoffset() is not None else moment.replace(tzinfo=zone)


def read_refusal(meta: WireMeta, status: int) -> Refused:
    """AfterShip's code in our words; of its own only the names of fields, since it may repeat what was sent."""
    code = meta.code or status
    reason = _REASONS.get(code, "it does not take this tracking")
    named = ", ".join(name for name in _EXTRAS if name in meta.message)
    return Refused("rejected", f"AfterShip says {code}: {reason}{f' ({named})' if named else ''}.")


def same_number(one: str, other: str) -> bool:
    """Whether two spellings are one tracking number: carriers print spaces and hyphens, and AfterShip drops them."""
    return _essence(one) == _essence(other)


def _essence(number: str) -> str:
    return "".join(c for c in number if c.isalnum()).upper()


def _summary(found: WireTracking) -> Standing:
    """The tag's meaning; a parcel handed back to its sender is no delivery, whatever the tag says."""
    standing = read_standing(found.tag, found.subtag)
    if found.return_to_sender and standing.status != "failure":
        return Standing("returned", is_scan=standing.is_scan)
    return standing


def _read_event(point: WireCheckpoint, zone: tzinfo) -> TrackingEvent | None:
    """One thing a carrier said; None if it cannot be placed in time."""
    if point.checkpoint_time:
        happened_at = read_moment(point.checkpoint_time, zone)
    elif point.created_at:
        happened_at = read_moment(point.created_at, UTC)
    else:
        return None
    standing = TAGS["Pending"] if point.tag is None else read_standing(point.tag, point.subtag)
    return TrackingEvent(
        status=standing.status,
        reason=standing.reason,
        happened_at=happened_at,
        is_scan=standing.is_scan and point.source != "user",
        text=point.message or point.subtag_message or "",
        place=_place(point),
        code=point.subtag or point.tag or "",
    )


def _place(point: WireCheckpoint) -> str:
    parts = (point.city, point.state, point.country_region_name or point.country_region)
    return ", ".join(part for part in parts if part) or point.location or ""


def _expected(found: WireTracking, zone: tzinfo) -> datetime | None:
    """The newest estimate, else the carrier's, else AfterShip's own; of a range its end."""
    estimates = (
        found.latest_estimated_delivery,
        found.courier_estimated_delivery_date,
        found.aftership_estimated_delivery_date,
    )
    told = [text for estimate in estimates if estimate and (text := _told(estimate))]
    return read_moment(told[0], zone) if told else None


def _told(estimate: WireEstimate) -> str:
    return estimate.latest or estimate.at or ""
