"""Tracking numbers pasted by a person: looked at first, applied once, all or none; and the purchases that have none."""

from datetime import datetime

from dashboard.client import Answer, Client


class Line(Answer):
    """A pasted line, and what it would do."""

    line: int
    order: str
    tracking: str
    carrier: str = ""
    outcome: str
    detail: str = ""
    purchase: str | None = None


class Preview(Answer):
    """What the lines would do. `mark` names exactly this."""

    ready: int = 0
    known: int = 0
    wrong: int = 0
    mark: str = ""
    lines: list[Line]


class Missing(Answer):
    """Bought, and nobody has said under which number it travels."""

    order: str | None = None
    number: str
    purchase: str
    supplier: str
    bought_at: datetime | None = None
    status: str | None = None


class MissingPage(Answer):
    """Part of that list."""

    items: list[Missing]
    next: str | None = None


def preview(client: Client, store: str, text: str) -> Preview:
    """What would be done with these lines; nothing is."""
    return client.post("/trackings/preview", Preview, {"store": store, "text": text})


def apply(client: Client, store: str, text: str, mark: str, note: str) -> Preview:
    """Do what was previewed; raises `Declined` of kind `preview-changed` if it would be something else by now."""
    return client.post("/trackings", Preview, {"store": store, "text": text, "mark": mark, "note": note})


def missing(client: Client, store: str | None = None) -> MissingPage:
    """Purchases without a tracking number, oldest first."""
    return client.get("/trackings/missing", MissingPage, {"store": store, "limit": 100})
