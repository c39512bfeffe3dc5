"""Orders: one box for whatever is known of an order, and filters that stay in the address."""

import streamlit as st

from dashboard import address, parts, session, times
from dashboard.ask import orders
from dashboard.markup import label, tag

STATES = ("held", "open", "done", "cancelled")
SIZE = 25
HINT = "Order number, tracking number, supplier's reference, SKU or e-mail address"


def show() -> None:
    """The box, the filters and what was found."""
    parts.heading("Orders", "Find one by anything you have in your hand.")
    st.text_input("Find an order", placeholder=HINT, icon=":material/search:", **address.kept("q", ""))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills("State", STATES, format_func=parts.titled, **address.kept("state", None, STATES))
        _store()
    _found()


def _store() -> None:
    names = [store.id for store in session.stores()]
    if len(names) > 1:
        st.selectbox(
            "Brand",
            names,
            index=None,
            placeholder="All brands",
            width=200,
            **address.kept("store", None, names),
        )


def _found() -> None:
    asked = {name: address.at(name) for name in ("q", "state", "store")}
    trail: list[str] = _trail(asked)
    page = orders.found(session.client(), **asked, limit=SIZE, cursor=trail[-1] if trail else None)
    if not page.items:
        _nothing(asked)
        return
    for order in page.items:
        _row(order)
    with st.container(horizontal=True):
        if trail and st.button("Newer", icon=":material/chevron_left:", shortcut="Left"):
            trail.pop()
            st.rerun()
        if page.next and st.button(
            "Older", icon=":material/chevron_right:", icon_position="right", shortcut="Right"
        ):
            trail.append(page.next)
            st.rerun()


def _trail(asked: dict[str, str | None]) -> list[str]:
    """The cursors of the pages gone through, forgotten once something else is asked."""
    if st.session_state.get("asked") != asked:
        st.session_state["asked"], st.session_state["trail"] = asked, []
    trail: list[str] = st.session_state["trail"]
    return trail


def _nothing(asked: dict[str, str | None]) -> None:
    if any(asked.values()):
        parts.empty(
            "Nothing was found.",
            "Beginnings of a number, a tracking number, a reference or an SKU are found; of an e-mail address, the "
            "whole of it. Is one of the filters still set?",
        )
    else:
        parts.empty(
            "No order has arrived yet.",
            "As soon as the shop tells the hub of a paid order, it is here within a second. The page Connectors shows "
            "whether the shop's webhooks arrive.",
        )


def _row(order: orders.Listed) -> None:
    now, zone = session.now(), session.zone(order.store)
    with st.container(
        key=f"row-{order.store}-{order.number}", horizontal=True, wrap=False, vertical_alignment="center"
    ):
        st.page_link(
            "views/order.py", label=label(f"#{order.number}"), width=110,
            query_params={"number": order.number, "store": order.store},
        )  # fmt: skip
        found_by = parts.chip(f"by {order.found_by}") if order.found_by not in (None, "number") else None
        cases = (
            parts.chip(parts.counted(order.open_cases, "exception", "exceptions"), "near")
            if order.open_cases
            else None
        )
        placed = order.created_at or order.recorded_at
        when = times.clock(placed, zone, now) if placed else ""
        st.html(
            tag(
                "div",
                tag("span", parts.money(order.total, order.currency), class_="f-total"),
                tag("span", parts.state_chip(order.state) if order.state else None, cases, found_by),
                tag("span", ", ".join(order.suppliers), class_="f-quiet"),
                tag(
                    "span", when, class_="f-quiet f-when", title=times.full(placed, zone) if placed else None
                ),
                class_="f-row",
            ),
            width="stretch",
        )


show()
