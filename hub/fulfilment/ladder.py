"""Where a parcel is, from all that was ever said of it: the same whatever order it was said in. Pure.

Webhooks and polls tell one story in pieces, late, twice and out of order. What is known is a set of events; everything
else is computed from the set, so that the order of arrival cannot matter. Only `told` remembers what was news when.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, get_args

from pydantic import AwareDatetime

from hub.sdk.commerce import Record
from hub.sdk.parcels import TrackingEvent, TrackingReason, TrackingStatus

Rung = Literal["pre_transit", "in_transit", "out_for_delivery", "delivered"]
"""How far a parcel came, in this order; a later word of an earlier rung never takes it back."""

Overlay = Literal["available_for_pickup", "exception", "returned", "failure", "expired", "unknown"]
"""What lies over the rung: it waits, it has trouble, it comes back, it will not come, or nobody knows."""

Milestone = Literal[
    "in-transit", "out-for-delivery", "delivered", "exception", "available-for-pickup", "returned", "lost"
]
"""What is worth telling, each once for a parcel."""

RUNGS: tuple[Rung, ...] = get_args(Rung)
MOVING: frozenset[TrackingStatus] = frozenset({"in_transit", "out_for_delivery"})
"""The carrier moves it: what stood over the rung before is over."""
STANDING: frozenset[TrackingStatus] = frozenset({"available_for_pickup", "exception", "failure"})
"""A failure before any scan is a cancelled label; it stands until somebody ships with it after all."""
GONE: frozenset[TrackingReason] = frozenset({"lost", "damaged"})

# Of two words of the same second the graver counts as the later: a scan and its trouble are often one record.
_GRAVITY: dict[TrackingStatus, int] = {status: place for place, status in enumerate(get_args(TrackingStatus))}


class Seen(Record):
    """One thing said of a parcel, without whose words it was said in: a webhook's and a poll's are the same."""

    status: TrackingStatus
    at: AwareDatetime
    reason: TrackingReason = ""
    is_scan: bool = False


class State(Record):
    """What is known of a parcel. `rung` is None before anybody said anything of a label.

    All but `told` follows from `seen`. `told` holds the milestones that were announced, and those that a later rung
    overtook before anybody could be told.
    """

    seen: tuple[Seen, ...] = ()
    told: tuple[Milestone, ...] = ()
    rung: Rung | None = None
    overlay: Overlay | None = None
    reason: TrackingReason = ""
    first_label_at: AwareDatetime | None = None
    first_scan_at: AwareDatetime | None = None
    last_scan_at: AwareDatetime | None = None
    last_event_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected; a delivered parcel may still come back."""
        return self.rung == "delivered" or self.overlay in ("returned", "failure")


def merge(state: State, events: Iterable[TrackingEvent]) -> tuple[State, tuple[Milestone, ...]]:
    """The state with these events in it, and the milestones that are news now; events known before change nothing."""
    seen = _together(state.seen, events)
    if seen == state.seen:
        return state, ()
    merged = _judge(seen)
    news = [milestone for milestone in _current(merged) if milestone not in state.told]
    told = {*state.told, *news, *_overtaken(merged)}
    return merged.model_copy(update={"told": tuple(sorted(told))}), tuple(news)


def _together(known: tuple[Seen, ...], events: Iterable[TrackingEvent]) -> tuple[Seen, ...]:
    """Each status of each second once. Sources differ in words and fractions of a second, and in what they leave out:
    a reason beats none, and a scan is one if anybody says so."""
    found = {(one.at, one.status): one for one in known}
    for event in events:
        at = event.happened_at.astimezone(UTC).replace(microsecond=0)
        before = found.get((at, event.status))
        found[at, event.status] = Seen(
            status=event.status,
            at=at,
            reason=max(event.reason, before.reason if before else "", key=_telling),
            is_scan=event.is_scan or (before is not None and before.is_scan),
        )
    return tuple(sorted(found.values(), key=_order))


