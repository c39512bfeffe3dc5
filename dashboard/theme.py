"""How it looks beyond what the theme can say: one style sheet, laid under every page."""

from pathlib import Path

import streamlit as st

SHEET = Path(__file__).with_name("style.css")


def lay() -> None:
    """Lay it under the page."""
    st.html(SHEET)
