"""The walk: a pure function from a run's position to its next one, and to what must be done on the way.

It passes branches, loops, forks and joins until every token rests, acts or is held. No database, clock or randomness:
`now` and fresh ids are passed in, so a crash costs nothing but walking again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from hub.engine.names import NameTable
from hub.engine.program import Program
from hub.flow.evaluation import ExpressionFailed, as_duration, as_list, as_moment, as_truth
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
    Hold,
    Join,
    Loop,
    SubRun,
    Wait,
)
from hub.flow.span import BadSpan, Span, read_span
from hub.model import case as cases
from hub.model.moves import EmitEvent, Entry, Listen, Move, OpenCase, Perform, StartClock, StartRun, StopClock
from hub.model.run import Acting, Held, Joining, Path, Ready, Run, Token, Waiting

MOST_TURNS = 10_000
"""Nodes passed in one walk; more means a flow that goes round without resting."""

FLOW_ENDED = "flow_ended"
"""The hub's own event at the end of each run that another run waits for."""


@dataclass(slots=True)
class Walked:
    """Where the run stands after the walk, what must be done, and what was passed."""

    run: Run
    moves: list[Move]
    entries: list[Entry]


def walk(program: Program, run: Run, now: datetime, new_id: Callable[[], UUID]) -> Walked:
    """Walk every token that is ready."""
    return _Walk(program, run, now, new_id).all()


