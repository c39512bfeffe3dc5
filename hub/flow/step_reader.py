"""Blocks of steps, read into verbs. Whatever is wrong is noted, and reading goes on."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast

from hub.flow.expression_parser import RESERVED
from hub.flow.hold_reader import read_hold
from hub.flow.noting import Keys, Notes, did_you_mean
from hub.flow.reader import Block, Scalar, Sequence, Tree
from hub.flow.verb import (
    NAME,
    STEP_ID,
    Announce,
    Choose,
    Do,
    ForEach,
    If,
    Let,
    Parallel,
    Promise,
    RepeatUntil,
    Rest,
    Run,
    Step,
    Steps,
    Stop,
    Verb,
)

MAX_NESTING = 4
MAX_STEPS = 200

KEYS: dict[str, tuple[str, ...]] = {
    "do": ("with", "as", "on", "on_refused", "if_in_doubt", "effect"),
    "if": ("then", "else"),
    "choose": ("otherwise",),
    "for_each": ("as", "steps", "at_once"),
    "parallel": (),
    "repeat_until": ("at_most", "steps"),
    "wait": ("on_timeout", "as"),
    "hold": ("as",),
    "emit": ("with",),
    "run": ("with", "as"),
    **dict.fromkeys(("set", "start_clock", "stop_clock", "stop"), ()),
}
"""Each verb, and the keys its step may also have."""

STAGES = {
    "F": "F", "A": "A", "R": "R", "O": "O", "S": "S",
    "filter": "F", "assign": "A", "route": "R", "observe": "O", "solve": "S",
}  # fmt: skip
ASK = "ask"
"""What `on_refused` says in place of blocks: a case is opened, and a person may have it sent again."""
EFFECTS = ("read", "idempotent", "keyed", "checkable", "unsafe")


class StepReader:
    """Reads the steps of one flow; remembers ids, because they are unique in the whole file."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.seen: dict[str, Scalar] = {}
        self.count = 0

    def steps(self, found: Any, depth: int, owner: str) -> Steps:
        """A block of steps; `owner` is what needs it, for messages."""
        if not isinstance(found, Sequence) or not found:
            if found is not None:
                self.notes.wrong(found.place, f"{owner} needs a list of steps (`- step: ...`).")
            return ()
        if depth > MAX_NESTING:
            hint = "Move the inner block into a flow of its own and `run:` it."
            self.notes.wrong(found.place, f"Blocks are nested deeper than {MAX_NESTING}.", hint)
            return ()
        before = self.notes.step
        made = [self.step(item, depth) for item in found]
        self.notes.step = before
        return tuple(step for step in made if step is not None)

    def step(self, found: Tree, depth: int) -> Step | None:
        """One step, or None if it cannot be read at all."""
        self.notes.step = ""
        if not isinstance(found, Block):
            self.notes.wrong(found.place, "A step is a block with `step:` and one verb.")
            return None
        identity = self.identity(found)
        verbs = [key for key in found if key in KEYS]
        if len(verbs) != 1:
            said = f"A step has exactly one verb, not {len(verbs)}: {', '.join(verbs)}." if verbs else ""
            unknown = next((k for k in found if k not in ("step", "stage")), "")
            message = said or f'There is no verb "{unknown}".' if unknown or said else "The step has no verb."
            self.notes.wrong(found.place, message, "" if said else did_you_mean(unknown, KEYS))
            return None
        verb = verbs[0]
        keys = Keys(found, self.notes, f"A step with `{verb}`", ("step", "stage", verb, *KEYS[verb]))
        stage = keys.one_of("stage", tuple(STAGES))
        self.count += 1
        if self.count == MAX_STEPS + 1:
            self.notes.wrong(
                found.place, f"A flow has at most {MAX_STEPS} steps.", "Move a part into another flow."
            )
        made = _READERS[verb](self, keys, depth)
        return (
            None
            if made is None or identity is None
            else Step(identity, made, STAGES[stage] if stage else None)
        )

    def identity(self, block: Block) -> Scalar | None:
        """The step's id: well formed and not used before."""
        found = block.get("step")
        if not isinstance(found, Scalar) or not found:
            self.notes.wrong(block.place, "A step needs `step:`, its lasting id.")
            return None
        self.notes.step = str(found)
        if not STEP_ID.fullmatch(found):
            hint = (
                "It begins with a lower-case letter; then lower-case letters, digits and hyphens, at most 63."
            )
            self.notes.wrong(found.place, f'"{found[:70]}" cannot be a step\'s id.', hint)
        elif found in self.seen:
            self.notes.wrong(found.place, f'Step "{found}" is already on line {self.seen[found].place.line}.')
        self.seen.setdefault(found, found)
        return found

    def name(self, keys: Keys, needed: bool = False) -> Scalar | None:
        """The name under `as`."""
        found = keys.text("as", needed)
        return found if found is None or self.is_name(found) else None

    def is_name(self, found: Scalar) -> bool:
        """Whether this can be a name in expressions; notes it if not."""
        if found in RESERVED or not NAME.fullmatch(found):
            hint = "Names are lower-case letters, digits and underscores, and no word of the language."
            self.notes.wrong(found.place, f'"{found[:70]}" cannot be a name.', hint)
            return False
        return True

    def named_steps(self, block: Block | None, depth: int, owner: str) -> dict[Scalar, Steps]:
        """A mapping of name to block of steps."""
        if block is None:
            return {}
        return {block.key(k): self.steps(v, depth + 1, f"{owner} `{k}`") for k, v in block.items()}

    def dotted(self, keys: Keys, key: str, example: str) -> tuple[Scalar, Scalar] | None:
        """`role.word` under the key, split, each part with its place."""
        found = keys.text(key, True)
        if found is None:
            return None
        role, point, word = found.partition(".")
        if not point or not role or not word or "." in word:
            self.notes.wrong(found.place, f'"{found}" is not of the form {example}.')
            return None
        return Scalar(role, found.place), Scalar(word, found.place)


