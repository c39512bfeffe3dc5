"""Lengths of time and due moments as people say them: `2 h`, `in 2 h`, `late by 5 min`."""

from datetime import datetime, timedelta

_UNITS = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "h"))


def length(span: timedelta) -> str:
    """In the one unit that fits: minutes up to two hours, hours up to two days, then days; never more than it is."""
    for least, unit, word in _UNITS:
        if span >= least:
            return f"{span // unit} {word}"
    return f"{max(span, timedelta(0)) // timedelta(minutes=1)} min"


def due(at: datetime | None, now: datetime) -> str:
    """When something is due, from now; empty if it never is."""
    if at is None:
        return ""
    return f"in {length(at - now)}" if at > now else f"late by {length(now - at)}"


def age(since: datetime, now: datetime) -> str:
    """How long ago something began."""
    return length(now - since)


def moment(text: str | None) -> datetime | None:
    """A moment as the API writes it."""
    return datetime.fromisoformat(text) if text else None
