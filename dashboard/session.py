"""Who looks at the dashboard, in which zone, and what was just done. It lives as long as the browser's tab."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import streamlit as st

from dashboard import times
from dashboard.ask import people
from dashboard.client import Away, Client, Declined, SignedOut, open_http
from dashboard.markup import label

ADDRESS = "FAROS_API_URL"
"""The one thing the environment says: where the hub's API answers. There is no credential in it."""
NEARBY = "http://127.0.0.1:8000"


@st.cache_resource
def _http(address: str) -> httpx.Client:
    return open_http(address)


def client() -> Client:
    """The hub, asked in the name of whoever is signed in."""
    return Client(_http(os.environ.get(ADDRESS, NEARBY)), st.session_state.get("token"))


def person() -> people.Person | None:
    """Who is signed in."""
    found: people.Person | None = st.session_state.get("person")
    return found


def may_act() -> bool:
    """Whether they may decide, or only look."""
    found = person()
    return found is not None and found.may_act


def enter(token: str) -> None:
    """Somebody signs in; raises `SignedOut` if the hub does not know the token."""
    asking = Client(_http(os.environ.get(ADDRESS, NEARBY)), token)
    found, known, paths = people.who(asking), people.stores(asking), people.offers(asking)
    st.session_state.update(token=token, person=found, stores=known, offers=paths)


def leave(why: str = "") -> None:
    """Forget everything of whoever was signed in; the address stays, so that they come back to the same view."""
    st.session_state.clear()
    if why:
        st.session_state["left"] = why


def stores() -> list[people.Store]:
    """The brands they may see."""
    found: list[people.Store] = st.session_state.get("stores", [])
    return found


def offers(path: str) -> bool:
    """Whether this hub answers there: what it cannot tell is not offered to anybody."""
    known: set[str] = st.session_state.get("offers", set())
    return path in known


def zone(store: str | None = None) -> ZoneInfo:
    """A brand's zone; the first brand's where none is named."""
    known = [s.zone for s in stores() if store in (None, s.id)]
    try:
        return ZoneInfo(known[0]) if known else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def now() -> datetime:
    """The moment of looking."""
    return times.present()


def say(text: str, *, is_warning: bool = False) -> None:
    """To be shown once, wherever the person is after the next rerun."""
    st.session_state.setdefault("said", []).append((text, is_warning))


def show_said() -> None:
    """Show what was said, each sentence once."""
    for text, is_warning in st.session_state.pop("said", []):
        if is_warning:
            st.warning(label(text), icon=":material/info:")
        else:
            st.toast(label(text), icon=":material/check:")


@contextmanager
def spoken() -> Iterator[None]:
    """Whatever the hub declines is told in words, and the rest of the page stays."""
    try:
        yield
    except SignedOut:
        leave("Your session has ended. Sign in again; you come back to this page.")
        st.rerun()
    except Declined as declined:
        st.warning(label(declined.problem.words), icon=":material/info:")
    except Away as away:
        st.error(label(away), icon=":material/cloud_off:")
