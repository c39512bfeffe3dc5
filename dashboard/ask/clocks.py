"""SLA clocks: promises that run, are near, late or kept."""

from datetime import datetime

from dashboard.client import Answer, Client


class Clock(Answer):
    """A promise with its due moment."""

    id: str
    store: str
    flow: str
    clock: str
    subject: str | None = None
    state: str
    started_at: datetime
    due_at: datetime
    ended_at: datetime | None = None


class Clocks(Answer):
    """Part of a list of promises."""

    items: list[Clock]
    next: str | None = None


class ByClock(Answer):
    """How many promises of one kind are in which state."""

    flow: str
    clock: str
    running: int = 0
    warned: int = 0
    late: int = 0
    due_today: int = 0


class Summary(Answer):
    """All of them, counted."""

    running: int
    warned: int
    late: int
    due_today: int
    by_clock: list[ByClock]


def listed(client: Client, **asked: object) -> Clocks:
    """Promises, soonest due first."""
    return client.get("/clocks", Clocks, asked)


def summary(client: Client, store: str | None = None) -> Summary:
    """How many are in which state."""
    return client.get("/clocks/summary", Summary, {"store": store})