class _Walk:
    def __init__(self, program: Program, run: Run, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.program = program
        self.run = run
        self.now = now
        self.new_id = new_id
        self.tokens: dict[UUID, Token] = {t.id: t for t in run.tokens}
        self.names = NameTable(program.graph, run)
        self.moves: list[Move] = []
        self.entries: list[Entry] = []
        self.queue: list[Ready] = [t for t in run.tokens if isinstance(t, Ready) and (not t.due or t.due <= now)]
        self.turns = 0
        self.ended: str | None = None

    def all(self) -> Walked:
        while self.queue and self.ended is None:
            token = self.queue.pop(0)
            if token.id in self.tokens:
                self._advance(token)
        self._end_if_stopping()
        if self.ended is None and not self.tokens:
            self.ended = ""
        run = replace(
            self.run,
            tokens=() if self.ended is not None else tuple(self.tokens.values()),
            frames=self.names.frames,
            ended=self.ended,
        )
        moves = self.moves if self.ended is None else [m for m in self.moves if isinstance(m, (EmitEvent, StopClock))]
        return Walked(run, moves, self.entries)

    def _advance(self, token: Ready) -> None:
        self.turns += 1
        try:
            if self.turns > MOST_TURNS:
                self._hold(token, cases.TOO_MANY_TURNS, f"Step {token.node} goes round without resting")
                return
            self._step(token)
        except (ExpressionFailed, OverflowError) as error:
            self._hold(token, cases.STEP_FAILED, f"Step {token.node} cannot be worked out: {error}")

    def _step(self, token: Ready) -> None:
        node = self.program.node(token.node)
        match node:
            case Act():
                self._act(token, node)
            case Branch():
                self._branch(token, node)
            case Each():
                self._each(token, node)
            case Loop():
                self._loop(token, node)
            case Fork():
                self._fork(token, node)
            case Join():
                self._join(token, node)
            case Wait():
                self._wait(token, node)
            case Hold():
                self._ask(token, node)
            case Assign():
                for name, template in node.values.items():
                    self.names.assign(token.path, name, self._render(token, name, template))
                self._go(token, node.next, "set")
            case Emit():
                self.moves.append(EmitEvent(node.event, self._render(token, "with", node.inputs) or {}))
                self._go(token, node.next, f"emitted {node.event}")
            case SubRun():
                self._sub_run(token, node)
            case ClockNode():
                self._clock(token, node)
            case End():
                self._stop(token, node)
            case _:
                assert_never(node)

    # Moving.

    def _go(self, token: Token, edge: Edge, what: str = "", path: Path | None = None) -> None:
        if what:
            self.entries.append(Entry(token.node, what))
        if edge is None:
            del self.tokens[token.id]
            return
        self._stand(Ready(token.id, edge, token.path if path is None else path))

    def _stand(self, token: Ready) -> None:
        self.tokens[token.id] = token
        self.queue.append(token)

    def _render(self, token: Token, part: str, template: Any) -> Any:
        compiled = self.program.template(token.node, part, template)
        return compiled.render(self.names.visible(token.path), self.now)

    def _evaluate(self, token: Token, text: str) -> Any:
        return self.program.expression(text).evaluate(self.names.visible(token.path), self.now)

    # Verbs.

    def _act(self, token: Ready, node: Act) -> None:
        inputs = self._render(token, "with", node.inputs) if node.inputs is not None else {}
        on = self._evaluate(token, node.on) if node.on else None
        self.moves.append(Perform(token.id, node.id, token.path, node.role, node.action, inputs, on))

    def _branch(self, token: Ready, node: Branch) -> None:
        for number, (condition, edge) in enumerate(node.cases):
            if as_truth(self._evaluate(token, condition)):
                self._go(token, edge, f"case {number}" if len(node.cases) > 1 else "yes")
                return
        self._go(token, node.otherwise, "otherwise" if len(node.cases) > 1 else "no")

    def _each(self, token: Ready, node: Each) -> None:
        if token.path and token.path[-1][0] == node.id:
            self._next_item(token, node)
            return
        items = as_list(self._evaluate(token, node.items))
        if not items:
            self._go(token, node.next, "nothing to do")
            return
        first = min(max(node.at_once, 1), len(items))
        self.names.keep(token.path, node.id, {"items": items, "next": first})
        self.entries.append(Entry(node.id, f"{len(items)} items"))
        del self.tokens[token.id]
        for index in range(first):
            path = (*token.path, (node.id, str(index)))
            self.names.assign_item(path, node.item, items[index])
            self._stand(Ready(token.id if index == 0 else self.new_id(), node.body, path))

    def _next_item(self, token: Ready, node: Each) -> None:
        outside = token.path[:-1]
        kept = self.names.kept(outside, node.id)
        self.names.drop(token.path)
        index = kept["next"]
        if index < len(kept["items"]):
            self.names.keep(outside, node.id, {**kept, "next": index + 1})
            path = (*outside, (node.id, str(index)))
            self.names.assign_item(path, node.item, kept["items"][index])
            self._go(token, node.body, path=path)
        elif any(t.id != token.id and self._is_inside(t, outside, node.id) for t in self.tokens.values()):
            del self.tokens[token.id]
        else:
            self.names.forget(outside, node.id)
            self._go(token, node.next, "all done", outside)

    def _loop(self, token: Ready, node: Loop) -> None:
        if not (token.path and token.path[-1][0] == node.id):
            self._go(token, node.body, "turn 1", (*token.path, (node.id, "1")))
            return
        outside, turn = token.path[:-1], int(token.path[-1][1])
        if as_truth(self._evaluate(token, node.until)):
            self._go(token, node.next, f"done after {turn}", outside)
        elif turn >= node.at_most:
            self._hold(token, cases.TOO_MANY_TURNS, f"Step {node.id} was repeated {turn} times", outside)
        else:
            self._go(token, node.body, f"turn {turn + 1}", (*outside, (node.id, str(turn + 1))))

    def _fork(self, token: Ready, node: Fork) -> None:
        self.entries.append(Entry(node.id, f"{len(node.branches)} branches"))
        del self.tokens[token.id]
        for number, (name, first) in enumerate(node.branches.items()):
            id = token.id if number == 0 else self.new_id()
            self._stand(Ready(id, first, (*token.path, (node.id, name))))

    def _join(self, token: Ready, node: Join) -> None:
        outside = token.path[:-1]
        siblings = [t for t in self.tokens.values() if t.id != token.id and self._is_inside(t, outside, node.fork)]
        if any(not (isinstance(t, Joining) and t.node == node.id) for t in siblings):
            self.tokens[token.id] = Joining(token.id, node.id, token.path)
            return
        for sibling in siblings:
            del self.tokens[sibling.id]
        self._go(token, node.next, "joined", outside)

    def _is_inside(self, token: Token, outside: Path, step: str) -> bool:
        depth = len(outside)
        return len(token.path) > depth and token.path[:depth] == outside and token.path[depth][0] == step

    def _wait(self, token: Ready, node: Wait) -> None:
        if node.event is not None:
            match = {f: self._render(token, f"match.{f}", t) for f, t in node.match.items()}
            due = self._later(token, node.timeout) if node.timeout else None
            wait = self.new_id()
            self._listen(token, Listen(wait, token.id, node.role or "hub", node.event, match, node.since == "run", due))
            return
        due = as_moment(self._evaluate(token, node.until)) if node.until else self._later(token, node.span or "")
        self.tokens[token.id] = Waiting(token.id, node.id, None, due, token.path)
        self.entries.append(Entry(node.id, "waits", due.isoformat()))

    def _listen(self, token: Ready, listen: Listen) -> None:
        self.tokens[token.id] = Waiting(token.id, token.node, listen.wait, listen.due, token.path)
        self.moves.append(listen)
        self.entries.append(Entry(token.node, f"waits for {listen.role}.{listen.event}"))

    def _ask(self, token: Ready, node: Hold) -> None:
        title = str(self._render(token, "title", node.title))
        detail = self._render(token, "detail", node.detail) if node.detail is not None else None
        due = self._after(read_span(node.due)) if node.due else None
        case = self.new_id()
        self.tokens[token.id] = Held(token.id, node.id, case, token.path)
        self.moves.append(OpenCase(case, token.id, node.id, node.case, title, node.choices, due, detail))
        self.entries.append(Entry(node.id, f"held: {node.case}"))

    def _hold(self, token: Ready, kind: str, title: str, path: Path | None = None) -> None:
        """The engine itself asks a person: trying again walks the same node once more."""
        case = self.new_id()
        choices = {cases.TRY_AGAIN: "Try this step again", cases.GIVE_UP: "End this run"}
        self.tokens[token.id] = Held(token.id, token.node, case, token.path if path is None else path)
        self.moves.append(OpenCase(case, token.id, token.node, kind, title, choices, None))
        self.entries.append(Entry(token.node, f"held: {kind}"))

    def _sub_run(self, token: Ready, node: SubRun) -> None:
        child = self.new_id()
        self.moves.append(StartRun(child, node.flow, self._render(token, "with", node.inputs) or {}, token.id))
        self._listen(token, Listen(self.new_id(), token.id, "hub", FLOW_ENDED, {"run": str(child)}, True, None))

    def _clock(self, token: Ready, node: ClockNode) -> None:
        if node.does == "stop":
            self.moves.append(StopClock(node.clock))
            self._go(token, node.next, f"clock {node.clock} kept")
            return
        spec = self.program.graph.clocks[node.clock]
        due = self._moment(token, spec.due)
        warn = self._before(due, read_span(spec.warn.removesuffix("before").strip())) if spec.warn else None
        self.moves.append(StartClock(node.clock, due, warn))
        self._go(token, node.next, f"clock {node.clock} started")

    def _moment(self, token: Ready, template: Any) -> datetime:
        value = self._render(token, "due", template)
        if isinstance(value, datetime):
            return value
        if isinstance(value, timedelta):
            return self.now + value
        try:
            return self._after(read_span(str(value)))
        except BadSpan:
            return as_moment(value)

    def _later(self, token: Token, span: str) -> datetime:
        return self.now + as_duration(self._evaluate(token, span))

    def _after(self, span: Span) -> datetime:
        calendar = self.program.calendar
        return calendar.after(self.now, self._worked(span)) if span.working else self.now + span.plain()

    def _before(self, due: datetime, span: Span) -> datetime:
        return self.program.calendar.before(due, self._worked(span)) if span.working else due - span.plain()

    def _worked(self, span: Span) -> timedelta:
        day = self.program.calendar.day()
        return span.amount * (day if span.unit == "day" else timedelta(hours=1))

    def _stop(self, token: Ready, node: End) -> None:
        self.entries.append(Entry(node.id, "stopped"))
        if any(isinstance(t, Acting) for t in self.tokens.values()):
            # An effect of another branch is on its way: its outcome is awaited, then the run ends here.
            self.tokens[token.id] = Joining(token.id, node.id, token.path)
            return
        self.ended = str(self._render(token, "reason", node.reason))

    def _end_if_stopping(self) -> None:
        if self.ended is not None or any(isinstance(t, Acting) for t in self.tokens.values()):
            return
        for token in self.tokens.values():
            node = self.program.graph.nodes.get(token.node)
            if isinstance(token, Joining) and isinstance(node, End):
                self.ended = str(self._render(token, "reason", node.reason))
                return
