"""The table of exceptions: what flows say of them, with the flow and the owner of each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hub.flow.graph import Graph, Hold, Playbook

EXPECTED = {
    "out-of-stock": "what was sold cannot be had",
    "address": "nothing can be delivered to the address",
    "stalled": "a parcel falls silent",
    "fraud-review": "payment or customer may be a fraud",
}
"""What goes wrong in every shop, by the type under which the flows that come with the hub answer it."""
NOBODY = "ops"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table. `name` says of a clock that it is one."""

    name: str
    playbook: Playbook
    flow: str
    owner: str
    steps: tuple[str, ...]
    """The steps that ask a person about it."""


def table(graphs: Iterable[Graph]) -> list[Entry]:
    """Every exception that these flows answer, flow by flow, in their authors' order."""
    return [entry for graph in graphs for entry in _entries(graph)]


def faults(entries: Sequence[Entry]) -> list[str]:
    """What is missing from the table or said twice; that each row is whole is the flow checker's to say."""
    seen = Counter(entry.name for entry in entries)
    found = [
        f"No flow answers {type}: {what}. Describe it under `exceptions:` in the flow that does."
        for type, what in EXPECTED.items()
        if type not in seen
    ]
    for name in (name for name, count in seen.items() if count > 1):
        flows = " and ".join(entry.flow for entry in entries if entry.name == name)
        found.append(f"{name} is described in {flows}. Say it once.")
    return found


def _entries(graph: Graph) -> Iterator[Entry]:
    for playbook in graph.exceptions:
        holds = [n for n in graph.nodes.values() if isinstance(n, Hold) and n.case == playbook.type]
        name = playbook.type if holds else f"{playbook.type} (late)"
        owner = ", ".join(sorted({hold.owner for hold in holds})) or NOBODY
        yield Entry(name, playbook, graph.flow, owner, tuple(hold.id for hold in holds))
