"""A flow's picture: its steps as boxes of HTML, so that their words stay words, and its ways as a mask of lines.

The lines are an SVG that holds numbers only. As a mask it takes the page's colours, in light and in dark.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from dashboard.ask.flows import Edge, Graph, Node
from dashboard.drawing.layout import Layout, lay_out
from dashboard.markup import Markup, join, tag

WIDE, HIGH = 164, 44
ACROSS, DOWN = 178, 84
SIDE = 34
LANE, ROUND = 13, 8
"""How far from a box a line turns, and how round."""
END = "end"
WORDS = {"0": "yes", "otherwise": "else"}
ASIDE = ("refused", "timeout")
"""How the labels begin of ways that are taken when something goes wrong."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Light:
    """What of a flow is lit: the steps a run has passed, and those it stands on, with their state."""

    passed: frozenset[str] = frozenset()
    standing: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Step to how many runs stand there, and how many of them are held."""

    def leads(self, edge: Edge) -> bool:
        """Whether a run has gone this way."""
        return edge.from_ in self.passed and (edge.to in self.passed or edge.to in self.standing)


def draw(graph: Graph, light: Light) -> Markup:
    """The picture, in a frame that scrolls where it is larger than the screen."""
    nodes = [*graph.nodes, Node(id=END, kind="end", label="end of the run")]
    links = [(edge.from_, edge.to) for edge in graph.edges]
    aside = {(edge.from_, edge.to) for edge in graph.edges if edge.label.startswith(ASIDE)}
    layout = lay_out([node.id for node in nodes], links, graph.start or nodes[0].id, aside)
    width, height = _size(layout)
    drawn = [edge for edge in graph.edges if (edge.from_, edge.to) in layout.lanes.keys() | layout.back]
    paper = tag(
        "div",
        _lines([edge for edge in drawn if not light.leads(edge)], layout, (width, height), "quiet"),
        _lines([edge for edge in drawn if light.leads(edge)], layout, (width, height), "lit"),
        *[_condition(edge, layout) for edge in drawn],
        *[_step(node, layout, light) for node in nodes],
        class_="f-paper", style=f"width:{width:.0f}px;height:{height:.0f}px",
    )  # fmt: skip
    return tag("div", paper, class_="f-graph", tabindex=0, role="region", aria_label=f"The flow {graph.flow}")


def _size(layout: Layout) -> Point:
    across = max([column for column, _ in layout.place.values()] + list(layout.lanes.values()))
    down = max(row for _, row in layout.place.values())
    return across * ACROSS + WIDE + 2 * SIDE, down * DOWN + HIGH + 2 * SIDE


def _centre(layout: Layout, name: str) -> Point:
    column, row = layout.place[name]
    return SIDE + column * ACROSS + WIDE / 2, SIDE + row * DOWN + HIGH / 2


def _lines(edges: Sequence[Edge], layout: Layout, size: Point, name: str) -> Markup | None:
    ups = [edge for edge in edges if (edge.from_, edge.to) in layout.back]
    paths = [_up(edge, layout, number) for number, edge in enumerate(ups)]
    paths += [_down(edge, layout) for edge in edges if edge not in ups]
    if not paths:
        return None
    tips = [f"M{x - 4:.0f} {y - HIGH / 2 - 6:.0f}l4 6 4-6" for x, y in (_centre(layout, e.to) for e in edges)]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:.0f}" height="{size[1]:.0f}">'
        f'<path d="{"".join([*paths, *tips])}" fill="none" stroke="#000" stroke-width="1.6"/></svg>'
    )
    image = f"url('data:image/svg+xml,{quote(svg)}')"
    return tag("div", class_=f"f-ways {name}", style=Markup(f"-webkit-mask-image:{image};mask-image:{image}"))


def _down(edge: Edge, layout: Layout) -> str:
    """Down out of the step, across to its lane, down in the lane, and across to the step it leads to."""
    (x, y), (to_x, to_y) = _centre(layout, edge.from_), _centre(layout, edge.to)
    lane = SIDE + layout.lanes[edge.from_, edge.to] * ACROSS + WIDE / 2
    top, bottom = y + HIGH / 2, to_y - HIGH / 2
    return _bent(
        [
            (x, top),
            (x, top + LANE),
            (lane, top + LANE),
            (lane, bottom - LANE),
            (to_x, bottom - LANE),
            (to_x, bottom),
        ]
    )


def _up(edge: Edge, layout: Layout, number: int) -> str:
    """A way back runs up at the very left."""
    (x, y), (to_x, to_y) = _centre(layout, edge.from_), _centre(layout, edge.to)
    side = max(4.0, SIDE - 10.0 - 6 * number)
    top, bottom = to_y - HIGH / 2, y + HIGH / 2
    return _bent([(x, bottom), (x, bottom + LANE), (side, bottom + LANE), (side, top - LANE), (to_x - 12, top - LANE),
                  (to_x - 12, top)])  # fmt: skip


def _bent(points: Sequence[Point]) -> str:
    """A line through points, its corners rounded."""
    corners = [p for n, p in enumerate(points) if n == 0 or p != points[n - 1]]
    path = f"M{corners[0][0]:.0f} {corners[0][1]:.0f}"
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        into, out = _toward(here, before), _toward(here, after)
        path += f"L{into[0]:.1f} {into[1]:.1f}Q{here[0]:.0f} {here[1]:.0f} {out[0]:.1f} {out[1]:.1f}"
    return f"{path}L{corners[-1][0]:.0f} {corners[-1][1]:.0f}"


def _toward(here: Point, there: Point) -> Point:
    """A corner's radius from here in the direction of there."""
    away = max(abs(there[0] - here[0]), abs(there[1] - here[1]))
    part = min(ROUND, away / 2) / away
    return here[0] + (there[0] - here[0]) * part, here[1] + (there[1] - here[1]) * part


