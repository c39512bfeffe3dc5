"""A flow's picture: whatever the flow, no box on another, no line through a box, and the longest way straight down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.ask.flows import Edge, Graph, Node
from dashboard.drawing import Light, draw
from dashboard.drawing.layout import Layout, Link, lay_out
from hub.assembly import catalog_of
from hub.flow.checker import check
from hub.flow.graph import edges

CATALOG = catalog_of()
PACK = next(pack for pack in CATALOG.installed.flows if pack.name == "faros")
FLOWS = sorted(file.name for file in PACK.iterdir() if file.name.endswith(".yaml"))


def published(name: str) -> Graph:
    """A flow of the pack, as the hub's API gives its graph."""
    made = check(PACK.joinpath(name).read_text(), name, CATALOG).graph
    assert made is not None
    return Graph(
        flow=made.flow,
        version=1,
        start=made.start,
        nodes=[Node(id=i, kind=node.kind) for i, node in made.nodes.items()],
        edges=[
            Edge.model_validate({"from": i, "to": to or "end", "label": label})
            for i, node in made.nodes.items()
            for label, to in edges(node)
        ],
    )


def crossed(layout: Layout) -> list[tuple[Link, str]]:
    """Ways whose line runs through a box, which would be in its lane between its ends."""
    return [
        (way, name)
        for way, lane in layout.lanes.items()
        for name, (column, row) in layout.place.items()
        if column == lane and layout.place[way[0]][1] < row < layout.place[way[1]][1]
    ]


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_of_the_pack_is_drawn_whole(name: str) -> None:
    graph = published(name)
    links = [(edge.from_, edge.to) for edge in graph.edges]
    layout = lay_out([*[node.id for node in graph.nodes], "end"], links, graph.start or "")

    assert len(set(layout.place.values())) == len(layout.place) == len(graph.nodes) + 1
    assert crossed(layout) == []
    drawn = draw(graph, Light())
    assert drawn.count('class="f-step') == len(graph.nodes) + 1


def test_the_way_that_goes_well_runs_straight_down() -> None:
    graph = published("route.yaml")
    links = [(edge.from_, edge.to) for edge in graph.edges]
    aside = [(edge.from_, edge.to) for edge in graph.edges if edge.label.startswith("refused")]

    layout = lay_out([node.id for node in graph.nodes], links, graph.start or "", aside)

    straight = [
        "read-order",
        "decision",
        "policy",
        "buy",
        "read-again",
        "claim",
        "send",
        "confirm",
        "promise",
        "sent",
    ]
    assert [layout.place[name][0] for name in straight] == [0] * len(straight)
    assert ("sent", "buy") in layout.back


@given(st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=60))
def test_no_graph_is_too_tangled(pairs: list[tuple[int, int]]) -> None:
    nodes = [f"n{number}" for number in range(15)]

    layout = lay_out(nodes, [(f"n{a}", f"n{b}") for a, b in pairs], "n0")

    assert len(set(layout.place.values())) == 15
    assert crossed(layout) == []
    assert layout.lanes.keys() | layout.back == {(f"n{a}", f"n{b}") for a, b in pairs if a != b}


def test_a_run_lights_the_steps_it_passed_and_the_one_it_stands_on() -> None:
    graph = published("route.yaml")

    drawn = draw(graph, Light(frozenset({"read-order", "decision"}), {"policy": "held"}))

    assert drawn.count(" passed") == 2
    assert drawn.count(' on held"') == 1
    assert "the run stands here: held" in drawn
    assert drawn.count('class="f-ways lit"') == 1


def test_a_steps_words_are_words() -> None:
    node = Node(id="<b>", kind="act", label="<script>alert(1)</script>")

    assert "<script>" not in draw(Graph(flow="x", version=1, nodes=[node], edges=[]), Light())
