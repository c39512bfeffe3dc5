"""The door: a name and a password, or an API key. What the hub gives for it stays on this side of the browser."""

import streamlit as st

from dashboard import session
from dashboard.ask import people
from dashboard.client import Away, Declined, SignedOut
from dashboard.markup import label

WAYS = ("Name and password", "API key")


def show() -> None:
    """Ask who is there."""
    with st.container(key="door", width=400):
        st.title("Sign in")
        why = st.session_state.get("left")
        if why:
            st.info(label(why))
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


def _help(way: str | None) -> str:
    if way == WAYS[1]:
        return "`faros key create` makes keys; the first one lies where `faros up` said."
    return "`faros user add NAME` makes somebody known to the hub."


def _enter(name: str, secret: str) -> None:
    if not secret:
        st.warning("Something is missing.")
        return
    try:
        token = people.sign_in(session.client(), name, secret).token if name else secret
        session.enter(token)
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
