"""Lengths of time as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.cli.spoken import age, due

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "late by 0 min"),
        (1, "in 1 min"),
        (119, "in 119 min"),
        (120, "in 2 h"),
        (47 * 60 + 59, "in 47 h"),
        (48 * 60, "in 2 days"),
        (-5, "late by 5 min"),
        (-3 * 60, "late by 3 h"),
        (-100 * 24 * 60, "late by 100 days"),
    ],
)
def test_a_due_moment_is_said_from_now(minutes: int, said: str) -> None:
    assert due(NOW + timedelta(minutes=minutes), NOW) == said


def test_what_is_never_due_says_nothing() -> None:
    assert due(None, NOW) == ""


def test_nothing_is_younger_than_now() -> None:
    assert age(NOW - timedelta(minutes=90), NOW) == "90 min"
    assert age(NOW + timedelta(seconds=3), NOW) == "0 min"
