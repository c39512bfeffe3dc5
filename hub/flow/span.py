"""Lengths of time as people write them: `3 days`, `90 minutes`, `2 working days`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

MAX_DAYS = 400

Unit = Literal["second", "minute", "hour", "day", "week"]

_UNITS: dict[str, tuple[Unit, timedelta]] = {
    "s": ("second", timedelta(seconds=1)),
    "second": ("second", timedelta(seconds=1)),
    "min": ("minute", timedelta(minutes=1)),
    "minute": ("minute", timedelta(minutes=1)),
    "h": ("hour", timedelta(hours=1)),
    "hour": ("hour", timedelta(hours=1)),
    "day": ("day", timedelta(days=1)),
    "week": ("week", timedelta(weeks=1)),
}
_SPAN = re.compile(r"\s*(\d{1,9})\s*(working\s+)?([a-z]+)\s*", re.ASCII)


class BadSpan(ValueError):
    """This is not a length of time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. Working time counts only a store's opening hours, so its end depends on where it starts."""

    amount: int
    unit: Unit
    working: bool = False

    def plain(self) -> timedelta:
        """The length in plain time; raises `BadSpan` for working time."""
        if self.working:
            raise BadSpan("Working time cannot be used here. Write plain time, such as 2 days.")
        return self.amount * _UNITS[self.unit][1]


def read_span(text: str) -> Span:
    """Read plain or working time, at most 400 days; raises `BadSpan` with a message for the author."""
    found = _SPAN.fullmatch(text)
    if not found:
        raise BadSpan(
            f"{text[:40]!r} is not a length of time. Write it like 90 minutes, 3 days or 2 working days."
        )
    amount, working, word = int(found[1]), bool(found[2]), found[3].removesuffix("s") or "s"
    if word not in _UNITS or (working and word not in ("hour", "day")):
        units = "seconds, minutes, hours, days, weeks, working hours or working days"
        raise BadSpan(f"{text[:40]!r}: the unit is one of {units}.")
    unit, length = _UNITS[word]
    if amount * length > timedelta(days=MAX_DAYS):
        raise BadSpan(f"{text[:40]!r} is longer than {MAX_DAYS} days.")
    return Span(amount, unit, working)


def parse_span(text: str) -> timedelta:
    """Read plain time; raises `BadSpan` for working time and for what is no length of time."""
    return read_span(text).plain()
