"""How often trackers are asked about parcels: often while something happens, seldom while nothing does, and bounded."""

import heapq
from datetime import UTC, datetime, timedelta

import pytest

from hub.fulfilment.ladder import State, merge
from hub.fulfilment.policies import Policies
from hub.fulfilment.watching import SOONEST, look_again_in, quiet
from hub.sdk.parcels import TrackingEvent

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICIES = Policies()
DAY = timedelta(days=1)


def pause(state: State, now: datetime, confirmed: datetime) -> timedelta:
    silence = quiet(state, confirmed, confirmed, POLICIES)
    return look_again_in(state, silence, now, has_stalled=now >= silence.stalls_at, policies=POLICIES)


def questions(parcels: int, days: int, *, scans_every: timedelta | None) -> list[int]:
    """How many questions are asked on each day about parcels that nobody's webhook tells of."""
    asked = [0] * days
    looks = [(MONDAY + timedelta(seconds=86 * n), n) for n in range(parcels)]
    confirmed = {n: moment for moment, n in looks}
    states = dict.fromkeys(range(parcels), State())
    heapq.heapify(looks)
    while looks[0][0] < MONDAY + days * DAY:
        now, n = heapq.heappop(looks)
        asked[(now - MONDAY) // DAY] += 1
        if scans_every is not None:
            scan = confirmed[n] + (now - confirmed[n]) // scans_every * scans_every
            said = TrackingEvent(status="in_transit", happened_at=scan, is_scan=True)
            states[n], _ = merge(states[n], [said])
        heapq.heappush(looks, (now + pause(states[n], now, confirmed[n]), n))
    return asked


@pytest.mark.row("S1-078")
def test_a_thousand_open_parcels_at_two_hours_are_twelve_thousand_questions_a_day() -> None:
    busy = State()
    a_day = 1000 * (DAY / pause(busy, MONDAY, MONDAY))
    assert a_day == 12_000


@pytest.mark.row("S1-078")
def test_no_day_of_a_thousand_parcels_needs_more_however_often_they_are_scanned() -> None:
    for scans_every in (None, timedelta(hours=5), timedelta(hours=30)):
        assert max(questions(1000, 4, scans_every=scans_every)) <= 12_000


@pytest.mark.row("S1-078")
def test_a_parcel_that_was_quiet_for_a_day_is_asked_about_every_six_hours() -> None:
    last = questions(1000, 4, scans_every=None)[-1]
    assert last <= 5000, "four a day, and one at the moment it stalls"
    assert pause(State(), MONDAY + timedelta(hours=30), MONDAY) == timedelta(hours=6)


def test_a_parcel_is_asked_about_at_the_moment_it_stalls_and_else_never_twice_a_minute() -> None:
    nearly = MONDAY + timedelta(hours=72) - timedelta(seconds=5)
    assert pause(State(), nearly, MONDAY) == timedelta(seconds=5)
    hasty = POLICIES.model_copy(update={"tracking_poll": timedelta(0)})
    silence = quiet(State(), MONDAY, MONDAY, hasty)
    assert look_again_in(State(), silence, MONDAY, has_stalled=False, policies=hasty) == SOONEST
