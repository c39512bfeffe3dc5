"""Small things that every page is made of, as HTML: chips, facts, tables, stat tiles, what to say where nothing is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import streamlit as st

from dashboard import session, times
from dashboard.ask.reports import Report
from dashboard.markup import Markup, join, tag, with_code

TONES = {
    "confirmed": "good", "delivered": "good", "sent": "good", "kept": "good", "ok": "good",
    "resolved": "good", "applied": "good", "ready": "good", "chosen": "good",
    "late": "late", "refused": "late", "broken": "late", "wrong": "late", "blocked": "late", "in-doubt": "late",
    "held": "near", "warned": "near", "waiting": "near", "paused": "near", "withheld": "near", "stalled": "near",
    "open": "near",
}  # fmt: skip
"""A state's tone; one that is not here has none."""


def chip(text: object, tone: str = "") -> Markup:
    """A small word in a frame; a tone never stands without its word."""
    return tag("span", text, class_=f"f-chip {tone}".strip())


def state_chip(state: str) -> Markup:
    """A state with its tone."""
    return chip(words(state), TONES.get(state, ""))


def due_chip(moment: datetime | None, now: datetime) -> Markup | None:
    """How long there is; amber in the last four hours, red afterwards."""
    if moment is None:
        return None
    left = (moment - now).total_seconds()
    tone = "late" if left <= 0 else "near" if left < 4 * times.HOUR else ""
    return chip(times.due(moment, now), tone)


def moment(at: datetime | None, zone: ZoneInfo, now: datetime) -> Markup:
    """`Tue 10:15 · 2 h ago`, to the second on pointing at it."""
    if at is None:
        return tag("span", "not yet", class_="f-quiet")
    return tag(
        "span",
        times.clock(at, zone, now),
        tag("span", f" · {times.away(at, now)}", class_="f-quiet"),
        class_="f-at",
        title=times.full(at, zone),
    )


def facts(pairs: Mapping[str, object | None]) -> Markup:
    """Names and values; those that are None or empty are left out."""
    shown = [(name, value) for name, value in pairs.items() if value not in (None, "", [], {})]
    return tag("dl", *[join(tag("dt", name), tag("dd", value)) for name, value in shown], class_="f-facts")


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: Iterable[int] = ()) -> Markup:
    """A table; `numbers` are the columns that stand to the right."""
    right = set(numbers)

    def cell(name: str, index: int, value: object) -> Markup:
        return tag(name, "" if value is None else value, class_="num" if index in right else None)

    body = [tag("tr", *[cell("td", i, value) for i, value in enumerate(row)]) for row in rows]
    top = tag("tr", *[cell("th", i, name) for i, name in enumerate(head)])
    made = tag("table", tag("thead", top), tag("tbody", *body), class_="f-table")
    return tag("div", made, class_="f-wide", tabindex=0, role="region", aria_label=" ".join(head))


def stats(pairs: Sequence[tuple[object, str, str]]) -> Markup:
    """Tiles: a figure, what it counts, and its tone."""
    tiles = [
        tag("div", tag("b", figure, class_=f"f-{tone}" if tone else None), tag("span", what), class_="f-stat")
        for figure, what, tone in pairs
    ]
    return tag("div", *tiles, class_="f-stats")


def empty(title: str, advice: str) -> None:
    """Where nothing is: what would be here, and how it comes here."""
    st.html(tag("div", tag("b", title), advice, class_="f-empty"))


def heading(title: str, lead: object = "") -> None:
    """A page's title, which may hold a customer's words, with a sentence below it."""
    st.html(join(tag("h1", title), tag("p", lead, class_="f-lead") if lead else None))


def words(kebab: str) -> str:
    """`address-review` as people say it."""
    return kebab.replace("-", " ").replace("_", " ")


def titled(kebab: str) -> str:
    """The same, as a title."""
    said = words(kebab)
    return said[:1].upper() + said[1:]


def money(amount: Decimal | None, currency: str | None) -> str:
    """`44.00 USD`."""
    return "" if amount is None else f"{amount} {currency or ''}".strip()


def counted(number: int, one: str, many: str) -> str:
    """`1 order`, `3 orders`."""
    return f"{number} {one if number == 1 else many}"


def reckoned(report: Report) -> Markup:
    """What a report tells; and how long ago, where it was not reckoned just now."""
    is_old = (session.now() - report.period.until).total_seconds() > times.MINUTE
    ago = f" Reckoned {times.away(report.period.until, session.now())}." if is_old else None
    return tag("p", with_code(report.says), ago, class_="f-lead")


def look() -> tuple[ZoneInfo, datetime]:
    """The zone of the brand and the moment of looking."""
    return session.zone(), session.now()