def _do(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    operation = reader.dotted(keys, "do", "role.action")
    asks = keys.value("on_refused") == ASK
    refused = reader.named_steps(None if asks else keys.mapping("on_refused"), depth, "`on_refused`")
    doubt = keys.one_of("if_in_doubt", ("repeat", "skip"))
    effect = keys.one_of("effect", EFFECTS)
    name, on = reader.name(keys), keys.text("on")
    if operation is None:
        return None
    return Do(*operation, keys.value("with"), name, on, refused, cast(Any, doubt), effect, asks)


def _if(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    condition = keys.text("if", True)
    keys.sequence("then", True)
    then = reader.steps(keys.value("then"), depth + 1, "`then`")
    otherwise = reader.steps(keys.value("else"), depth + 1, "`else`")
    return None if condition is None else If(condition, then, otherwise)


def _choose(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    cases: list[tuple[Scalar, Steps]] = []
    for case in keys.sequence("choose", True) or ():
        if not isinstance(case, Block):
            reader.notes.wrong(case.place, "A case is a block with `when:` and `steps:`.")
            continue
        inner = Keys(case, reader.notes, "A case", ("when", "steps"))
        inner.sequence("steps", True)
        condition, steps = inner.text("when", True), reader.steps(case.get("steps"), depth + 1, "`steps`")
        if condition is not None:
            cases.append((condition, steps))
    if keys.value("otherwise") is None:
        hint = "Say what happens when no `when` holds; nothing may fall through unseen."
        reader.notes.wrong(keys.block.place, "`choose` needs `otherwise`.", hint)
    return Choose(tuple(cases), reader.steps(keys.value("otherwise"), depth + 1, "`otherwise`"))


def _for_each(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    items, item = keys.text("for_each", True), reader.name(keys, needed=True)
    at_once = keys.number("at_once", 1, 100) or 1
    keys.sequence("steps", True)
    steps = reader.steps(keys.value("steps"), depth + 1, "`steps`")
    return None if items is None or item is None else ForEach(items, item, steps, at_once)


def _parallel(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    return Parallel(reader.named_steps(keys.mapping("parallel", True), depth, "Branch"))


def _repeat(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    until, at_most = keys.text("repeat_until", True), keys.number("at_most", 1, 10_000)
    if keys.value("at_most") is None:
        reader.notes.wrong(keys.block.place, "`repeat_until` needs `at_most`, from 1 to 10000.")
    keys.sequence("steps", True)
    steps = reader.steps(keys.value("steps"), depth + 1, "`steps`")
    return None if until is None else RepeatUntil(until, at_most or 1, steps)


def _wait(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    block = keys.mapping("wait", True)
    on_timeout = reader.steps(keys.value("on_timeout"), depth + 1, "`on_timeout`")
    name = reader.name(keys)
    if block is None:
        return None
    known = ("event", "match", "timeout", "since") if "event" in block else ("for", "until", "event")
    inner = Keys(block, reader.notes, "`wait`", known)
    if len({"for", "until", "event"} & set(block)) != 1:
        reader.notes.wrong(block.place, "`wait` has exactly one of `for`, `until` and `event`.")
        return None
    if "event" not in block:
        if on_timeout or name:
            reader.notes.wrong(keys.block.place, "`on_timeout` and `as` belong to a wait for an event.")
        return Rest(span=inner.text("for"), until=inner.text("until"))
    operation = reader.dotted(inner, "event", "role.event")
    match: Mapping[str, Tree] = inner.mapping("match") or {}
    if "timeout" not in block:
        reader.notes.wrong(block.place, "A wait for an event needs `timeout`, such as `timeout: 3 days`.")
    since = cast(Any, inner.one_of("since", ("run", "always")) or "always")
    timeout = inner.text("timeout")
    if operation is None:
        return None
    matched = {cast(Scalar, k): v for k, v in match.items()}
    return Rest(None, None, *operation, matched, since, timeout, on_timeout, name)


def _set(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    block = keys.mapping("set", True)
    if block is None:
        return None
    return Let({cast(Scalar, k): v for k, v in block.items() if reader.is_name(cast(Scalar, k))})


def _emit(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    operation = reader.dotted(keys, "emit", "hub.event")
    if operation is None:
        return None
    if operation[0] != "hub":
        reader.notes.wrong(operation[0].place, "A flow emits events of the hub.", "Write `hub.<event>`.")
    return Announce(operation[1], keys.value("with"))


def _run(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    flow, name = keys.text("run", True), reader.name(keys)
    return None if flow is None else Run(flow, keys.value("with"), name)


def _promise(does: Literal["start", "stop"]) -> Callable[[StepReader, Keys, int], Verb | None]:
    def read(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
        clock = keys.text(f"{does}_clock", True)
        return None if clock is None else Promise(clock, does)

    return read


def _stop(reader: StepReader, keys: Keys, depth: int) -> Verb | None:
    reason = keys.text("stop", True)
    return None if reason is None else Stop(reason)


_READERS: dict[str, Callable[[StepReader, Keys, int], Verb | None]] = {
    "do": _do, "if": _if, "choose": _choose, "for_each": _for_each, "parallel": _parallel, "repeat_until": _repeat,
    "wait": _wait, "hold": read_hold, "set": _set, "emit": _emit, "run": _run, "start_clock": _promise("start"),
    "stop_clock": _promise("stop"), "stop": _stop,
}  # fmt: skip
