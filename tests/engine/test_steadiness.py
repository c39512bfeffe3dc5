"""Silence means nothing while the trade's clock leaps: what is on its way has had no time."""

from datetime import UTC, datetime, timedelta

from hub.engine.watch import Steadiness

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_clock_that_goes_as_real_time_does_is_trusted_after_a_minute() -> None:
    steadiness = Steadiness()
    looks = [steadiness.holds(MONDAY + timedelta(seconds=s), 1000.0 + s) for s in range(0, 91, 15)]
    assert looks == [False, False, False, False, True, True, True]


def test_after_a_leap_forward_or_back_a_minute_passes_before_anything_is_judged() -> None:
    steadiness = Steadiness()
    for second in range(0, 91, 15):
        steadiness.holds(MONDAY + timedelta(seconds=second), 1000.0 + second)
    for real, leap in ((2000.0, timedelta(minutes=20)), (2100.0, timedelta(0))):
        looks = [steadiness.holds(MONDAY + leap + timedelta(seconds=s), real + s) for s in range(0, 61, 15)]
        assert looks == [False, False, False, False, True]
