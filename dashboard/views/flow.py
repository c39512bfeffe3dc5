"""One flow: as a picture with the runs that stand on it, as text, and what changed between two versions."""

import streamlit as st

from dashboard import address, drawing, parts, session
from dashboard.ask import flows
from dashboard.markup import join, shown, tag

VIEWS = ("picture", "text", "changes")


def show() -> None:
    """The flow of the address."""
    name = address.at("flow")
    if name is None:
        parts.heading("Flow")
        parts.empty("No flow is named.", "Choose one on the page Flows; its address then leads here.")
    else:
        _one(name)


def _one(name: str) -> None:
    store = address.at("store")
    versions = flows.versions(session.client(), name, store)
    newest = versions[0]
    zone, now = session.zone(newest.store), session.now()
    lead = join(
        f"Version {newest.version}, published ",
        parts.moment(newest.published_at, zone, now),
        f" by {newest.published_by}",
    )
    parts.heading(newest.title or parts.titled(name), lead)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("View", VIEWS, required=True, format_func=parts.titled, label_visibility="collapsed",
                             **address.kept("view", "picture", VIEWS))  # fmt: skip
        st.page_link("views/flows.py", label="All flows", icon=":material/list:", query_params={})
    numbers = [str(version.version) for version in versions]
    view = address.at("view") or "picture"
    if view == "changes":
        _changes(name, store, numbers)
        return
    chosen = numbers[0]
    if len(numbers) > 1:
        chosen = st.selectbox("Version", numbers, width=160, **address.kept("version", numbers[0], numbers))
    if view == "text":
        st.code(
            shown(next(v.text for v in versions if str(v.version) == chosen)),
            language="yaml",
            line_numbers=True,
        )
        return
    graph = flows.graph(session.client(), name, int(chosen), store)
    counts = {node.id: (node.here, node.held) for node in graph.nodes}
    st.html(drawing.draw(graph, drawing.Light(counts=counts)))
    st.caption(
        "Numbers are runs that stand there now, amber where a person is asked. Framed in amber: asks a person."
    )


def _changes(name: str, store: str | None, numbers: list[str]) -> None:
    if len(numbers) < 2:
        parts.empty(
            "There is one version only.", "As soon as another is published, what changed is shown here."
        )
        return
    with st.container(horizontal=True):
        before = st.selectbox("From", numbers, width=120, **address.kept("before", numbers[1], numbers))
        after = st.selectbox("To", numbers, width=120, **address.kept("after", numbers[0], numbers))
    diff = flows.diff(session.client(), name, int(before), int(after), store)
    st.html(
        parts.facts(
            {
                "New steps": ", ".join(diff.added),
                "Gone": ", ".join(diff.removed),
                "Changed": ", ".join(diff.changed),
            }
        )
    )
    tones = {"+": "add", "-": "del"}
    lines = [tag("div", f"{line.op} {line.text}", class_=tones.get(line.op)) for line in diff.lines]
    st.html(tag("div", *lines, class_="f-diff", tabindex=0, role="region", aria_label="What changed"))


show()
