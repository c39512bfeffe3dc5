"""What a flow will do after each choice of a hold, read from its graph before anybody chooses.

Conditions are evaluated as far as the choice decides them; where they depend on what nobody knows yet, both ways are
told, and nothing on them is certain. It ends where the next person is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from hub.flow.expression import (
    BadExpression,
    Expression,
    ExpressionFailed,
    compile_expression,
    compile_template,
)
from hub.flow.graph import (
    Act,
    Assign,
    Branch,
    ClockNode,
    Each,
    Edge,
    Emit,
    End,
    Fork,
    Graph,
    Hold,
    Join,
    Loop,
    Node,
    SubRun,
    Wait,
)
from hub.flow.syntax import Name, levels

MONEY = frozenset({"refund_order", "reship"})
"""Actions by which money leaves: given back to a customer, or spent on sending again."""
_MOST = 400
_NEVER = datetime.min.replace(tzinfo=UTC)


Told = Act | Emit | End | Hold | SubRun | Wait
"""The kinds of step that people are told of; the others only lead from one of these to the next."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """A step that follows a choice. `is_certain`: it follows whatever else turns out."""

    node: Told
    is_certain: bool


def consequences(graph: Graph, hold: Hold, choice: str) -> list[Consequence]:
    """What follows a choice of a hold, in the order in which it happens."""
    known = {hold.save_as: {"choice": choice}} if hold.save_as else {}
    ways = _walk(graph, _Place(hold.next, known))
    found: dict[str, Told] = {}
    for place in ways:
        node = graph.nodes[place.node] if place.node else None
        if isinstance(node, (Act, Emit, End, Hold, SubRun, Wait)):
            found.setdefault(node.id, node)
    return [Consequence(node, not _can_end_without(ways, id)) for id, node in found.items()]


def moves_money(found: list[Consequence]) -> bool:
    """Whether any of it is, or may be, money that leaves."""
    return any(isinstance(one.node, Act) and one.node.action in MONEY for one in found)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a walk stands, and the names whose values it knows. None is the end of the run."""

    node: Edge
    known: Mapping[str, Any] = field(hash=False)

    def to(self, node: Edge) -> "_Place":
        return replace(self, node=node)

    def without(self, name: str | None) -> "_Place":
        return replace(self, known={k: v for k, v in self.known.items() if k != name})


_Ways = dict[_Place, list[_Place]]
"""From each place that can be come to, where to go on from there; nowhere where the walk ends."""


def _walk(graph: Graph, start: _Place) -> _Ways:
    ways: _Ways = {}
    waiting = [start]
    while waiting and len(ways) < _MOST:
        place = waiting.pop()
        if place in ways:
            continue
        ways[place] = list(_ways(graph.nodes[place.node], place)) if place.node else []
        # The first way on is walked first.
        waiting.extend(reversed(ways[place]))
    return ways


def _can_end_without(ways: _Ways, id: str) -> bool:
    """Whether some walk ends without having come to a node."""
    start = next(iter(ways))
    waiting, seen = [start], {start}
    while waiting:
        place = waiting.pop()
        if place.node == id:
            continue
        following = ways.get(place)
        if not following:
            return True
        fresh = [one for one in following if one not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _ways(node: Node, place: _Place) -> Iterator[_Place]:  # noqa: C901  one case for each kind
    match node:
        case End() | Hold():
            return
        case Branch():
            yield from _branches(node, place)
        case Loop(until=until, body=body, next=following):
            is_over = _value(until, place.known)
            yield from (place.to(body),) if is_over is not True else ()
            yield from (place.to(following),) if is_over is not False else ()
        case Each(body=body, item=item, next=following):
            yield place.without(item).to(body)
            yield place.to(following)
        case Fork(branches=branches):
            yield from (place.to(first) for first in branches.values())
        case Wait(next=following, on_timeout=late, save_as=name, event=event):
            yield place.without(name).to(following)
            yield from (place.to(late),) if event is not None else ()
        case Assign(values=values, next=following):
            yield _named(place, values).to(following)
        case Act(save_as=name, next=following) | SubRun(save_as=name, next=following):
            yield place.without(name).to(following)
        case Emit(next=following) | ClockNode(next=following) | Join(next=following):
            yield place.to(following)


def _branches(node: Branch, place: _Place) -> Iterator[_Place]:
    for condition, edge in node.cases:
        holds = _value(condition, place.known)
        if holds is not False:
            yield place.to(edge)
        if holds is True:
            return
    yield place.to(node.otherwise)


def _named(place: _Place, values: Mapping[str, Any]) -> _Place:
    known = dict(place.known)
    for name, template in values.items():
        try:
            known[name] = compile_template(template).render(known, _NEVER)
        except (ExpressionFailed, BadExpression):
            known.pop(name, None)
    return replace(place, known=known)


def _value(condition: str, known: Mapping[str, Any]) -> bool | None:
    """Whether a condition holds; None where that is not known yet."""
    try:
        expression = compile_expression(condition)
        found = None if _asks_the_time(expression) else expression.evaluate(known, _NEVER)
    except (ExpressionFailed, BadExpression):
        return None
    return found if isinstance(found, bool) else None


def _asks_the_time(expression: Expression) -> bool:
    return any(isinstance(node, Name) and node.name == "now" for _, node in levels(expression.syntax))
