"""The states an order may rest in: what for, whose turn it is, by when at the latest. It makes `flows/STATES.md`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.engine.figures import Figures
from hub.flow.graph import Graph, Hold, SubRun, Wait
from hub.model.case import UNSAID_DUE
from hub.model.run import Acting, Held, Joining, Ready, Waiting

HUB = "the hub"
HEADLINE = """\
# The states of an order

Made from the flows and the code by `faros exceptions rests --markdown`; a test says when it is out of date.

Each unfinished run stands in one of five states, and in no other: the table of tokens takes no sixth. Whose turn it is
and by when at the latest:
"""
PLACES = """\

Where the flows that come with the hub may rest. What is left for people are the {asked} places that ask; the others
end by themselves:
"""


@dataclass(frozen=True, slots=True)
class Rest:
    """A place where a run rests. `until` is a span or an expression, as its author wrote it."""

    flow: str
    step: str
    what: str
    owner: str
    until: str


def reasons(figures: Figures) -> dict[type, tuple[str, str, str]]:
    """Each reason a run has to move next: what it is, whose turn it is, and by when at the latest."""
    pause, due = figures.longest_backoff / 60, UNSAID_DUE.total_seconds() / 3600
    return {
        Ready: ("will be walked", HUB, "at once, or when its connection is open and has requests left"),
        Acting: (
            "something is being done outside",
            HUB,
            f"{figures.attempts} attempts, at most {pause:.0f} minutes apart; then a person is asked",
        ),
        Waiting: ("an event or a moment is awaited", HUB, "the step's time, below"),
        Held: ("a person is asked", "the step's owner", f"the step's time, below; else {due:.0f} hours"),
        Joining: ("its other branches are awaited", HUB, "when the last one is there; each has its own time"),
    }


def rests(graphs: Iterable[Graph]) -> list[Rest]:
    """Every place where a run of these flows may rest, flow by flow."""
    return [rest for graph in graphs for rest in _rests(graph)]


def unbounded(found: Iterable[Rest]) -> list[Rest]:
    """Places without somebody whose turn it is, or without a time."""
    return [rest for rest in found if not (rest.owner and rest.until)]


def document(graphs: Iterable[Graph], figures: Figures) -> str:
    """All of it as Markdown."""
    states = [[f"`{kind.__name__}`", *said] for kind, said in reasons(figures).items()]
    found = rests(graphs)
    asked = sum(r.what.startswith("asks: ") for r in found)
    places = [[r.flow, r.step, r.what, r.owner, f"`{r.until}`"] for r in found]
    return (
        f"{HEADLINE}\n{_table(['state', 'what it is', 'whose turn', 'by when'], states)}"
        f"{PLACES.format(asked=asked)}\n{_table(['flow', 'step', 'state', 'whose turn', 'by when'], places)}"
    )


def _rests(graph: Graph) -> Iterator[Rest]:
    for node in graph.nodes.values():
        match node:
            case Wait(event=None):
                yield Rest(graph.flow, node.id, "rests", HUB, node.span or node.until or "")
            case Wait():
                what = f"waits for {node.role}.{node.event}"
                yield Rest(graph.flow, node.id, what, HUB, node.timeout or "")
            case Hold():
                what = f"asks: {node.case}" + (f", or hears {node.role}.{node.event}" if node.event else "")
                yield Rest(graph.flow, node.id, what, node.owner, node.due or node.timeout or "")
            case SubRun():
                yield Rest(graph.flow, node.id, f"runs {node.flow}", HUB, f"{node.flow} ends")
            case _:
                continue


def _table(heads: list[str], rows: list[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
