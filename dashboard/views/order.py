"""One order: its story, why it went where it went, what was done for it outside, and where its runs stand."""

from collections.abc import Callable

import streamlit as st

from dashboard import address, drawing, parts, record, session, story
from dashboard.ask import flows, orders
from dashboard.client import Declined
from dashboard.markup import Markup, join, shown, tag

VIEWS = ("story", "decision", "ledger", "messages", "map")


def show() -> None:
    """The order of the address."""
    number = st.query_params.get("number", "")
    if not number:
        parts.heading("Order")
        parts.empty("No order is named.", "Find one on the page Orders; its address then leads here.")
        return
    try:
        order = orders.one(session.client(), number, st.query_params.get("store"))
    except Declined as declined:
        parts.heading(f"#{number}")
        parts.empty("There is no such order.", declined.problem.words)
        return
    _head(order)
    view = st.segmented_control(
        "View", VIEWS, required=True, format_func=parts.titled, label_visibility="collapsed",
        **address.kept("view", "story", VIEWS),
    )  # fmt: skip
    shows: dict[str, Callable[[orders.Order], None]] = {
        "story": _story, "decision": _decision, "ledger": _ledger, "messages": _messages, "map": _map,
    }  # fmt: skip
    shows[view or "story"](order)


def _head(order: orders.Order) -> None:
    zone, now = session.zone(order.store), session.now()
    chips = [parts.state_chip(order.state)] if order.state else []
    chips += [parts.chip(parts.words(order.payment))] if order.payment else []
    if order.cancel_requested_at:
        chips.append(parts.chip("cancelled at its channel", "late"))
    if order.twin_of:
        chips.append(parts.chip(f"looks like #{order.twin_of}", "near"))
    placed = join("placed ", parts.moment(order.created_at, zone, now), f" at {order.source}")
    total = parts.money(order.total, order.currency)
    st.html(join(tag("h1", f"#{order.number}"), tag("p", *chips, total, " · ", placed, class_="f-lead")))
    for case in order.cases:
        if case.is_open:
            _case(case.id, case.title, join(parts.due_chip(case.due_at, now)))


def _case(id: str, title: str, due: Markup) -> None:
    with st.container(
        border=True, horizontal=True, wrap=False, vertical_alignment="center", key=f"case-{id}"
    ):
        st.html(tag("span", due, title), width="stretch")
        st.page_link("views/exception.py", label="Decide", query_params={"case": id}, icon=":material/rule:")


def _story(order: orders.Order) -> None:
    zone, now = session.zone(order.store), session.now()
    left, right = st.columns([5, 3], gap="large")
    with left:
        whole = st.toggle("Every step of every flow, and why", **address.flag("whole"))
        moments = order.timeline if whole else story.chief(order)
        st.html(story.told(moments, zone, now, _reasons(order) if whole else {}))
    with right:
        st.html(record.customer(order))
        for title, shown in (
            ("Purchases", [record.purchase(purchase) for purchase in order.purchases]),
            ("Parcels", [record.parcel(parcel, zone, now) for parcel in order.parcels]),
        ):
            if shown:
                st.html(join(tag("h3", title), *shown))
        if order.clocks:
            rows = [
                [parts.words(c.clock), parts.state_chip(c.state), parts.moment(c.due_at, zone, now)]
                for c in order.clocks
            ]
            st.html(join(tag("h3", "Promises"), parts.table(["Promise", "State", "Due"], rows)))


def _reasons(order: orders.Order) -> dict[tuple[str, str], str]:
    """What was asked at each step, as the flow's version says it."""
    known: dict[tuple[str, int], flows.Graph] = {}
    reasons = {}
    for run in order.runs:
        if (run.flow, run.version) not in known:
            known[run.flow, run.version] = flows.graph(session.client(), run.flow, run.version, order.store)
        for node in known[run.flow, run.version].nodes:
            if node.kind == "branch":
                reasons[run.id, node.id] = node.label.removeprefix(f"{node.id}: ")
    return reasons


def _decision(order: orders.Order) -> None:
    if not order.decisions:
        parts.empty(
            "Nothing has been decided yet.", "Once the order passes Filter, Assign decides who ships what."
        )
    for made in reversed(order.decisions):
        st.html(record.decision(made, session.zone(order.store), session.now()))


def _ledger(order: orders.Order) -> None:
    if not order.effects:
        parts.empty(
            "Nothing was done outside for this order.", "Every call to a shop, supplier or carrier is listed."
        )
        return
    st.html(record.ledger(order.effects, session.zone(order.store), session.now()))


def _messages(order: orders.Order) -> None:
    found = orders.messages(session.client(), order.number, order.store)
    if not found:
        parts.empty(
            "The customer has not been told anything yet.", "Each message is here as the customer saw it."
        )
    for message in found:
        st.html(record.message(message, session.zone(order.store), session.now()))


def _map(order: orders.Order) -> None:
    places = orders.where(session.client(), order.number, order.store)
    if not places:
        parts.empty(
            "No run has begun.", "As soon as a flow takes the order up, its way through the flow is drawn."
        )
        return
    by_run = {place.run: place for place in places}
    open_first = sorted(by_run, key=lambda id: by_run[id].is_over)
    run = st.selectbox(
        "Run",
        open_first,
        format_func=lambda id: shown(_run_title(by_run[id])),
        **address.kept("run", open_first[0], open_first),
    )
    place = by_run[run]
    graph = flows.graph(session.client(), place.flow, place.version, order.store)
    standing = {token.node: token.state for token in place.tokens}
    st.html(drawing.draw(graph, drawing.Light(frozenset(place.passed), standing)))
    st.caption("Filled steps were passed; a dot is where the run stands, amber where a person is asked.")


def _run_title(place: orders.Where) -> str:
    stands = ", ".join(f"{token.node} ({token.state})" for token in place.tokens) or "ended"
    return f"{parts.titled(place.flow)}, version {place.version}: {stands}"


show()
