"""Today: what needs a person, by root cause, soonest due first."""

import streamlit as st

from dashboard import parts, session, today
from dashboard.ask import cases, changes


def show() -> None:
    """The sentence, and below it the groups. It looks again by itself."""
    _groups()


@st.fragment(run_every=5.0)
def _groups() -> None:
    with session.spoken():
        waiting = changes.kept("groups", lambda: cases.groups(session.client()))
        today.sentence(waiting)
        if not waiting.groups:
            parts.empty(
                "Nothing needs you.",
                "Orders go through by themselves. What a machine must not decide appears here, with the time there is "
                "to decide it, and what follows from each choice.",
            )
        today.keys(waiting)
        for number, group in enumerate(today.causes_first(waiting.groups)):
            today.card(group, is_chosen=number == today.chosen(waiting))


show()
