"""The door: a name and a password, or an API key. What the hub gives for it stays on this side of the browser."""

from collections.abc import Callable

import streamlit as st

from dashboard import session
from dashboard.ask import people
from dashboard.client import Away, Declined, SignedOut
from dashboard.markup import label, tag

WAYS = ("Name and password", "API key")
DECLINED = {
    "unreachable": "Your organisation's sign-in does not answer. Try again in a moment.",
    "began-elsewhere": "That sign-in was begun in another browser, or long ago. Begin again.",
    "refused-there": "Your organisation did not let you in.",
    "not-identified": "It could not be told who you are. Try again; if it stays so, tell whoever runs the hub.",
    "unknown": "Your organisation knows you, and nobody has let you into this hub.",
}
"""Why somebody comes back from their organisation's sign-in without being let in."""


def show() -> None:
    """Ask who is there."""
    with st.container(key="door", width=400):
        st.title("Sign in")
        why = st.session_state.get("left")
        if why:
            st.info(label(why))
        _come_back()
        _elsewhere()
        way = st.segmented_control("How", WAYS, default=WAYS[0], label_visibility="collapsed", key="way")
        with st.form("door-form", border=False):
            if way == WAYS[1]:
                name, secret = "", st.text_input("API key", type="password", autocomplete="off")
            else:
                name = st.text_input("Name", autocomplete="username")
                secret = st.text_input("Password", type="password", autocomplete="current-password")
            sent = st.form_submit_button("Sign in", type="primary", width="stretch")
        st.caption(_help(way))
        if sent:
            _enter(name.strip(), secret.strip())


def _come_back() -> None:
    """Take in whoever comes from the organisation's sign-in, and let the address forget how."""
    ticket, declined = (st.query_params.pop(name, None) for name in ("ticket", "declined"))
    if declined is not None:
        st.warning(DECLINED.get(declined, DECLINED["not-identified"]))
    if ticket is not None:
        _begin(lambda: people.use_ticket(session.client(), ticket).token)


def _elsewhere() -> None:
    """The way to the organisation's own sign-in, where there is one."""
    with session.spoken():
        provider = people.ways(session.client()).provider
        if provider is not None:
            st.html(tag("a", "Sign in with your organisation", href=provider, class_="f-button"))


def _help(way: str | None) -> str:
    if way == WAYS[1]:
        return "`faros key create` makes keys; the first one lies where `faros up` said."
    return "`faros user add NAME` makes somebody known to the hub."


def _enter(name: str, secret: str) -> None:
    if not secret:
        st.warning("Something is missing.")
        return
    _begin(lambda: people.sign_in(session.client(), name, secret).token if name else secret)


def _begin(token: Callable[[], str]) -> None:
    """Sign in with a token that is still to be had, or say why not."""
    try:
        session.enter(token())
    except SignedOut as declined:
        st.error(
            label(declined.problem.detail or "The hub does not know this name and password, or this key.")
        )
    except Declined as declined:
        st.error(label(declined.problem.words))
    except Away as away:
        st.error(label(away))
    else:
        st.session_state.pop("left", None)
        st.rerun()
