"""What a run makes of an answer: pure functions from (run, token, what was learnt) to the run's next position."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from hub.engine.names import NameTable
from hub.engine.program import Program
from hub.flow.graph import Act, Hold, SubRun, Wait
from hub.model import case as cases
from hub.model.case import Resolution
from hub.model.effect import Effect
from hub.model.moves import Entry, OpenCase
from hub.model.run import Acting, Held, Ready, Run, Token, Waiting

OTHERWISE = "otherwise"
"""In `on_refused`: every code that has no block of its own."""


@dataclass(slots=True)
class Resumed:
    """The run after something was learnt; at most one case to open."""

    run: Run
    entries: list[Entry]
    opens: list[OpenCase]


def answered(program: Program, run: Run, token: Token, answer: Any) -> Resumed:
    """The effect was done: its answer gets its name, and the token goes on."""
    node = program.node(token.node)
    assert isinstance(node, Act)
    names = NameTable(program.graph, run)
    if node.save_as:
        names.assign(token.path, node.save_as, answer)
    return _moved(run, names, token, node.next, "done")


def refused(program: Program, run: Run, token: Token, code: str, reason: str) -> Resumed:
    """The other side said no: the step's block for that code, which sees it as `refusal`; None there asks a person."""
    node = program.node(token.node)
    assert isinstance(node, Act)
    block = node.refusals.get(code) or node.refusals.get(OTHERWISE)
    if block is None:
        raise LookupError(code)
    names = NameTable(program.graph, run)
    names.assign(token.path, "refusal", {"code": code, "reason": reason})
    return _moved(run, names, token, block, f"refused: {code}")


def skipped(program: Program, run: Run, token: Token) -> Resumed:
    """The effect's outcome does not matter to the author: the token goes on without an answer."""
    node = program.node(token.node)
    assert isinstance(node, Act)
    return _moved(run, NameTable(program.graph, run), token, node.next, "skipped")


def came(program: Program, run: Run, token: Waiting, value: Any) -> Resumed:
    """The event a token waited for has come."""
    node = program.node(token.node)
    assert isinstance(node, (Wait, SubRun))
    names = NameTable(program.graph, run)
    if node.save_as:
        names.assign(token.path, node.save_as, value)
    return _moved(run, names, token, node.next, "came")


def rested(program: Program, run: Run, token: Waiting) -> Resumed:
    """A rest is over, or what was waited for did not come in time."""
    node = program.node(token.node)
    assert isinstance(node, Wait)
    late = node.event is not None
    edge = node.on_timeout if late else node.next
    return _moved(run, NameTable(program.graph, run), token, edge, "timeout" if late else "rested")


def settled(program: Program, run: Run, token: Held, choice: str, event: Any = None) -> Resumed:
    """An event, or the end of its time, has settled a case of the flow's own: nobody needs to decide any more."""
    node = program.node(token.node)
    assert isinstance(node, Hold)
    names = NameTable(program.graph, run)
    if node.save_as:
        names.assign(token.path, node.save_as, {"choice": choice, "note": "", "by": "", "event": event})
    return _moved(run, names, token, node.next, f"settled by {choice}")


def resolved(program: Program, run: Run, token: Held, resolution: Resolution) -> Resumed:
    """A person has decided a case of the flow's own, or to try a failed step again."""
    node = program.node(token.node)
    names = NameTable(program.graph, run)
    if isinstance(node, Hold):
        value = {"choice": resolution.choice, "note": resolution.note, "by": resolution.by, "event": None}
        if node.save_as:
            names.assign(token.path, node.save_as, value)
        return _moved(run, names, token, node.next, f"resolved: {resolution.choice}")
    return _moved(run, names, token, node.id, f"resolved: {resolution.choice}")


def asked(run: Run, token: Token, case: OpenCase) -> Resumed:
    """The engine needs a person's word on this token's effect: it is held, and the case is opened with it."""
    effect = token.effect if isinstance(token, (Acting, Held)) else None
    held = Held(token.id, token.node, case.case, token.path, case.effect or effect)
    return Resumed(put(run, held), [Entry(token.node, f"held: {case.kind}")], [case])


def doubt_case(
    id: UUID, token: Token, effect: Effect, why: str, kind: str = cases.EFFECT_IN_DOUBT
) -> OpenCase:
    """The case of an effect nobody knows the outcome of, with the three things a person can say."""
    choices = {
        cases.IT_HAPPENED: "It happened: go on",
        cases.SEND_AGAIN: "It did not happen: send it again",
        cases.GIVE_UP: "Give up and end this run",
    }
    title = f"Did {effect.connection_id} do {effect.action} for {effect.key}?"
    if kind == cases.EFFECT_NOT_DONE:
        title = f"{effect.connection_id} cannot do {effect.action} for {effect.key}"
        del choices[cases.IT_HAPPENED]
    detail = {"reason": why, "attempts": effect.attempt, "key": effect.key}
    return OpenCase(id, token.id, token.node, kind, title, choices, None, detail, effect.id)


def refusal_case(id: UUID, token: Token, effect: Effect, code: str, reason: str) -> OpenCase:
    """The case of a refusal that the flow has no block for."""
    choices = {cases.SEND_AGAIN: "Send it again", cases.GIVE_UP: "Give up and end this run"}
    title = f"{effect.connection_id} refused {effect.action}: {code}"
    detail = {"code": code, "reason": reason}
    return OpenCase(id, token.id, token.node, cases.EFFECT_REFUSED, title, choices, None, detail, effect.id)


def put(run: Run, token: Token) -> Run:
    """The run with this token in place of the one with its id."""
    return replace(run, tokens=tuple(token if t.id == token.id else t for t in run.tokens))


def _moved(run: Run, names: NameTable, token: Token, edge: str | None, what: str) -> Resumed:
    entries = [Entry(token.node, what)]
    if edge is None:
        tokens = tuple(t for t in run.tokens if t.id != token.id)
    else:
        ready = Ready(token.id, edge, token.path)
        tokens = tuple(ready if t.id == token.id else t for t in run.tokens)
    return Resumed(replace(run, tokens=tokens, frames=names.frames), entries, [])
