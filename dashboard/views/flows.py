"""Flows: what the hub does, as it is published, with the runs that are on their way in each."""

import streamlit as st

from dashboard import parts, session
from dashboard.ask import flows
from dashboard.markup import label, tag


def show() -> None:
    """The list."""
    parts.heading("Flows", "What the hub does, as it is published. Each run keeps the version it began with.")
    found = flows.listed(session.client())
    if not found:
        parts.empty("No flow is published.", "`faros apply` publishes the flows of a project's folder.")
    else:
        manual = parts.counted(sum(flow.manual_steps for flow in found), "step asks", "steps ask")
        st.caption(f"{manual} a person, and only for exceptions.")
    for flow in found:
        zone, now = session.zone(flow.store), session.now()
        with st.container(
            key=f"row-{flow.store}-{flow.flow}", horizontal=True, wrap=False, vertical_alignment="center"
        ):
            asked = {"flow": flow.flow, "store": flow.store}
            st.page_link("views/flow.py", label=label(flow.flow), width=150, query_params=asked)
            runs = (
                parts.chip(parts.counted(flow.open_runs, "run", "runs"), "near") if flow.open_runs else None
            )
            asks = (
                tag("span", f"asks at {parts.counted(flow.manual_steps, 'step', 'steps')}", class_="f-quiet")
                if flow.manual_steps
                else None
            )
            active = None if flow.is_active else parts.chip("starts nothing")
            st.html(
                tag("div", tag("span", f"version {flow.version}"), tag("span", runs, active, asks),
                    tag("span", flow.published_by, class_="f-quiet"), parts.moment(flow.published_at, zone, now),
                    class_="f-row f-flow"),
                width="stretch",
            )  # fmt: skip


show()
