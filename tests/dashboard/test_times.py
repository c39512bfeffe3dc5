"""Moments as people say them, in the brand's zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard import times

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 30, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(hours=2), "in 2 h"),
        (timedelta(hours=2, minutes=10), "in 2 h 10 min"),
        (timedelta(minutes=-45), "45 min ago"),
        (timedelta(days=3, hours=4), "in 3 d 4 h"),
        (timedelta(days=-24, hours=-5), "24 d ago"),
        (timedelta(seconds=20), "now"),
        (timedelta(hours=23, minutes=59), "in 23 h"),
    ],
)
def test_how_far_away_a_moment_is(away: timedelta, said: str) -> None:
    assert times.away(NOW + away, NOW) == said


def test_what_is_due_counts_down_and_what_was_due_counts_up() -> None:
    assert times.due(NOW + timedelta(hours=4), NOW) == "due in 4 h"
    assert times.due(NOW - timedelta(minutes=5), NOW) == "5 min late"


def test_a_moment_is_said_in_the_brands_zone() -> None:
    assert times.clock(NOW, NEW_YORK, NOW) == "Mon 09:30"
    assert times.clock(NOW - timedelta(days=20), NEW_YORK, NOW) == "10 Nov, 09:30"
    assert times.clock(NOW - timedelta(days=400), NEW_YORK, NOW) == "26 Oct 2025, 10:30"
    assert times.full(NOW, NEW_YORK) == "Mon 30 Nov 2026, 09:30:00 EST"
    assert times.day(datetime(2026, 12, 1, 3, tzinfo=UTC), NEW_YORK) == "Monday, 30 November 2026"
