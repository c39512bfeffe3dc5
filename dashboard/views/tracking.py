"""Bulk tracking: paste what a supplier sent, see what it would do, and apply it once."""

import streamlit as st

from dashboard import parts, session
from dashboard.ask import trackings
from dashboard.client import Declined
from dashboard.markup import label, tag

EXAMPLE = "8401,1ZF4R0590300000196\n8402,9400111899223197428490,usps"


def show() -> None:
    """The box, the preview, the button, and what still has no number."""
    parts.heading(
        "Bulk tracking", "One line for each parcel: order, tracking number and, if you know it, the carrier."
    )
    names = [store.id for store in session.stores()]
    store = st.selectbox("Brand", names, width=220) if len(names) > 1 else (names[0] if names else "")
    text = st.text_area("Lines", key="lines", height=220, placeholder=EXAMPLE, max_chars=60_000)
    if st.button("Look at it first", type="primary", shortcut="Mod+Enter"):
        _preview(store, text)
    seen = st.session_state.get("preview")
    if seen and seen[0] == (store, text):
        _seen(store, text, seen[1])
    st.html(tag("h2", "Bought, and still without a number"))
    _missing(store)


def _preview(store: str, text: str) -> None:
    if not text.strip():
        st.warning("There is no line yet.")
        return
    with session.spoken():
        st.session_state["preview"] = ((store, text), trackings.preview(session.client(), store, text))


def _seen(store: str, text: str, preview: trackings.Preview) -> None:
    st.html(
        parts.stats(
            [
                (preview.ready, "ready to apply", "good" if preview.ready else ""),
                (preview.known, "known already", ""),
                (preview.wrong, "wrong", "late" if preview.wrong else ""),
            ]
        )
    )
    rows = [_row(line) for line in preview.lines]
    st.html(parts.table(["Line", "Order", "Tracking", "Carrier", "", "What it is"], rows, numbers=(0,)))
    if not session.may_act():
        st.caption("Your role may look, and not apply.")
    elif preview.wrong:
        st.caption("Mend or remove the wrong lines, and look again: all are applied together, or none.")
    elif preview.ready:
        note = st.text_input(
            "Where it is from", key="tracking-note", placeholder="The supplier's mail of this morning"
        )
        if st.button(
            label(f"Apply {parts.counted(preview.ready, 'line', 'lines')}"), type="primary", key="apply"
        ):
            _apply(store, text, preview.mark, note)


def _row(line: trackings.Line) -> list[object]:
    number = tag("span", line.tracking, class_="f-mono")
    return [line.line, f"#{line.order}", number, line.carrier, parts.state_chip(line.outcome), line.detail]


def _apply(store: str, text: str, mark: str, note: str) -> None:
    try:
        done = trackings.apply(session.client(), store, text, mark, note)
    except Declined as declined:
        session.say(declined.problem.words, is_warning=True)
        _preview(store, text)
    else:
        st.session_state["preview"] = ((store, text), done)
        applied = len([line for line in done.lines if line.outcome == "applied"])
        session.say(f"{parts.counted(applied, 'tracking number', 'tracking numbers')} applied.")
    st.rerun()


def _missing(store: str) -> None:
    found = trackings.missing(session.client(), store or None).items
    if not found:
        parts.empty(
            "Every purchase has its tracking number.",
            "A purchase is listed here from the moment it is confirmed.",
        )
        return
    zone, now = session.zone(store), session.now()
    rows = [
        [
            f"#{item.number}",
            item.supplier,
            tag("span", item.purchase, class_="f-mono"),
            parts.moment(item.bought_at, zone, now),
        ]
        for item in found
    ]
    st.html(parts.table(["Order", "Supplier", "Purchase", "Bought"], rows))


show()
