"""The dashboard. `python -m streamlit run` starts this file; it is read anew whenever somebody does something."""

import contextlib
from pathlib import Path

import streamlit as st

from dashboard import session, sign_in, theme
from dashboard.ask import people
from dashboard.client import Away, Declined
from dashboard.markup import label

HERE = Path(__file__).parent

# The folder is not called `pages`: Streamlit would take its files for pages of its own, past this door.


def pages() -> dict[str, list[st.Page]]:
    """What can be gone to, in the order in which people need it."""
    return {
        "Work": [
            st.Page("views/today.py", title="Today", icon=":material/today:", default=True),
            st.Page("views/orders.py", title="Orders", icon=":material/search:"),
            st.Page("views/order.py", title="Order", icon=":material/receipt_long:", visibility="hidden"),
            st.Page("views/exceptions.py", title="Exceptions", icon=":material/rule:"),
            st.Page("views/tracking.py", title="Bulk tracking", icon=":material/content_paste:"),
        ],
        "Watch": [
            st.Page("views/slas.py", title="SLAs", icon=":material/timer:"),
            st.Page("views/suppliers.py", title="Suppliers", icon=":material/warehouse:"),
            st.Page("views/connectors.py", title="Connectors", icon=":material/cable:"),
        ],
        "Understand": [
            st.Page("views/flows.py", title="Flows", icon=":material/account_tree:"),
            st.Page("views/money.py", title="Money", icon=":material/payments:"),
        ],
    }


def show() -> None:
    """One look: who is there, where they are, and the page."""
    st.set_page_config("Faros", HERE / "icon.svg", layout="wide", initial_sidebar_state="auto")
    st.logo(HERE / "mark.svg", size="large")
    theme.lay()
    is_known = session.person() is not None
    # The pages are named to strangers as well: after signing in they are where their address leads.
    page = st.navigation(pages(), position="sidebar" if is_known else "hidden")
    if not is_known:
        sign_in.show()
        return
    _who()
    session.show_said()
    with session.spoken():
        page.run()


def _who() -> None:
    found = session.person()
    assert found is not None
    with st.sidebar.container(key="who"):
        st.caption(f"{label(found.name)} · {label(found.role)}")
        if st.button("Sign out", type="tertiary", icon=":material/logout:"):
            _leave()


def _leave() -> None:
    # A key has no session to end, and a session that is gone already is what was wanted.
    with contextlib.suppress(Declined, Away):
        people.sign_out(session.client())
    session.leave()
    st.rerun()


show()
