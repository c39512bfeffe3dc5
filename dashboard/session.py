"""Who looks at the dashboard, in which zone, and what was just done.

Who it is, the door knows: a tab's cookie has the handle of the visit. The rest lives as long as the tab.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard import times
from dashboard.ask import people
from dashboard.client import Away, Client, Declined, SignedOut, the_hub
from dashboard.door.visits import COOKIE, visits
from dashboard.markup import label


def _handle() -> str | None:
    handle: str | None = st.context.cookies.get(COOKIE)
    return handle


def client() -> Client:
    """The hub, asked in the name of whoever is signed in; of nobody, once they have signed out in any tab."""
    return Client(the_hub(), visits.token(_handle()))


def person() -> people.Person | None:
    """Who is signed in. Raises `Away` if the hub cannot be asked who it is."""
    if visits.token(_handle()) is None:
        if "person" in st.session_state:
            _is_over()
        return None
    if "person" not in st.session_state:
        _look_up()
    found: people.Person | None = st.session_state.get("person")
    return found


def _look_up() -> None:
    """Ask the hub once for each tab: who it is, the brands they may see, and what this hub answers."""
    asking = client()
    try:
        found, known, paths = people.who(asking), people.stores(asking), people.offers(asking)
    except SignedOut:
        _is_over()
    else:
        st.session_state.update(person=found, stores=known, offers=paths)


def _is_over() -> None:
    """Forget everything of whoever was signed in; the address stays, so that they come back to the same view."""
    visits.end(_handle())
    st.session_state.clear()
    st.session_state["left"] = "Your session has ended."


def may_act() -> bool:
    """Whether they may decide, or only look."""
    found = person()
    return found is not None and found.may_act


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
    except (ZoneInfoNotFoundError, ValueError, OSError):  # of a name that is none, and of one that is a path
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
        _is_over()
        st.rerun()
    except Declined as declined:
        st.warning(label(declined.problem.words), icon=":material/info:")
    except Away as away:
        st.error(label(away), icon=":material/cloud_off:")
