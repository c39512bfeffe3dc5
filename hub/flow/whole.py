"""Several flows as one graph: what one makes starts another, or ends its wait, so that an order's way has no gap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hub.flow.drawing import SHAPES, escaped, label
from hub.flow.graph import Act, Emit, Graph, Hold, SubRun, Wait, edges


@dataclass(frozen=True, slots=True)
class Spot:
    """A step, or where a flow begins. `does` is the action, the event or the flow that it is about, if any."""

    id: str
    flow: str
    kind: str
    does: str
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """From one spot to another. `label` says when, or by which event."""

    source: str
    target: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """All of it. Where a flow begins, its spot has the flow's name for an id; a step's is `flow/step`."""

    spots: list[Spot]
    ways: list[Way]

    def after(self, id: str) -> set[str]:
        """Every spot that can be come to from one, itself included."""
        following: dict[str, list[str]] = {}
        for way in self.ways:
            following.setdefault(way.source, []).append(way.target)
        waiting, seen = [id], set[str]()
        while waiting:
            spot = waiting.pop()
            if spot not in seen:
                seen.add(spot)
                waiting.extend(following.get(spot, ()))
        return seen


def joined(graphs: Sequence[Graph]) -> Whole:
    """These flows as one graph."""
    listeners = _listeners(graphs)
    names = {graph.flow for graph in graphs}
    spots, ways = [], []
    for graph in graphs:
        spots.append(_beginning(graph))
        if graph.start is not None:
            ways.append(Way(graph.flow, f"{graph.flow}/{graph.start}"))
        spots.extend(_steps(graph))
        ways.extend(_inside(graph))
        ways.extend(_outward(graph, listeners, names))
    return Whole(spots, ways)


def as_mermaid(whole: Whole) -> str:
    """A flowchart with a frame around each flow."""
    numbers = {spot.id: f"n{number}" for number, spot in enumerate(whole.spots)}
    lines = ["flowchart TD"]
    for number, flow in enumerate(dict.fromkeys(spot.flow for spot in whole.spots)):
        lines.append(f'    subgraph f{number}["{escaped(flow)}"]')
        for spot in (spot for spot in whole.spots if spot.flow == flow):
            opening, closing = SHAPES.get(spot.kind, ("[", "]"))
            lines.append(f'        {numbers[spot.id]}{opening}"{escaped(spot.text)}"{closing}')
        lines.append("    end")
    for way in whole.ways:
        arrow = f'-->|"{escaped(way.label)}"|' if way.label else "-->"
        lines.append(f"    {numbers[way.source]} {arrow} {numbers[way.target]}")
    return "\n".join(lines)


def as_text(whole: Whole) -> str:
    """One line for each spot, with every way on from it."""
    width = max((len(spot.id) for spot in whole.spots), default=0) + 2
    ways: dict[str, list[str]] = {}
    for way in whole.ways:
        ways.setdefault(way.source, []).append(f"{way.label or 'done'} -> {way.target}")
    return "\n".join(
        f"{spot.id.ljust(width)}{spot.kind.ljust(8)}{'  '.join(ways.get(spot.id, ()))}".rstrip()
        for spot in whole.spots
    )


def _beginning(graph: Graph) -> Spot:
    if graph.trigger is None:
        return Spot(graph.flow, graph.flow, "inputs", "", f"{graph.flow}: run by another flow")
    event = f"{graph.trigger.role}.{graph.trigger.event}"
    return Spot(graph.flow, graph.flow, "trigger", event, event)


def _steps(graph: Graph) -> Iterator[Spot]:
    for step, node in graph.nodes.items():
        match node:
            case Act(role=role, action=action):
                does = f"{role}.{action}"
            case Emit(event=event):
                does = f"hub.{event}"
            case SubRun(flow=flow):
                does = flow
            case _:
                does = ""
        yield Spot(f"{graph.flow}/{step}", graph.flow, node.kind, does, label(node))


def _inside(graph: Graph) -> Iterator[Way]:
    for step, node in graph.nodes.items():
        for name, edge in edges(node):
            if edge is not None:
                yield Way(f"{graph.flow}/{step}", f"{graph.flow}/{edge}", "" if name == "done" else name)


def _outward(graph: Graph, listeners: Mapping[str, list[str]], flows: Iterable[str]) -> Iterator[Way]:
    """What a flow's steps set going elsewhere."""
    for step, node in graph.nodes.items():
        if isinstance(node, Emit):
            for listener in listeners.get(node.event, ()):
                yield Way(f"{graph.flow}/{step}", listener, f"hub.{node.event}")
        elif isinstance(node, SubRun) and node.flow in flows:
            yield Way(f"{graph.flow}/{step}", node.flow, "runs")


def _listeners(graphs: Iterable[Graph]) -> dict[str, list[str]]:
    """Who hears each event of the hub's own: flows that it starts, steps that wait for it."""
    found: dict[str, list[str]] = {}
    for graph in graphs:
        if graph.trigger is not None and graph.trigger.role == "hub":
            found.setdefault(graph.trigger.event, []).append(graph.flow)
        for step, node in graph.nodes.items():
            if isinstance(node, (Wait, Hold)) and node.role == "hub" and node.event is not None:
                found.setdefault(node.event, []).append(f"{graph.flow}/{step}")
    return found
