"""When a parcel has been quiet for too long, and when to look at it again. Pure."""

from datetime import datetime, timedelta

from pydantic import AwareDatetime

from hub.fulfilment.ladder import GONE, State
from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Record

SOONEST = timedelta(minutes=1)
"""Nobody is asked more often than this about one parcel."""
AT_ONCE = timedelta(seconds=1)
"""A stall is noticed when it comes, not at the next question."""
IDLE = timedelta(hours=24)
"""After so long without news a parcel is asked about less often."""


class Quiet(Record):
    """A parcel's silence, reckoned from its anchor or its last scan, whichever came later."""

    since: AwareDatetime
    stalls_at: AwareDatetime
    gives_up_at: AwareDatetime


def quiet(state: State, created_at: datetime, confirmed_at: datetime | None, policies: Policies) -> Quiet:
    """Since when nothing was scanned, and what that leads to and when.

    The anchor is the policy's: the moment the channel took the fulfilment, or the one the label was made. Until there
    is one, it is the moment we heard of the parcel.
    """
    anchor = confirmed_at if policies.stall_anchor == "fulfilment_confirmed" else state.first_label_at
    since = max(anchor or created_at, state.last_scan_at or anchor or created_at)
    return Quiet(
        since=since, stalls_at=since + policies.stall_after, gives_up_at=since + policies.give_up_after
    )


def is_over(state: State) -> bool:
    """Whether nothing more is expected. A cancelled label is no end: no parcel was lost with it, and one may still be
    sent, so that its silence counts like that of any other label."""
    is_cancelled_label = (
        state.overlay == "failure" and state.reason not in GONE and state.first_scan_at is None
    )
    return state.is_over and not is_cancelled_label


def can_stall(state: State) -> bool:
    """Whether silence means anything: not once it arrived or is lost, and not while it waits for the customer."""
    return not is_over(state) and state.overlay != "available_for_pickup"


def look_again_in(
    state: State, silence: Quiet, now: datetime, *, has_stalled: bool, policies: Policies
) -> timedelta:
    """How long until the tracker is asked again, or the parcel stalls, whichever comes first."""
    heard = max(state.last_event_at or silence.since, silence.since)
    pause = max(policies.tracking_poll if now - heard < IDLE else policies.tracking_poll_idle, SOONEST)
    if can_stall(state) and not has_stalled:
        pause = min(pause, max(silence.stalls_at - now, AT_ONCE))
    return pause