def _condition(edge: Edge, layout: Layout) -> Markup | None:
    """What must hold for this way, above the step it leads to, where the ways have parted."""
    if edge.label in ("", "done") or (edge.from_, edge.to) in layout.back:
        return None
    x, y = _centre(layout, edge.to)
    label = edge.label.replace("refused ", "\N{MULTIPLICATION X} ")
    said = WORDS.get(label) or (f"case {int(label) + 1}" if label.isdecimal() else label)
    return tag("span", said, class_="f-if", style=f"left:{x + 7:.0f}px;top:{y - HIGH / 2 - 24:.0f}px",
               title=edge.label)  # fmt: skip


def _step(node: Node, layout: Layout, light: Light) -> Markup:
    x, y = _centre(layout, node.id)
    state = light.standing.get(node.id, "")
    marks = [node.kind, "passed" if node.id in light.passed else "", f"on {state}" if state else ""]
    told = node.label.removeprefix(f"{node.id}: ")
    what = node.kind if told in ("", node.id) else told
    return tag(
        "div",
        tag("b", "end" if node.id == END else node.id), tag("span", what), _token(node, light),
        class_=" ".join(["f-step", *filter(None, marks)]), title=f"{node.id}: {what}",
        style=f"left:{x - WIDE / 2:.0f}px;top:{y - HIGH / 2:.0f}px;width:{WIDE}px;height:{HIGH}px",
    )  # fmt: skip


def _token(node: Node, light: Light) -> Markup | None:
    """A dot where runs stand, with their number where it is not one run that is looked at."""
    if node.id in light.counts:
        here, held = light.counts[node.id]
        said = f"{here} here, {held} held" if held else f"{here} here"
        return tag("i", here, class_="held" if held else None, title=said) if here else None
    state = light.standing.get(node.id)
    return (
        tag("i", join("\N{BLACK CIRCLE}"), class_=state, title=f"the run stands here: {state}")
        if state
        else None
    )
