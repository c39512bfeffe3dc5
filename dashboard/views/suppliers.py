"""Suppliers: who answers, who ships, how old their stock is, and where their prices drift."""

import streamlit as st

from dashboard import charts, parts, session
from dashboard.ask import reports, trade
from dashboard.client import Declined
from dashboard.markup import Markup, join, tag

SHOWN = ("acknowledge_hours", "ship_hours", "rejects", "invalid_tracking", "cost_drift", "invoiced_drift")
LEVELS = {1: "e-mail", 2: "files or a portal", 3: "an API"}


def show() -> None:
    """A card for each supplier, and below them how they compare."""
    parts.heading("Suppliers", "Which one is slipping, before a customer notices.")
    found = trade.suppliers(session.client())
    if not found:
        parts.empty(
            "No supplier is known.", "Suppliers come from hub.yaml: a connection with the role of a supplier."
        )
        return
    for supplier in found:
        _card(supplier)
    _scores(sorted({supplier.store for supplier in found}))


def _card(supplier: trade.Supplier) -> None:
    zone, now = session.zone(supplier.store), session.now()
    chips = [
        parts.chip("paused", "near") if supplier.is_paused else None,
        parts.chip("stock is old", "near") if supplier.is_stale else None,
        parts.chip(parts.counted(supplier.open_cases, "exception", "exceptions"), "near")
        if supplier.open_cases
        else None,
        parts.chip(f"{supplier.unacknowledged} not acknowledged", "near")
        if supplier.unacknowledged
        else None,
    ]
    stock = join(
        f"{supplier.stock_known} of {supplier.articles} known, oldest ",
        parts.moment(supplier.oldest_stock_at, zone, now),
    )
    with st.container(border=True, key=f"supplier-{supplier.store}-{supplier.supplier}"):
        st.html(
            join(
                tag("h2", supplier.name or supplier.supplier),
                tag("p", *chips) if any(chips) else None,
                parts.facts(
                    {
                        "Articles": f"{supplier.articles}, {supplier.unavailable} not to be had",
                        "Stock": stock,
                        "Purchases": f"{supplier.open_purchases} open",
                        "Last bought": parts.moment(supplier.last_purchase_at, zone, now),
                        "Speaks by": LEVELS.get(supplier.level or 0),
                        "Quarantine": _distrusted(supplier),
                    }
                ),
            )
        )


def _distrusted(supplier: trade.Supplier) -> Markup:
    zone, now = session.zone(supplier.store), session.now()
    return join(
        *[
            tag("div", item.title, " since ", parts.moment(item.since, zone, now))
            for item in supplier.quarantine
        ]
    )


def _scores(stores: list[str]) -> None:
    for store in stores:
        try:
            report = reports.one(session.client(), "suppliers", store)
        except Declined:
            continue
        st.html(tag("h2", f"{report.title}, {store}" if len(stores) > 1 else report.title))
        for name in SHOWN:
            figures = report.named(name)
            if figures:
                _score(figures)


def _score(figures: list[reports.Figure]) -> None:
    rows = [
        [
            figure.labels.get("supplier", ""),
            figure.labels.get("quantile", ""),
            figure.said,
            figure.unknown or figure.of_what,
        ]
        for figure in figures
    ]
    known: list[dict[str, object]] = [
        {"name": " ".join(figure.labels.values()), "value": float(figure.value)}
        for figure in figures
        if figure.value is not None
    ]
    title, unit = figures[0].title, figures[0].unit
    if any(row["value"] for row in known):
        charts.bars(known, title, unit)
    else:
        st.html(
            join(tag("h3", title), parts.table(["Supplier", "", unit.title(), "Of what"], rows, numbers=(2,)))
        )


show()
