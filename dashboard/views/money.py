"""Money: where it is lost, what questions cost, and what has become better."""

import streamlit as st

from dashboard import parts, session
from dashboard.ask import reports, variances
from dashboard.client import Declined
from dashboard.markup import Markup, join, tag, with_code

TILES = ("failure-points", "enquiries", "before-customers", "touchless", "avoided", "margin")
TABLES = ("exceptions", "outcomes", "cancellations", "tracking-gap", "reconciliation")
BANDS = {
    "normal": "good",
    "low": "good",
    "on-target": "good",
    "high": "near",
    "peak": "late",
    "below-target": "late",
}


def show() -> None:
    """Reports of the last thirty days, as tiles first and as tables below."""
    parts.heading("Money", "The last thirty days. What is not known is said, and never counted as nothing.")
    known: list[str | None] = [store.id for store in session.stores()]
    for store in known or [None]:
        if len(session.stores()) > 1:
            st.html(tag("h2", store))
        for name in TILES:
            _shown(name, store, as_tiles=True)
        for name in TABLES:
            _shown(name, store, as_tiles=False)
        _charged(store)


def _shown(name: str, store: str | None, *, as_tiles: bool) -> None:
    try:
        report = reports.one(session.client(), name, store)
    except Declined as declined:
        st.html(tag("p", f"{parts.titled(name)}: {declined.problem.words}", class_="f-quiet"))
        return
    head = join(tag("h2", report.title), parts.reckoned(report))
    if not any(figure.value is not None for figure in report.figures):
        st.html(join(head, _nothing(report)))
        return
    single = [figure for figure in report.figures if as_tiles and not set(figure.labels) - {"cohort"}]
    rest = [figure for figure in report.figures if figure not in single]
    st.html(join(head, _tiles(single) if single else None, _table(rest) if rest else None))


def _charged(store: str | None) -> None:
    """Purchases that suppliers charge otherwise than expected; what is as expected is not listed."""
    try:
        page = variances.newest(session.client(), store)
    except Declined as declined:
        st.html(tag("p", f"What suppliers charged: {declined.problem.words}", class_="f-quiet"))
        return
    st.html(tag("h2", "What suppliers charged"))
    if not page.items:
        parts.empty(
            "Nothing is charged otherwise than expected.",
            "Invoices are compared as they come: name `endpoints.invoices` of a supplier's API, or a file of invoices.",
        )
        return
    rows = [
        [
            f"#{one.number}" if one.number else one.invoice,
            one.purchase,
            one.supplier,
            variances.money(one.expected, one.expected_currency),
            one.charged,
            tag("strong", variances.money(one.variance, one.currency)),
            one.said,
        ]
        for one in page.items
    ]
    head = ["Order or invoice", "Purchase", "Supplier", "Expected", "Charged", "Off by", "What it is"]
    more = (
        tag("p", "The newest fifty. The API lists all of them: /variances", class_="f-quiet")
        if page.next
        else None
    )
    st.html(join(parts.table(head, rows, numbers=(3, 4, 5)), more))


def _nothing(report: reports.Report) -> Markup:
    reasons = dict.fromkeys(figure.unknown for figure in report.figures if figure.unknown)
    said = " ".join(reasons) if reasons else "Nothing of it in this period."
    return tag("p", parts.chip("unknown") if reasons else None, with_code(said), class_="f-quiet")


def _tiles(figures: list[reports.Figure]) -> Markup:
    tiles = [
        tag(
            "div",
            tag("b", figure.said, class_=_tone(figure)),
            tag("span", figure.title, f", {figure.labels['cohort']}" if "cohort" in figure.labels else ""),
            " ",
            parts.chip(parts.words(figure.band.name), BANDS.get(figure.band.name, "")) if figure.band else None,
            class_="f-stat", title=figure.unknown or figure.of_what,
        )
        for figure in figures
    ]  # fmt: skip
    return tag("div", *tiles, class_="f-stats")


def _tone(figure: reports.Figure) -> str | None:
    if figure.value is None:
        return "f-unknown"
    return f"f-{BANDS.get(figure.band.name, '')}" if figure.band else None


def _table(figures: list[reports.Figure]) -> Markup:
    rows = [
        [
            figure.title,
            ", ".join(figure.labels.values()),
            tag("strong", figure.said, title=figure.unknown),
            figure.unit,
        ]
        for figure in figures
    ]
    return parts.table(["Figure", "Of", "Value", "Unit"], rows, numbers=(2,))


show()
