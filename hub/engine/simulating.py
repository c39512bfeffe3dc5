"""What another version of a flow would have done to orders that have come: their pasts walked again. Pure.

The walk is the real one; what it asks for is answered as it was answered then. Where that is not known, because no run
ever came there, the simulation says so and goes no further.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal
from uuid import UUID, uuid5

from hub.engine import resume
from hub.engine.past import REFUSED, RESOLVED, SETTLED, Learnt, Past
from hub.engine.program import Program
from hub.engine.walk import walk
from hub.flow.evaluation import ExpressionFailed, as_truth
from hub.flow.graph import Act, Hold, SubRun, Wait
from hub.model.case import Resolution
from hub.model.moves import EmitEvent, Move, OpenCase, Perform, StartRun
from hub.model.run import Held, Ready, Run, Token, Waiting

MOST_ROUNDS = 2_000

Reads = Callable[[str, str], bool]
"""Whether an action, by (role, action), only reads."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that people outside the flow notice: an action, a question, an event, or the end with its reason."""

    step: str
    what: str


@dataclass(frozen=True, slots=True)
class Trace:
    """What a version did, in order. `unknown_at` is the step beyond which nobody can tell."""

    deeds: tuple[Deed, ...]
    unknown_at: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One order under both versions; where they part, what each does there."""

    number: str
    run: UUID
    verdict: Literal["same", "changed", "unknown"]
    step: str = ""
    before: str = ""
    after: str = ""


def compare(past: Past, now: Program, then: Program, reads: Reads) -> Compared:
    """What the version in force does with this past, and what another one would."""
    ours, theirs = trace(past, now, reads), trace(past, then, reads)
    for mine, other in zip_longest(ours.deeds, theirs.deeds):
        if mine == other:
            continue
        # Where one stops because nobody knows, the other's going on is no difference.
        if (mine is None and ours.unknown_at) or (other is None and theirs.unknown_at):
            break
        step = (other or mine or Deed("", "")).step
        return Compared(
            past.number,
            past.run_id,
            "changed",
            step,
            mine.what if mine else "rests",
            other.what if other else "rests",
        )
    verdict: Literal["same", "unknown"] = "unknown" if theirs.unknown_at != ours.unknown_at else "same"
    return Compared(past.number, past.run_id, verdict, theirs.unknown_at)


def trace(past: Past, program: Program, reads: Reads) -> Trace:
    """Everything a version does with a past, as far as it is known."""
    return _Replay(past, program, reads).trace()


class _Replay:
    """One walk through a past."""

    def __init__(self, past: Past, program: Program, reads: Reads) -> None:
        self.past = past
        self.program = program
        self.reads = reads
        self.deeds: list[Deed] = []
        self.unknown_at = ""
        self.used: Counter[str] = Counter()
        self.made = 0

    def trace(self) -> Trace:
        start = self.program.graph.start
        if start is None or not self._begins():
            return Trace((Deed("", "does not begin"),))
        first = Ready(self._id(), start)
        run = Run(self.past.run_id, self.past.store_id, self.past.source, self.past.event, (first,))
        for _ in range(MOST_ROUNDS):
            walked = walk(self.program, run, self.past.began, self._id)
            self._note(walked.moves, run)
            run = walked.run
            if run.ended is not None:
                self.deeds.append(Deed("", f"ends: {run.ended}" if run.ended else "ends"))
                break
            after = self._answered(run, {m.token: m for m in walked.moves if isinstance(m, Perform)})
            if after is run or not after.tokens:
                break
            run = after
        return Trace(tuple(self.deeds), self.unknown_at)

    def _begins(self) -> bool:
        trigger = self.program.graph.trigger
        if trigger is None or trigger.when is None:
            return True
        try:
            condition = self.program.expression(trigger.when)
            return as_truth(condition.evaluate({"event": self.past.event}, self.past.began))
        except ExpressionFailed:
            return False

    def _note(self, moves: list[Move], run: Run) -> None:
        for move in moves:
            match move:
                case OpenCase(node=step, kind=kind):
                    self.deeds.append(Deed(step, f"asks a person: {kind}"))
                case EmitEvent(event=event):
                    self.deeds.append(Deed("", f"tells hub.{event}"))
                case StartRun(flow=flow):
                    self.deeds.append(Deed("", f"runs {flow}"))
                case Perform(node=step, role=role, action=action) if not self.reads(role, action):
                    self.deeds.append(Deed(step, f"does {role}.{action}"))

    def _answered(self, run: Run, asked: dict[UUID, Perform]) -> Run:
        """The run after every token that can be answered was; the same object if none could."""
        for token in run.tokens:
            if token.id in asked or isinstance(token, (Waiting, Held)):
                run = self._learn(run, token, is_act=token.id in asked)
        return run

    def _learn(self, run: Run, token: Token, *, is_act: bool) -> Run:
        """What the step learnt then; without that an act that gives nothing a name is taken for done."""
        known = self.past.learnt.get(token.node, [])
        number = self.used[token.node]
        node = self.program.node(token.node)
        if number < len(known) and known[number].is_known:
            self.used[token.node] += 1
            return self._resumed(run, token, known[number])
        is_new = token.node not in self.past.learnt
        if is_act and is_new and isinstance(node, Act) and node.save_as is None:
            return resume.skipped(self.program, run, token).run
        if is_act or number < len(known):
            self.unknown_at = self.unknown_at or token.node
        # It rests where it stands, as a case nobody has decided does.
        return run if not is_act else replace(run, tokens=tuple(t for t in run.tokens if t.id != token.id))

    def _resumed(self, run: Run, token: Token, learnt: Learnt) -> Run:
        program, how, node = self.program, learnt.how, self.program.node(token.node)
        if how.startswith(REFUSED):
            try:
                code = how.removeprefix(REFUSED)
                return resume.refused(program, run, token, code, learnt.reason).run
            except LookupError:
                self.deeds.append(Deed(token.node, "asks a person: effect-refused"))
                return replace(run, tokens=tuple(t for t in run.tokens if t.id != token.id))
        if isinstance(node, Hold) and isinstance(token, Held):
            said = learnt.value or {}
            choice = said.get("choice") or how.removeprefix(RESOLVED).removeprefix(SETTLED)
            if how.startswith(SETTLED):
                return resume.settled(program, run, token, choice, said.get("event")).run
            return resume.resolved(
                program, run, token, Resolution(choice, said.get("by", ""), said.get("note", ""), None)
            ).run
        if isinstance(node, (Wait, SubRun)) and isinstance(token, Waiting):
            return (
                resume.came(program, run, token, learnt.value)
                if how == "came"
                else resume.rested(program, run, token)
            ).run
        if how == "skipped":
            return resume.skipped(program, run, token).run
        return resume.answered(program, run, token, learnt.value).run

    def _id(self) -> UUID:
        """Ids of a replay are its own, and the same each time."""
        self.made += 1
        return uuid5(self.past.run_id, str(self.made))
