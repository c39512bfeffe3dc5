"""Exceptions: what waits for a decision, soonest due first, and what was decided."""

import streamlit as st

from dashboard import address, parts, session
from dashboard.ask import cases
from dashboard.markup import label, tag

SIZE = 50
STATES = ("open", "resolved")


def show() -> None:
    """The list."""
    parts.heading("Exceptions", "What a machine must not decide, soonest due first.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "State", STATES, required=True, format_func=parts.titled, label_visibility="collapsed",
            **address.kept("state", "open", STATES),
        )  # fmt: skip
        st.text_input("Kind", placeholder="Kind, e.g. address-review", width=240, label_visibility="collapsed",
                      **address.kept("kind", ""))  # fmt: skip
        st.text_input("Owner", placeholder="Whose", width=140, label_visibility="collapsed",
                      **address.kept("owner", ""))  # fmt: skip
    asked = {name: address.at(name) for name in ("state", "kind", "owner")}
    found = cases.listed(session.client(), **asked, group=st.query_params.get("group"), limit=SIZE)
    if not found.items:
        _nothing(asked)
    for case in found.items:
        _row(case)
    if found.next:
        st.caption(f"The {SIZE} that are due first are shown; narrow the list to see others.")


def _nothing(asked: dict[str, str | None]) -> None:
    if asked.get("kind") or asked.get("owner"):
        parts.empty("Nothing of this kind waits.", "Clear the fields above to see all kinds and owners.")
    elif asked.get("state") == "resolved":
        parts.empty("Nothing has been decided yet.", "Each decision is kept here: who, when, what and why.")
    else:
        parts.empty("No exception is open.", "What a flow holds for a person appears here, with its choices.")


def _row(case: cases.Case) -> None:
    now = session.now()
    with st.container(key=f"row-{case.id}", horizontal=True, wrap=False, vertical_alignment="center"):
        name = f"#{case.subject}" if case.subject else parts.titled(case.kind)
        st.page_link("views/exception.py", label=label(name), width=110, query_params={"case": case.id})
        state = (
            parts.due_chip(case.due_at, now)
            if case.is_open
            else parts.chip(case.choice or "resolved", "good")
        )
        risk = tag("div", case.risk, class_="f-quiet f-small") if case.risk else None
        st.html(
            tag("div", tag("span", state, parts.chip(parts.words(case.kind)), parts.chip(parts.words(case.owner))),
                tag("span", case.title, risk), class_="f-row f-case"),
            width="stretch",
        )  # fmt: skip


show()
