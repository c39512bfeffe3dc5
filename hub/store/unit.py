"""A unit: everything one step of one run changes, as rows. `hub.store.writer` writes it, all or nothing."""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.events import StoreEvent


@dataclass(slots=True)
class TokenPut:
    """A token as it stands after the step."""

    id: UUID
    node: str
    path: str
    state: str
    effect_id: UUID | None = None
    wait_id: UUID | None = None
    case_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(slots=True)
class EffectNew:
    """An intent. `guards_order`: it buys, so it is written only while the order is not cancelled."""

    id: UUID
    order_id: UUID | None
    node: str
    connection_id: str
    action: str
    kind: dict[str, Any]
    key: str
    request: bytes
    guards_order: bool = False


@dataclass(slots=True)
class EffectPut:
    """What is now known of an effect. A definite answer (confirmed, refused) is written even when the lease is lost."""

    id: UUID
    state: str
    attempt: int
    lookups: int = 0
    answer: bytes | None = None
    refusal: str | None = None
    reason: str = ""


@dataclass(slots=True)
class WaitNew:
    """An interest in an event."""

    id: UUID
    match_hash: int
    connections: list[str]
    event: str
    match: bytes
    since: datetime
    consumed: list[UUID] = field(default_factory=list)
    """Events this run has already taken, its trigger among them."""


@dataclass(slots=True)
class CaseNew:
    """A question to a person. `cause`, where given, is open at most once; `told` is made only if it is opened."""

    id: UUID
    kind: str
    body: bytes
    choices: dict[str, str]
    opened_at: datetime
    told: StoreEvent
    node: str | None = None
    due_at: datetime | None = None
    effect_id: UUID | None = None
    connection_id: str | None = None
    cause: str | None = None
    owner: str = "ops"
    checklist: list[dict[str, Any]] = field(default_factory=list)
    checked_first: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CaseSettled:
    """A case that an event or the end of its time has settled: written only while no person has decided it."""

    id: UUID
    choice: str


@dataclass(slots=True)
class ClockPut:
    """A promise that begins (`due_at` set) or ends (`due_at` None)."""

    id: UUID
    clock: str
    due_at: datetime | None = None
    warn_at: datetime | None = None


@dataclass(slots=True)
class EventNew:
    """An event of the hub's own, to be admitted like any other. `hashes` are those of its matchable fields."""

    id: UUID
    name: str
    key: str
    subject: str | None
    body: bytes


@dataclass(slots=True)
class RunNew:
    """Another flow's run, started by a step."""

    id: UUID
    flow: str
    flow_version_id: UUID
    trigger_key: str
    event_id: UUID
    token_id: UUID
    node: str | None


@dataclass(slots=True)
class Unit:
    """Everything one step changes of one run. `wakes` is the count this step has seen: news that came since keeps the
    run due."""

    run_id: UUID
    store_id: str
    serial: int
    wakes: int
    now: datetime
    person_id: UUID
    source: str = ""
    subject: str | None = None
    order_id: UUID | None = None
    names: bytes | None = None
    due_at: datetime | None = None
    release: bool = False
    parked: bool = False
    ended: str | None = None
    tokens_put: list[TokenPut] = field(default_factory=list)
    tokens_gone: list[UUID] = field(default_factory=list)
    effects_new: list[EffectNew] = field(default_factory=list)
    effects_put: list[EffectPut] = field(default_factory=list)
    waits_new: list[WaitNew] = field(default_factory=list)
    waits_checked: list[UUID] = field(default_factory=list)
    waits_gone: list[UUID] = field(default_factory=list)
    cases_new: list[CaseNew] = field(default_factory=list)
    cases_settled: list[CaseSettled] = field(default_factory=list)
    clocks: list[ClockPut] = field(default_factory=list)
    events_new: list[EventNew] = field(default_factory=list)
    runs_new: list[RunNew] = field(default_factory=list)
    entries: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_rare(self) -> bool:
        """Whether there is more to write than runs, tokens, effects and history."""
        return bool(
            self.waits_new or self.waits_checked or self.waits_gone or self.cases_new or self.cases_settled
            or self.clocks or self.events_new or self.runs_new
        )  # fmt: skip

    @property
    def needs_order(self) -> bool:
        """Whether it needs a transaction of its own making: locks before, or rows after, the one statement."""
        return self.is_rare or any(e.guards_order for e in self.effects_new)

    def copy(self) -> "Unit":
        """A unit whose lists are its own: a transaction that is repeated starts from the same one."""
        own = {f.name: list(v) for f in fields(self) if isinstance(v := getattr(self, f.name), list)}
        return replace(self, **own)  # type: ignore[arg-type]  # lists stay lists
