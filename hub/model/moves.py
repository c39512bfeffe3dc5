"""What a walk wants done that is not pure: the driver turns these into rows and calls."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.model.run import Path


@dataclass(frozen=True, slots=True)
class Perform:
    """Act on the outside world, or run one of the hub's own actions, for this token."""

    token: UUID
    node: str
    path: Path
    role: str
    action: str
    inputs: Any
    on: str | None


@dataclass(frozen=True, slots=True)
class Rest:
    """Wait for a span or a moment: the token is already Waiting; nothing else to do."""

    token: UUID
    due: datetime


@dataclass(frozen=True, slots=True)
class Listen:
    """Register interest in an event; `match` is never empty unless the event has no match fields."""

    wait: UUID
    token: UUID
    role: str
    event: str
    match: dict[str, Any]
    since_run: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Ask a person. `due` is when they should have answered."""

    case: UUID
    token: UUID
    node: str
    kind: str
    title: str
    choices: dict[str, str]
    due: datetime | None
    detail: Any = None
    effect: UUID | None = None
    owner: str = "ops"
    checklist: dict[str, str] = field(default_factory=dict)
    checked_first: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EmitEvent:
    """Make an event of the hub's own."""

    event: str
    inputs: Any


@dataclass(frozen=True, slots=True)
class StartRun:
    """Start another flow; the token already listens for its end."""

    run: UUID
    flow: str
    inputs: Any
    token: UUID


@dataclass(frozen=True, slots=True)
class StartClock:
    """A promise begins."""

    clock: str
    due: datetime
    warn: datetime | None


@dataclass(frozen=True, slots=True)
class StopClock:
    """A promise was kept, or no longer matters."""

    clock: str


Move = Perform | Rest | Listen | OpenCase | EmitEvent | StartRun | StartClock | StopClock


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a run's history: what happened at a node."""

    node: str
    what: str
    detail: str = ""
