"""SLAs: promises that run out next, and how each kind of promise is kept."""

import streamlit as st

from dashboard import address, charts, parts, session
from dashboard.ask import clocks, reports
from dashboard.client import Declined
from dashboard.markup import Markup, join, label, tag

STATES = ("late", "warned", "running", "kept")
RATES = (
    ("on_time_by_stage", "Stage"),
    ("on_time_by_supplier", "Supplier"),
    ("on_time_by_carrier", "Carrier"),
)
"""Figures of the report of promises, and by what each is told apart."""


def show() -> None:
    """Tiles, the kinds, and the promises one by one."""
    parts.heading("SLAs", "Every promise has a clock; nothing is late without somebody hearing of it.")
    summary = clocks.summary(session.client())
    st.html(
        parts.stats(
            [
                (summary.late, "late", "late" if summary.late else ""),
                (summary.warned, "near their end", "near" if summary.warned else ""),
                (summary.due_today, "due today", ""),
                (summary.running, "running", ""),
            ]
        )
    )
    if summary.by_clock:
        _kinds(summary.by_clock)
    st.segmented_control(
        "State", STATES, required=True, format_func=parts.titled, **address.kept("state", "late", STATES)
    )
    _listed(address.at("state") or "late")
    _rates()


def _kinds(kinds: list[clocks.ByClock]) -> None:
    running: list[dict[str, object]] = [
        {"name": f"{parts.words(kind.clock)} ({kind.flow})", "part": how, "value": count}
        for kind in kinds
        for how, count in (("in time", kind.running), ("near or late", kind.warned + kind.late))
    ]
    charts.bars(running, "Promises that run, by kind", "promises", split=("in time", "near or late"))
    rows = [[parts.words(k.clock), k.flow, k.running, k.warned, k.late, k.due_today] for k in kinds]
    st.html(
        parts.table(["Promise", "Flow", "Running", "Near", "Late", "Due today"], rows, numbers=(2, 3, 4, 5))
    )


def _listed(state: str) -> None:
    found = clocks.listed(session.client(), state=state, limit=50)
    if not found.items:
        parts.empty(
            f"No promise is {state}.",
            "A flow makes promises with `start_clock`, and keeps them with `stop_clock`.",
        )
    for clock in found.items:
        zone, now = session.zone(clock.store), session.now()
        with st.container(key=f"row-{clock.id}", horizontal=True, wrap=False, vertical_alignment="center"):
            if clock.subject:
                asked = {"number": clock.subject, "store": clock.store}
                st.page_link(
                    "views/order.py", label=label(f"#{clock.subject}"), width=110, query_params=asked
                )
            due = (
                parts.due_chip(clock.due_at, now) if clock.ended_at is None else parts.state_chip(clock.state)
            )
            st.html(
                tag("div", tag("span", due), tag("span", f"{parts.words(clock.clock)} of {clock.flow}"),
                    parts.moment(clock.due_at, zone, now), class_="f-row f-clock"),
                width="stretch",
            )  # fmt: skip


def _rates() -> None:
    """How well promises were kept in the last thirty days, by whose they are."""
    for store in session.stores():
        try:
            report = reports.one(session.client(), "promises", store.id)
        except Declined:
            continue
        title = f"{report.title}, {store.id}" if len(session.stores()) > 1 else report.title
        tables = [_rate(report.named(name), whose) for name, whose in RATES]
        known = [table for table in tables if table]
        said = join(*known) if known else tag("p", *(f.unknown for f in report.figures), class_="f-quiet")
        st.html(join(tag("h2", title), parts.reckoned(report), said))


def _rate(figures: list[reports.Figure], whose: str) -> Markup | None:
    if not figures:
        return None
    rows = [
        [", ".join(figure.labels.values()), tag("strong", figure.said), figure.of, figure.of_what]
        for figure in figures
    ]
    return join(
        tag("h3", figures[0].title), parts.table([whose, "Rate", "Of", "Of what"], rows, numbers=(1, 2))
    )


show()
