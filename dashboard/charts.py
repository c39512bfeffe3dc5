"""Charts: horizontal bars with a title and a unit, in the colours of the theme."""

from collections.abc import Sequence

import altair as alt
import streamlit as st

ACCENT, NEAR = "#0f766e", "#b45309"


def bars(rows: Sequence[dict[str, object]], title: str, unit: str, split: Sequence[str] = ()) -> None:
    """A bar for each row's `name`, as long as its `value`; with `split`, its parts by the row's `part`."""
    data = alt.Data(values=list(rows))  # type: ignore[no-untyped-call]  # altair types its charts, not its data
    chart = alt.Chart(data, title=title, height={"step": 30}).mark_bar(color=ACCENT)
    ways = {
        "x": alt.X("value:Q", title=unit, axis=alt.Axis(tickMinStep=1, grid=True)),
        "y": alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=220)),
        "tooltip": ["name:N", "part:N", "value:Q"] if split else ["name:N", "value:Q"],
    }
    if split:
        scale = alt.Scale(domain=list(split), range=[ACCENT, NEAR])
        ways["color"] = alt.Color("part:N", title=None, scale=scale)
    st.altair_chart(chart.encode(**ways), alt=f"{title}, in {unit}")
