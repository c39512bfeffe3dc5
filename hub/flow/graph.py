"""The compiled graph: flat nodes with explicit edges. The engine walks it, the dashboard draws it, the store keeps it.

Expressions and templates stay source text here; `hub.flow.expression` compiles them once per flow version.
An edge is a node id, or None: the end of the run (or, inside a sub-block, never: those end at their own node).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

Edge = str | None
Template = Any
"""JSON whose strings may contain `${expression}`; a string that is wholly one keeps the expression's type."""


@dataclass(frozen=True, slots=True)
class Act:
    """Perform an action. `role` is a role of the flow, or one of the hub's own nouns (`purchasing`)."""

    id: str
    role: str
    action: str
    inputs: Template
    next: Edge
    save_as: str | None = None
    on: str | None = None
    """Expression that gives the connection, for a role bound to many."""
    refusals: dict[str, str] = field(default_factory=dict)
    """Refusal code to the first node of its `on_refused` block."""
    if_in_doubt: Literal["repeat", "skip"] | None = None
    effect: str | None = None
    """For a `Declared` action: the kind the author declares at this step."""
    kind: Literal["act"] = "act"


@dataclass(frozen=True, slots=True)
class Branch:
    """`if` and `choose`: the first condition that holds, else `otherwise`."""

    id: str
    cases: list[tuple[str, Edge]]
    otherwise: Edge
    kind: Literal["branch"] = "branch"


@dataclass(frozen=True, slots=True)
class Each:
    """`for_each`: the body once per item; the body's last edges come back to this node."""

    id: str
    items: str
    item: str
    body: str
    next: Edge
    at_once: int = 1
    kind: Literal["each"] = "each"


@dataclass(frozen=True, slots=True)
class Loop:
    """`repeat_until`: the body, then the condition, until it holds; the body's last edges come back to this node."""

    id: str
    until: str
    at_most: int
    body: str
    next: Edge
    kind: Literal["loop"] = "loop"


@dataclass(frozen=True, slots=True)
class Fork:
    """`parallel`: one token for each branch; every branch's last edges go to `join`."""

    id: str
    branches: dict[str, str]
    join: str
    kind: Literal["fork"] = "fork"


@dataclass(frozen=True, slots=True)
class Join:
    """Where the branches of a fork become one token again."""

    id: str
    fork: str
    next: Edge
    kind: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class Wait:
    """Rest: for a time, until a moment, or for an event. Exactly one of `span`, `until` and `event` is set."""

    id: str
    next: Edge
    span: str | None = None
    """Expression of a duration (`duration("3 days")`)."""
    until: str | None = None
    role: str | None = None
    event: str | None = None
    match: dict[str, Template] = field(default_factory=dict)
    since: Literal["run", "always"] = "always"
    """`always` also takes an event admitted up to 30 days before the run began."""
    timeout: str | None = None
    on_timeout: Edge = None
    save_as: str | None = None
    kind: Literal["wait"] = "wait"


@dataclass(frozen=True, slots=True)
class Hold:
    """Open a case and rest until a person has resolved it, or its event or timeout has settled it."""

    id: str
    case: str
    title: Template
    choices: dict[str, str]
    next: Edge
    due: str | None = None
    """A span of working or plain time, as text: `4 working hours`, `1 day`."""
    save_as: str | None = None
    detail: Template = None
    role: str | None = None
    event: str | None = None
    match: dict[str, Template] = field(default_factory=dict)
    timeout: str | None = None
    """Expression of a duration."""
    owner: str = "ops"
    checklist: dict[str, str] = field(default_factory=dict)
    checked_first: list[str] = field(default_factory=list)
    """Choices that are offered only once every item of the checklist is ticked."""
    kind: Literal["hold"] = "hold"


@dataclass(frozen=True, slots=True)
class Assign:
    """`set`: give names values, in order."""

    id: str
    values: dict[str, Template]
    next: Edge
    kind: Literal["set"] = "set"


@dataclass(frozen=True, slots=True)
class Emit:
    """Make an event of the hub's own (`hub.resend_requested`)."""

    id: str
    event: str
    inputs: Template
    next: Edge
    kind: Literal["emit"] = "emit"


@dataclass(frozen=True, slots=True)
class SubRun:
    """`run`: start another flow and rest until it has ended."""

    id: str
    flow: str
    inputs: Template
    next: Edge
    save_as: str | None = None
    kind: Literal["run"] = "run"


@dataclass(frozen=True, slots=True)
class ClockNode:
    """`start_clock` and `stop_clock`."""

    id: str
    clock: str
    does: Literal["start", "stop"]
    next: Edge
    kind: Literal["clock"] = "clock"


@dataclass(frozen=True, slots=True)
class End:
    """`stop`: end the run, with a reason."""

    id: str
    reason: Template
    kind: Literal["end"] = "end"


Node = Act | Branch | Each | Loop | Fork | Join | Wait | Hold | Assign | Emit | SubRun | ClockNode | End


@dataclass(frozen=True, slots=True)
class Role:
    """What a flow asks of a role: a capability's or a connector's name, whether it binds several connections, and
    whether it may be bound to nobody."""

    asks: str
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """The event that starts a run, as (role, event name), and the key that makes it one run per thing.

    `role` is `hub` for the hub's own events. A flow without a trigger is started by `run:` only.
    """

    role: str
    event: str
    key: Template
    when: str | None = None


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """A promise: `due` after the clock starts (or at a moment, as a template), `warn` before that."""

    due: Template
    warn: str | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """One kind of exception that a flow answers. `type` is the case it opens, or the clock that runs out."""

    type: str
    detection: str
    action: str
    """What the hub does about it by itself."""
    escalation: str
    """When a person is asked."""
    sla: str


@dataclass(frozen=True, slots=True)
class Graph:
    """One flow, compiled. `start` is the first node; node ids are the author's step ids (and `step.join` for joins)."""

    flow: str
    title: str
    roles: dict[str, Role]
    start: Edge
    nodes: dict[str, Annotated[Node, Field(discriminator="kind")]]
    trigger: Trigger | None = None
    clocks: dict[str, ClockSpec] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    """Step id to its FAROS stage (F, A, R, O or S), from the nearest `stage:` above it."""
    inputs: dict[str, str] = field(default_factory=dict)
    """For flows started by `run:`: input name to type name."""
    exceptions: list[Playbook] = field(default_factory=list)


_codec: TypeAdapter[Graph] = TypeAdapter(Graph)


def to_json(graph: Graph) -> bytes:
    """The graph as JSON, keys in a fixed order: equal graphs give equal bytes."""
    return _codec.dump_json(graph)


def from_json(text: bytes | str) -> Graph:
    """The graph that `to_json` wrote."""
    return _codec.validate_json(text)


def edges(node: Node) -> Iterator[tuple[str, str | None]]:  # noqa: C901  one case for each kind
    """Every way on from a node, with its label; None is the end of the run."""
    match node:
        case Branch(cases=cases, otherwise=otherwise):
            for number, (_, edge) in enumerate(cases):
                yield str(number), edge
            yield "otherwise", otherwise
        case Each(body=body, next=following) | Loop(body=body, next=following):
            yield "again", body
            yield "done", following
        case Fork(branches=branches):
            yield from branches.items()
        case End():
            return
        case Act(refusals=refusals, next=following):
            yield "done", following
            yield from ((f"refused {code}", edge) for code, edge in refusals.items())
        case Wait(event=event, next=following, on_timeout=late):
            yield "done", following
            if event is not None and late != following:
                yield "timeout", late
        case Hold(next=following):
            yield "resolved", following
        case _:
            yield "done", node.next
