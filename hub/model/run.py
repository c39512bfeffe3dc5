"""A run: one flow version applied to one thing. Its position is data: tokens standing on nodes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

Path = tuple[tuple[str, str], ...]
"""Which blocks a token is inside of, outermost first: (step, index of the item) or (step, name of the branch)."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Will be walked, at `due` if that is later than now (a paused connection, a spent budget)."""

    id: UUID
    node: str
    path: Path = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acting:
    """Has an effect in the ledger: to be performed, answered or settled, not before `due`."""

    id: UUID
    node: str
    effect: UUID
    path: Path = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Rests until `due`, or until the event of its wait has come. `wait` is None for a plain rest."""

    id: UUID
    node: str
    wait: UUID | None
    due: datetime | None
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Rests until a person has resolved its case. `effect` is set where the case is about one.

    `wait` and `due` are set where an event or the end of a time settles the case without a person.
    """

    id: UUID
    node: str
    case: UUID
    path: Path = ()
    effect: UUID | None = None
    wait: UUID | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """Has reached the end of its branch and rests until its siblings have, too."""

    id: UUID
    node: str
    path: Path = ()


Token = Ready | Acting | Waiting | Held | Joining
"""Why a run will move next. There is no sixth, so a stuck run cannot be written down."""

Frames = Mapping[str, Mapping[str, Any]]
"""The values named so far: by block (`""` is the run itself, `buy/0` the first pass of step buy), then by name."""


@dataclass(frozen=True, slots=True)
class Run:
    """Everything the walk needs to know of a run."""

    id: UUID
    store_id: str
    source: str
    event: Mapping[str, Any]
    tokens: tuple[Token, ...]
    frames: Frames = field(default_factory=dict)
    order_id: UUID | None = None
    ended: str | None = None
    """The reason, once the run has ended; an empty text when it simply came to its end."""
