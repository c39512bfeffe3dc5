"""Whether anything has changed: a page asks this often, and for its data only when it has."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from dashboard import session
from dashboard.client import Answer, Declined

T = TypeVar("T")
NOT_THERE = 404


class Mark(Answer):
    """Differs as soon as anything has happened."""

    mark: str


def kept(name: str, ask: Callable[[], T]) -> T:
    """What was answered last, asked for anew if anything has changed since."""
    mark = _mark()
    known = st.session_state.get(f"kept-{name}")
    if known is None or mark is None or known[0] != mark:
        known = (mark, ask())
        st.session_state[f"kept-{name}"] = known
    found: T = known[1]
    return found


def _mark() -> str | None:
    """None of a hub that has no marks: it is asked for everything each time."""
    try:
        return session.client().get("/changes", Mark).mark
    except Declined as declined:
        if declined.problem.status == NOT_THERE:
            return None
        raise


def forget(name: str) -> None:
    """Ask anew at the next look, whatever the mark says."""
    st.session_state.pop(f"kept-{name}", None)
