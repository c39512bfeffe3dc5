"""What a tab shows to whom it does not know: the way to the door. Passwords are asked for there, and nowhere here."""

from urllib.parse import urlencode

import streamlit as st

from dashboard.door.page import PLACE
from dashboard.markup import join, tag


def show(path: str) -> None:
    """The way to the door, and from there back to this page with what its address asks for."""
    asked = urlencode(st.query_params.to_dict())
    to = urlencode({"to": f"/{path}{'?' if asked else ''}{asked}"})
    why = st.session_state.get("left", "")
    with st.container(key="door", width=400):
        st.html(
            join(
                tag("h1", "Sign in"),
                tag("p", f"{why} You come back to this page.".strip(), class_="f-quiet"),
                tag("p", tag("a", "Sign in", href=f"{PLACE}?{to}", class_="f-button")),
            )
        )
