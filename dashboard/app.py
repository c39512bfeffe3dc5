"""The pages, for whoever is signed in. It is read anew whenever somebody does something."""

from pathlib import Path

import streamlit as st

from dashboard import session, sign_in, theme
from dashboard.client import Away, Declined
from dashboard.door.page import LEAVE
from dashboard.markup import Markup, join, label, tag

HERE = Path(__file__).parent

# The folder is not called `pages`: Streamlit would take its files for pages of its own, past this door.


ROOMS = (
    ("today", "Today", "today", "/cases/groups"),
    ("orders", "Orders", "search", "/orders"),
    ("order", "Order", "receipt_long", "/orders/{number}"),
    ("exceptions", "Exceptions", "rule", "/cases"),
    ("exception", "Exception", "rule", "/cases/{id}"),
    ("tracking", "Bulk tracking", "content_paste", "/trackings/preview"),
    ("slas", "SLAs", "timer", "/clocks/summary"),
    ("suppliers", "Suppliers", "warehouse", "/suppliers"),
    ("connectors", "Connectors", "cable", "/connections"),
    ("flows", "Flows", "account_tree", "/flows"),
    ("flow", "Flow", "account_tree", "/flows/{name}"),
    ("money", "Money", "payments", "/reports/{name}"),
)
"""What can be gone to, in the order in which people need it: file, title, icon, and what the hub must answer for it.

They have no headings between them: in Streamlit's side bar those make a list that a screen reader cannot read out.
"""
BY_THE_WAY = {"order", "exception", "flow"}
"""Reached from other pages only."""


def pages(*, is_known: bool) -> list[st.Page]:
    """The pages. To strangers all are named: after signing in they are where their address leads."""
    return [_page(*room[:3]) for room in ROOMS if not is_known or session.offers(room[3])]


def _page(name: str, title: str, icon: str) -> st.Page:
    return st.Page(
        f"views/{name}.py",
        title=title,
        icon=f":material/{icon}:",
        default=name == "today",
        visibility="hidden" if name in BY_THE_WAY else "visible",
    )


def show() -> None:
    """One look: who is there, where they are, and the page."""
    st.set_page_config("Faros", HERE / "icon.svg", layout="wide", initial_sidebar_state="auto")
    st.logo(HERE / "mark.svg", size="large")
    theme.lay()
    try:
        is_known = session.person() is not None
    except (Away, Declined) as error:
        st.error(label(error), icon=":material/cloud_off:")
        return
    page = st.navigation(pages(is_known=is_known), position="sidebar" if is_known else "hidden")
    if not is_known:
        sign_in.show(page.url_path)
        return
    _who()
    session.show_said()
    with session.spoken():
        page.run()


def _who() -> None:
    found = session.person()
    assert found is not None
    with st.sidebar.container(key="who"):
        st.html(join(tag("p", f"{found.name} · {found.role}", class_="f-quiet f-small"), _way_out()))


def _way_out() -> Markup:
    return tag("form", tag("button", "Sign out", class_="f-button quiet"), method="post", action=LEAVE)


show()
