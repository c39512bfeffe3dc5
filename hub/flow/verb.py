"""What an author may write: one frozen dataclass for each verb, with the text as it stands in the file."""

import re
from dataclasses import dataclass, field
from typing import Literal

from hub.flow.reader import Place, Scalar, Tree

STEP_ID = re.compile(r"[a-z][a-z0-9-]{0,62}")
"""What a step, a flow, a clock and a case's kind are called."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
"""What a value is called."""


@dataclass(frozen=True, slots=True)
class Do:
    """`do`: perform an action of a role or of one of the hub's own nouns. `asks`: refusals are left to a case."""

    role: Scalar
    action: Scalar
    inputs: Tree | None = None
    save_as: Scalar | None = None
    on: Scalar | None = None
    on_refused: dict[Scalar, "Steps"] = field(default_factory=dict)
    if_in_doubt: Literal["repeat", "skip"] | None = None
    effect: str | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class If:
    """`if`: one branch."""

    condition: Scalar
    then: "Steps"
    otherwise: "Steps" = ()


@dataclass(frozen=True, slots=True)
class Choose:
    """`choose`: the first `when` that holds, else `otherwise`."""

    cases: tuple[tuple[Scalar, "Steps"], ...]
    otherwise: "Steps"


@dataclass(frozen=True, slots=True)
class ForEach:
    """`for_each`: a block per item of a list."""

    items: Scalar
    item: Scalar
    steps: "Steps"
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Parallel:
    """`parallel`: named branches, all of them."""

    branches: dict[Scalar, "Steps"]


@dataclass(frozen=True, slots=True)
class RepeatUntil:
    """`repeat_until`: a block again, at most so often."""

    until: Scalar
    at_most: int
    steps: "Steps"


@dataclass(frozen=True, slots=True)
class Rest:
    """`wait`: for a time (`span`), until a moment, or for an event. Exactly one of the three is set."""

    span: Scalar | None = None
    until: Scalar | None = None
    role: Scalar | None = None
    event: Scalar | None = None
    match: dict[Scalar, Tree] = field(default_factory=dict)
    since: Literal["run", "always"] = "always"
    timeout: Scalar | None = None
    on_timeout: "Steps" = ()
    save_as: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """`hold`: open a case and wait for a person. An event or a timeout, where given, settles it without one."""

    case: Scalar
    title: Scalar
    choices: dict[Scalar, Scalar]
    due: Scalar | None = None
    detail: Tree | None = None
    save_as: Scalar | None = None
    role: Scalar | None = None
    event: Scalar | None = None
    match: dict[Scalar, Tree] = field(default_factory=dict)
    timeout: Scalar | None = None
    owner: Scalar | None = None
    checklist: dict[Scalar, Scalar] = field(default_factory=dict)
    checked_first: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Let:
    """`set`: name values, in order."""

    values: dict[Scalar, Tree]


@dataclass(frozen=True, slots=True)
class Announce:
    """`emit`: make an event of the hub's own."""

    event: Scalar
    inputs: Tree | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """`run`: start another flow and wait for its end."""

    flow: Scalar
    inputs: Tree | None = None
    save_as: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """`start_clock` and `stop_clock`."""

    clock: Scalar
    does: Literal["start", "stop"]


@dataclass(frozen=True, slots=True)
class Stop:
    """`stop`: end the run, with a reason."""

    reason: Scalar


Verb = (
    Do | If | Choose | ForEach | Parallel | RepeatUntil | Rest | Ask | Let | Announce | Run | Promise | Stop
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its lasting id and its verb. `stage` is the FAROS letter written at this step, if any."""

    id: Scalar
    verb: Verb
    stage: str | None = None

    @property
    def place(self) -> Place:
        """Where the id stands."""
        return self.id.place


Steps = tuple[Step, ...]


def blocks(verb: Verb) -> tuple[Steps, ...]:
    """The blocks inside a verb, in the order they are written."""
    match verb:
        case Do(on_refused=named) | Parallel(branches=named):
            return tuple(named.values())
        case If(then=then, otherwise=otherwise):
            return (then, otherwise)
        case Choose(cases=cases, otherwise=otherwise):
            return (*(steps for _, steps in cases), otherwise)
        case ForEach(steps=steps) | RepeatUntil(steps=steps) | Rest(on_timeout=steps):
            return (steps,)
        case _:
            return ()


def names_in(steps: Steps) -> list[Scalar]:
    """Every name given in a block and in the blocks inside."""
    found: list[Scalar] = []
    for step in steps:
        made = step.verb
        if isinstance(made, Let):
            found.extend(made.values)
        elif isinstance(made, (Do, Rest, Ask, Run)) and made.save_as is not None:
            found.append(made.save_as)
        elif isinstance(made, ForEach):
            found.append(made.item)
        for inner in blocks(made):
            found.extend(names_in(inner))
    return found
