"""The walk: a pure function from a run's position to its next one, and to what must be done on the way.

It passes branches, loops, forks and joins until every token rests, acts or is held. No database, clock or randomness:
`now` and fresh ids are passed in, so a crash costs nothing but walking again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from hub.engine import blocks, rests
from hub.engine.position import Position
from hub.engine.program import Program
from hub.flow.evaluation import ExpressionFailed, as_truth
from hub.flow.graph import (
    Act,
    Assign,
    Branch,
    ClockNode,
    Each,
    Emit,
    End,
    Fork,
    Hold,
    Join,
    Loop,
    SubRun,
    Wait,
)
from hub.model import case as cases
from hub.model.moves import EmitEvent, Entry, Move, Perform, StopClock
from hub.model.run import Acting, Joining, Ready, Run

MOST_TURNS = 10_000
"""Nodes passed in one walk; more means a flow that goes round without resting."""


@dataclass(slots=True)
class Walked:
    """Where the run stands after the walk, what must be done, and what was passed."""

    run: Run
    moves: list[Move]
    entries: list[Entry]


def walk(program: Program, run: Run, now: datetime, new_id: Callable[[], UUID]) -> Walked:
    """Walk every token that is ready."""
    at = Position(program, run, now, new_id)
    turns = 0
    while at.queue and at.ended is None:
        token = at.queue.pop(0)
        if token.id not in at.tokens:
            continue
        turns += 1
        if turns > MOST_TURNS:
            at.hold(token, cases.TOO_MANY_TURNS, f"Step {token.node} goes round without resting")
            continue
        try:
            _step(at, token)
        except (ExpressionFailed, OverflowError) as error:
            at.hold(token, cases.STEP_FAILED, f"Step {token.node} cannot be worked out: {error}")
    return _ended(at)


def _ended(at: Position) -> Walked:
    _end_if_stopping(at)
    if at.ended is None and not at.tokens:
        at.ended = ""
    has_ended = at.ended is not None
    tokens = () if has_ended else tuple(at.tokens.values())
    run = replace(at.run, tokens=tokens, frames=at.names.frames, ended=at.ended)
    moves = [m for m in at.moves if not has_ended or isinstance(m, (EmitEvent, StopClock))]
    return Walked(run, moves, at.entries)


def _step(at: Position, token: Ready) -> None:  # noqa: C901  one arm for each verb
    node = at.program.node(token.node)
    match node:
        case Act():
            inputs = at.render(token, "with", node.inputs) if node.inputs is not None else {}
            on = at.evaluate(token, node.on) if node.on else None
            at.moves.append(Perform(token.id, node.id, token.path, node.role, node.action, inputs, on))
        case Branch():
            _branch(at, token, node)
        case Assign():
            for name, template in node.values.items():
                at.names.assign(token.path, name, at.render(token, name, template))
            at.go(token, node.next, "set")
        case Emit():
            at.moves.append(EmitEvent(node.event, at.render(token, "with", node.inputs) or {}))
            at.go(token, node.next, f"emitted {node.event}")
        case Each():
            blocks.each(at, token, node)
        case Loop():
            blocks.loop(at, token, node)
        case Fork():
            blocks.fork(at, token, node)
        case Join():
            blocks.join(at, token, node)
        case Wait():
            rests.wait(at, token, node)
        case Hold():
            rests.ask(at, token, node)
        case SubRun():
            rests.sub_run(at, token, node)
        case ClockNode():
            rests.clock(at, token, node)
        case End():
            rests.stop(at, token, node)
        case _:
            assert_never(node)


def _branch(at: Position, token: Ready, node: Branch) -> None:
    is_choice = len(node.cases) > 1
    for number, (condition, edge) in enumerate(node.cases):
        if as_truth(at.evaluate(token, condition)):
            at.go(token, edge, f"case {number}" if is_choice else "yes")
            return
    at.go(token, node.otherwise, "otherwise" if is_choice else "no")


def _end_if_stopping(at: Position) -> None:
    """A `stop` that waited for another branch's effect ends the run once none is on its way."""
    if at.ended is not None or any(isinstance(t, Acting) for t in at.tokens.values()):
        return
    for token in at.tokens.values():
        node = at.program.graph.nodes.get(token.node)
        if isinstance(token, Joining) and isinstance(node, End):
            at.ended = str(at.render(token, "reason", node.reason))
            return
