"""Verbs that rest, ask or end: wait, hold, run, clocks, stop."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hub.engine.position import Position
from hub.flow.evaluation import as_duration, as_moment
from hub.flow.graph import ClockNode, End, Hold, SubRun, Wait
from hub.flow.span import BadSpan, Span, read_span
from hub.model.moves import Entry, Listen, OpenCase, StartClock, StartRun, StopClock
from hub.model.run import Acting, Held, Joining, Ready, Token, Waiting

FLOW_ENDED = "flow_ended"
"""The hub's own event at the end of each run that another run waits for."""


def wait(at: Position, token: Ready, node: Wait) -> None:
    """For a time, until a moment, or for an event."""
    if node.event is not None:
        match = {f: at.render(token, f"match.{f}", t) for f, t in node.match.items()}
        due = _later(at, token, node.timeout) if node.timeout else None
        wait = at.new_id()
        _listen(
            at, token, Listen(wait, token.id, node.role or "hub", node.event, match, node.since == "run", due)
        )
        return
    due = as_moment(at.evaluate(token, node.until)) if node.until else _later(at, token, node.span or "")
    at.tokens[token.id] = Waiting(token.id, node.id, None, due, token.path)
    at.entries.append(Entry(node.id, "waits", due.isoformat()))


def _listen(at: Position, token: Ready, listen: Listen) -> None:
    at.tokens[token.id] = Waiting(token.id, token.node, listen.wait, listen.due, token.path)
    at.moves.append(listen)
    at.entries.append(Entry(token.node, f"waits for {listen.role}.{listen.event}"))


def ask(at: Position, token: Ready, node: Hold) -> None:
    """Open the author's case and rest until a person has decided, or its event or the end of its time has."""
    title = str(at.render(token, "title", node.title))
    detail = at.render(token, "detail", node.detail) if node.detail is not None else None
    due = _after(at, read_span(node.due)) if node.due else None
    case = at.new_id()
    until = _later(at, token, node.timeout) if node.timeout else None
    wait = None
    if node.event is not None:
        match = {f: at.render(token, f"match.{f}", t) for f, t in node.match.items()}
        wait = at.new_id()
        at.moves.append(Listen(wait, token.id, node.role or "hub", node.event, match, True, until))
    at.tokens[token.id] = Held(token.id, node.id, case, token.path, None, wait, until)
    opened = OpenCase(case, token.id, node.id, node.case, title, node.choices, due or until, detail)
    asks = replace(opened, owner=node.owner, checklist=node.checklist, checked_first=node.checked_first)
    at.moves.append(asks)
    at.entries.append(Entry(node.id, f"held: {node.case}"))


def sub_run(at: Position, token: Ready, node: SubRun) -> None:
    """Start another flow, and wait for the event of its end."""
    child = at.new_id()
    at.moves.append(StartRun(child, node.flow, at.render(token, "with", node.inputs) or {}, token.id))
    _listen(at, token, Listen(at.new_id(), token.id, "hub", FLOW_ENDED, {"run": str(child)}, True, None))


def clock(at: Position, token: Ready, node: ClockNode) -> None:
    """A promise begins or is kept."""
    if node.does == "stop":
        at.moves.append(StopClock(node.clock))
        at.go(token, node.next, f"clock {node.clock} kept")
        return
    spec = at.program.graph.clocks[node.clock]
    due = _moment(at, token, spec.due)
    warn = _before(at, due, read_span(spec.warn.removesuffix("before").strip())) if spec.warn else None
    at.moves.append(StartClock(node.clock, due, warn))
    at.go(token, node.next, f"clock {node.clock} started")


def _moment(at: Position, token: Ready, template: Any) -> datetime:
    value = at.render(token, "due", template)
    if isinstance(value, datetime):
        return value
    if isinstance(value, timedelta):
        return at.now + value
    try:
        return _after(at, read_span(str(value)))
    except BadSpan:
        return as_moment(value)


def _later(at: Position, token: Token, span: str) -> datetime:
    return at.now + as_duration(at.evaluate(token, span))


def _after(at: Position, span: Span) -> datetime:
    calendar = at.program.calendar
    return calendar.after(at.now, _worked(at, span)) if span.working else at.now + span.plain()


def _before(at: Position, due: datetime, span: Span) -> datetime:
    return at.program.calendar.before(due, _worked(at, span)) if span.working else due - span.plain()


def _worked(at: Position, span: Span) -> timedelta:
    day = at.program.calendar.day()
    return span.amount * (day if span.unit == "day" else timedelta(hours=1))


def stop(at: Position, token: Ready, node: End) -> None:
    """End the run; an effect of another branch that is on its way is awaited first."""
    at.entries.append(Entry(node.id, "stopped"))
    if any(isinstance(t, Acting) for t in at.tokens.values()):
        # An effect of another branch is on its way: its outcome is awaited, then the run ends here.
        at.tokens[token.id] = Joining(token.id, node.id, token.path)
        return
    at.ended = str(at.render(token, "reason", node.reason))
