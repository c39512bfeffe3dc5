"""What a run has been through, as another version of its flow may go through it again: its event, and every answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.engine.program import Program
from hub.flow.graph import Act, Assign, Node
from hub.store.encoding import from_bytes
from hub.store.sealing import Box

REFUSED, RESOLVED, SETTLED = "refused: ", "resolved: ", "settled by "
"""How the journal begins what it says of a refusal, of a case that a person decided, and of one that nobody did."""
_GIVING = ("done", "came", RESOLVED, SETTLED)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What a step learnt once: `how` in the journal's words, and with which value. An unknown value was overwritten."""

    how: str
    value: Any = None
    reason: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Past:
    """One run's past. `learnt` has, by step, what each performance of it learnt, in order."""

    run_id: UUID
    store_id: str
    source: str
    number: str
    event: Mapping[str, Any]
    began: datetime
    learnt: Mapping[str, list[Learnt]] = field(default_factory=dict)


def past_of(row: Any, box: Box, program: Program, effects: Iterable[Any], journal: Iterable[Any]) -> Past:
    """A run's past from its rows. `program` is the version that it followed."""
    entries = [(node, what) for rows in journal for node, what, _ in rows["entries"]]
    frames = from_bytes(box.open(row["names"])) if row["names"] else {}
    learnt: defaultdict[str, list[Learnt]] = defaultdict(list)
    for effect in effects:
        learnt[effect["node"]].append(_answer(effect, box))
    by_ledger, newest = set(learnt), _newest(entries, program)
    for place, (step, what) in enumerate(entries):
        node = program.graph.nodes.get(step)
        if node is None or step in by_ledger or not _is_learning(node, what):
            continue
        name = getattr(node, "save_as", None)
        is_known = name is None or newest.get(name) == place
        value = frames.get("", {}).get(name) if name is not None and is_known else None
        is_known = is_known and (name is None or name in frames.get("", {}))
        learnt[step].append(Learnt(what, value, is_known=is_known))
    event = from_bytes(box.open(row["event"]))
    return Past(
        row["id"],
        row["store_id"],
        row["source"],
        row["subject"] or "",
        event,
        row["started_at"],
        dict(learnt),
    )


def _answer(effect: Any, box: Box) -> Learnt:
    if effect["state"] == "refused":
        return Learnt(f"{REFUSED}{effect['refusal']}", reason=effect["reason"])
    answer = from_bytes(box.open(effect["answer"])) if effect["answer"] else None
    return Learnt("done" if effect["state"] == "confirmed" else "skipped", answer)


def _newest(entries: list[tuple[str, str]], program: Program) -> dict[str, int]:
    """Of each name, the place of the entry that gave it last: the value of that one is still there."""
    found: dict[str, int] = {}
    for place, (step, what) in enumerate(entries):
        node = program.graph.nodes.get(step)
        if isinstance(node, Assign) and what == "set":
            found.update(dict.fromkeys(node.values, place))
        elif node is not None and what.startswith(_GIVING) and (name := _given(node)):
            found[name] = place
    return found


def _given(node: Node) -> str | None:
    name: str | None = getattr(node, "save_as", None)
    return name


def _is_learning(node: Node, what: str) -> bool:
    """Whether an entry says what a step learnt. One of the hub's own actions is done, or refused; no person does it."""
    if isinstance(node, Act):
        return what in ("done", "skipped") or what.startswith(REFUSED)
    return what in ("timeout", "rested") or what.startswith(("came", RESOLVED, SETTLED))