def _telling(reason: TrackingReason) -> tuple[bool, bool, str]:
    return reason != "", reason != "other", reason


def _order(one: Seen) -> tuple[datetime, int]:
    return one.at, _GRAVITY[one.status]


def _judge(seen: tuple[Seen, ...]) -> State:
    scans = [one.at for one in seen if one.is_scan]
    heard = [one.at for one in seen if one.status not in ("unknown", "expired")]
    standing = _standing(seen)
    return State(
        seen=seen,
        rung=_rung(seen),
        overlay=_overlay(standing),
        reason=standing.reason if standing else "",
        first_label_at=_first(seen, "pre_transit"),
        first_scan_at=min(scans, default=None),
        last_scan_at=max(scans, default=None),
        last_event_at=max(heard, default=None),
        delivered_at=_first(seen, "delivered"),
    )


def _first(seen: tuple[Seen, ...], status: TrackingStatus) -> datetime | None:
    return min((one.at for one in seen if one.status == status), default=None)


def _rung(seen: tuple[Seen, ...]) -> Rung | None:
    said = {one.status for one in seen}
    # A shop or locker has it: the carrier carried it there, even where its own scans never came.
    if "available_for_pickup" in said:
        said.add("in_transit")
    reached = [rung for rung in RUNGS if rung in said]
    return reached[-1] if reached else None


def _standing(seen: tuple[Seen, ...]) -> Seen | None:
    """What lies over the rung: an end, else the newest trouble that no later scan cleared, else the source's silence.

    A parcel on its way back may be "delivered", to its sender: returned outweighs delivered, whichever came later. And
    a parcel that was called lost and then delivered is delivered.
    """
    by_status = {one.status: one for one in seen}
    if "returned" in by_status or "delivered" in by_status:
        return by_status.get("returned")
    trouble, was_scanned = None, False
    for one in seen:
        if one.status == "failure" and (was_scanned or one.reason in GONE):
            return one
        if one.status in STANDING:
            trouble = one
        elif one.status in MOVING:
            trouble = None
        was_scanned = was_scanned or one.is_scan
    if trouble is not None:
        return trouble
    # A source gives up, or knows nothing, until anybody says anything new.
    return seen[-1] if seen and seen[-1].status in ("expired", "unknown") else None


def _overlay(standing: Seen | None) -> Overlay | None:
    match standing.status if standing else None:
        case (
            "available_for_pickup" | "exception" | "returned" | "failure" | "expired" | "unknown"
        ) as overlay:
            return overlay
        case _:
            return None


def _current(state: State) -> list[Milestone]:
    """The milestones that describe the parcel as it is now."""
    match state.overlay:
        case "returned":
            return ["returned"]
        case "failure":
            return ["lost"] if _is_lost(state) else []
        case "exception":
            return ["exception"]
        case "available_for_pickup":
            return ["available-for-pickup"]
    match state.rung:
        case "in_transit":
            return ["in-transit"]
        case "out_for_delivery":
            return ["out-for-delivery"]
        case "delivered":
            return ["delivered"]
        case _:
            return []


def _is_lost(state: State) -> bool:
    """A label that was cancelled before any scan is no loss: nothing was ever sent with it."""
    return state.reason in GONE or state.first_scan_at is not None


def _overtaken(state: State) -> list[Milestone]:
    """What is no news any more: nobody is told that a parcel left when it is at the door, or arrived."""
    rung = RUNGS.index(state.rung) if state.rung else 0
    if state.overlay == "returned" or (state.overlay == "failure" and _is_lost(state)):
        rung = len(RUNGS)
    overtaken: list[Milestone] = []
    if rung >= RUNGS.index("in_transit"):
        overtaken.append("in-transit")
    if rung >= RUNGS.index("out_for_delivery"):
        overtaken.append("out-for-delivery")
    if rung >= RUNGS.index("delivered"):
        overtaken += ["exception", "available-for-pickup"]
    return overtaken
