"""A flow file as its author wrote it: the head, and the steps as verbs."""

from dataclasses import dataclass, field
from typing import cast

from hub.flow.noting import Keys, Notes
from hub.flow.playbook import Row, read_exceptions
from hub.flow.reader import Block, Scalar, Tree
from hub.flow.step_reader import STAGES, StepReader
from hub.flow.verb import STEP_ID, Steps

FORMAT = "1"
HEAD = ("format", "flow", "title", "uses", "trigger", "inputs", "clocks", "exceptions", "stage", "steps")


@dataclass(frozen=True, slots=True)
class Use:
    """What one role must be able to do. An `optional` one may be bound to nobody."""

    asks: Scalar
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The trigger."""

    role: Scalar
    event: Scalar
    key: Scalar
    when: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise: `due` after its start, or at a moment; `warn` is the span before that."""

    due: Scalar
    warn: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The whole file."""

    flow: Scalar
    title: Scalar
    steps: Steps
    uses: dict[Scalar, Use] = field(default_factory=dict)
    trigger: Start | None = None
    inputs: dict[Scalar, Scalar] = field(default_factory=dict)
    clocks: dict[Scalar, Clock] = field(default_factory=dict)
    stage: str | None = None
    exceptions: list[Row] = field(default_factory=list)


def read_document(tree: Tree, notes: Notes) -> Document | None:
    """The document, as far as it can be read; None if it has no name. Mistakes go to `notes`."""
    if not isinstance(tree, Block):
        notes.wrong(tree.place, "A flow file is a block of keys: format, flow, title, uses, trigger, steps.")
        return None
    keys = Keys(tree, notes, "A flow", HEAD)
    version = keys.text("format", True)
    if version is not None and version != FORMAT:
        notes.wrong(version.place, f'This hub reads format {FORMAT}, not "{version}".')
    flow, title = keys.text("flow", True), keys.text("title", True)
    if flow is not None and not STEP_ID.fullmatch(flow):
        notes.wrong(flow.place, f'"{flow[:70]}" cannot be a flow\'s name.', "Write it like `order-intake`.")
    reader = StepReader(notes)
    uses, clocks = _uses(keys, reader), _clocks(keys, reader)
    trigger, inputs = _trigger(keys, reader), _inputs(keys, reader)
    if ("trigger" in tree) == ("inputs" in tree):
        notes.wrong(
            tree.place, "A flow has either `trigger` (an event starts it) or `inputs` (another flow runs it)."
        )
    stage, exceptions = keys.one_of("stage", tuple(STAGES)), read_exceptions(keys, notes)
    keys.sequence("steps", True)
    steps = reader.steps(keys.value("steps"), 0, "A flow")
    notes.step = ""
    if flow is None:
        return None
    letter = STAGES[stage] if stage else None
    named = title or Scalar("", tree.place)
    return Document(flow, named, steps, uses, trigger, inputs, clocks, letter, exceptions)


def _uses(keys: Keys, reader: StepReader) -> dict[Scalar, Use]:
    found: dict[Scalar, Use] = {}
    for key, value in (keys.mapping("uses") or {}).items():
        role = cast(Scalar, key)
        if not reader.is_name(role):
            continue
        if isinstance(value, Scalar):
            found[role] = Use(value)
            continue
        if not isinstance(value, Block):
            reader.notes.wrong(value.place, f'Role "{role}" asks for a capability or a connector.')
            continue
        inner = Keys(value, reader.notes, f'Role "{role}"', ("capability", "connector", "many", "optional"))
        asks = inner.text("capability") or inner.text("connector")
        many, optional = (inner.one_of(key, ("true", "false")) for key in ("many", "optional"))
        if asks is None or ("capability" in value and "connector" in value):
            reader.notes.wrong(value.place, f'Role "{role}" needs `capability` or `connector`, one of them.')
            continue
        found[role] = Use(asks, many == "true", optional == "true")
    return found


def _trigger(keys: Keys, reader: StepReader) -> Start | None:
    block = keys.mapping("trigger")
    if block is None:
        return None
    inner = Keys(block, reader.notes, "`trigger`", ("event", "key", "when"))
    operation = reader.dotted(inner, "event", "role.event")
    key, when = inner.text("key", True), inner.text("when")
    return None if operation is None or key is None else Start(*operation, key, when)


def _inputs(keys: Keys, reader: StepReader) -> dict[Scalar, Scalar]:
    found: dict[Scalar, Scalar] = {}
    for key, value in (keys.mapping("inputs") or {}).items():
        name = cast(Scalar, key)
        if not isinstance(value, Scalar):
            reader.notes.wrong(value.place, f'Input "{name}" is a type\'s name, such as text or order.')
        elif reader.is_name(name):
            found[name] = value
    return found


def _clocks(keys: Keys, reader: StepReader) -> dict[Scalar, Clock]:
    found: dict[Scalar, Clock] = {}
    for key, value in (keys.mapping("clocks") or {}).items():
        name = cast(Scalar, key)
        if not STEP_ID.fullmatch(name):
            reader.notes.wrong(
                name.place, f'"{name[:70]}" cannot be a clock\'s name.', "Write it like `ship-by`."
            )
        if not isinstance(value, Block):
            reader.notes.wrong(value.place, f'Clock "{name}" is a block with `due` and perhaps `warn`.')
            continue
        inner = Keys(value, reader.notes, f'Clock "{name}"', ("due", "warn"))
        due, warn = inner.text("due", True), inner.text("warn")
        if due is not None:
            found[name] = Clock(due, None if warn is None else _before(warn))
    return found


def _before(warn: Scalar) -> Scalar:
    """`4 working hours before` without its last word."""
    return Scalar(warn.removesuffix("before").strip(), warn.place, warn.style)
