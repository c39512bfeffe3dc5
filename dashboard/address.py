"""What is looked at stands in the address: a link shows a colleague the same view, and going back goes back."""

from collections.abc import Sequence
from typing import Any

import streamlit as st


def kept(name: str, default: str | None = None, allowed: Sequence[str] | None = None) -> dict[str, Any]:
    """The arguments of a widget whose value is the address's: `st.text_input("Find", **kept("q"))`.

    The address is the truth and the widget follows it; what is not `allowed` there counts as the default.
    """
    key = f"at-{name}"
    value = st.query_params.get(name, default)
    st.session_state[key] = default if allowed is not None and value not in allowed else value
    return {"key": key, "on_change": _write, "args": (name, key, default)}


def flag(name: str) -> dict[str, Any]:
    """The same for a switch: on if the address has the name at all."""
    key = f"at-{name}"
    st.session_state[key] = name in st.query_params
    return {"key": key, "on_change": _write, "args": (name, key, None)}


def _write(name: str, key: str, default: str | None) -> None:
    value = st.session_state[key]
    if value in (None, "", False, default):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = "1" if value is True else str(value)


def at(name: str) -> str | None:
    """What the address says."""
    value: str | None = st.query_params.get(name) or None
    return value
