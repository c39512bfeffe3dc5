"""The engine's tables. Business rows carry `store_id`; sealed columns are encrypted under a person's or store's key."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, as_written, document, moment, sealed


class DeliveryRow(SQLModel, table=True):
    """A webhook as it arrived. The body is sealed under `sealed_key`, which is itself sealed: first for the store,
    then, once it is known whom the body is about, for that person."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("connection_id", "delivery_key"),
        Index("deliveries_body", "connection_id", "topic", "body_hash", unique=True),
        Index("deliveries_last", "connection_id", "received_at"),
        Index("deliveries_new", "received_at", postgresql_where=Column("state") == "new"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    connection_id: str
    topic: str
    delivery_key: str
    body_hash: str | None = None
    headers: dict = document(required=True)  # type: ignore[type-arg]  # only those a connector reads
    body: bytes = sealed("payload", required=True)
    sealed_key: bytes = sealed("secret", required=True)
    person_id: UUID | None = None
    state: str = "new"
    reason: str = ""
    received_at: Moment = moment(required=True)


class EventRow(SQLModel, table=True):
    """A typed fact. `state` new: not yet matched with triggers and waits."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("connection_id", "name", "key"),
        Index("events_new", "made_at", postgresql_where=Column("state") == "new"),
        Index("events_paid", "store_id", "made_at", postgresql_where="name = 'order_paid'"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    connection_id: str
    name: str
    key: str
    subject: str | None = Field(default=None, index=True)
    person_id: UUID
    body: bytes = sealed("payload", required=True)
    happened_at: Moment | None = moment()
    made_at: Moment = moment(required=True)
    state: str = "new"


class EventMatchRow(SQLModel, table=True):
    """One matchable field of an event, hashed: how a wait that comes later finds it."""

    __tablename__ = "event_matches"
    match_hash: int = Field(primary_key=True, sa_type=BigInteger)
    event_id: UUID = Field(primary_key=True)
    admitted_at: Moment = moment(required=True)


class WorkerRow(SQLModel, table=True):
    """A worker process. Its leases hold while `alive_until` has not passed, by the database's clock."""

    __tablename__ = "workers"
    id: str = Field(primary_key=True)
    alive_until: Moment = moment(required=True)
    started_at: Moment = moment(required=True)


class RunRow(SQLModel, table=True):
    """A run. `lease_serial` goes up each time the lease is granted; `wakes` each time someone else has news for it."""

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("store_id", "flow", "source", "trigger_key"),
        Index("runs_due", "due_at", postgresql_where=Column("ended_at").is_(None)),
        Index("runs_started", "started_at", "id"),
        Index("runs_open_order", "order_id", "flow", postgresql_where=Column("ended_at").is_(None)),
        Index("runs_version", "flow_version_id", postgresql_where=Column("ended_at").is_(None)),
        Index("runs_owner", "lease_owner", postgresql_where=Column("lease_owner").is_not(None)),
        {"postgresql_with": {"fillfactor": "40"}},
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    flow: str
    flow_version_id: UUID
    source: str
    trigger_key: str
    subject: str | None = Field(default=None, index=True)
    person_id: UUID
    event_id: UUID
    order_id: UUID | None = Field(default=None, index=True)
    parent_run_id: UUID | None = None
    names: bytes | None = sealed("payload")
    version: int = 0
    lease_serial: int = 0
    lease_owner: str | None = None
    wakes: int = 0
    due_at: Moment | None = moment()
    is_parked: bool = False
    started_at: Moment = moment(required=True)
    ended_at: Moment | None = moment(index=True)
    end_reason: str | None = None
    touched_by_person: bool = False


class TokenRow(SQLModel, table=True):
    """A position of a run. The check says what `hub.model.run.Token` says: no state without its reason."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint(
            "case state when 'ready' then effect_id is null and wait_id is null and case_id is null"
            " when 'acting' then effect_id is not null and wait_id is null and case_id is null"
            " when 'waiting' then effect_id is null and case_id is null and (wait_id is not null or due_at is not null)"
            " when 'held' then case_id is not null"
            " when 'joining' then effect_id is null and wait_id is null and case_id is null and due_at is null"
            " else false end",
            name="token_has_a_reason",
        ),
        Index("tokens_acting", "run_id", postgresql_where=Column("state") == "acting"),
        {"postgresql_with": {"fillfactor": "40"}},
    )
    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(index=True, foreign_key="runs.id")
    node: str
    path: str = "[]"
    state: str
    effect_id: UUID | None = None
    wait_id: UUID | None = None
    case_id: UUID | None = None
    due_at: Moment | None = moment()


class EffectRow(SQLModel, table=True):
    """The ledger: one row per performance of an action, written before anything is sent."""

    __tablename__ = "effects"
    __table_args__ = (
        UniqueConstraint("connection_id", "action", "key"),
        {"postgresql_with": {"fillfactor": "50"}},
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    run_id: UUID = Field(index=True)
    order_id: UUID | None = Field(default=None, index=True)
    node: str
    connection_id: str
    action: str
    kind: dict = document(required=True)  # type: ignore[type-arg]  # name and figures of the kind
    key: str
    person_id: UUID
    request: bytes = sealed("payload", required=True)
    state: str
    attempt: int = 1
    lookups: int = 0
    answer: bytes | None = sealed("payload")
    refusal: str | None = None
    reason: str = ""
    intended_at: Moment = moment(required=True)
    attempted_at: Moment = moment(required=True)
    settled_at: Moment | None = moment()


class WaitRow(SQLModel, table=True):
    """A token's interest in an event. `event_id` is set by whoever admits a matching one; `is_checked` once the events
    admitted before this wait have been looked through."""

    __tablename__ = "waits"
    __table_args__ = (Index("waits_open", "match_hash", postgresql_where=Column("event_id").is_(None)),)
    id: UUID = Field(primary_key=True)
    store_id: str
    run_id: UUID = Field(index=True)
    match_hash: int = Field(sa_type=BigInteger)
    connections: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    event: str
    match: bytes = sealed("payload", required=True)
    since: Moment = moment(required=True)
    event_id: UUID | None = None
    is_checked: bool = False


class CaseRow(SQLModel, table=True):
    """An exception a person must resolve. Title and detail may name a customer, so they are sealed."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_open", "store_id", "opened_at", postgresql_where=Column("state") == "open"),
        Index("cases_opened", "store_id", "opened_at"),
        Index("cases_open_order", "order_id", postgresql_where=Column("state") == "open"),
        Index("cases_cause", "cause", unique=True, postgresql_where="state = 'open' and cause is not null"),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    run_id: UUID | None = Field(default=None, index=True)
    order_id: UUID | None = Field(default=None, index=True)
    connection_id: str | None = None
    effect_id: UUID | None = None
    node: str | None = None
    kind: str
    cause: str | None = None
    subject: str | None = None
    person_id: UUID
    owner: str = "ops"
    body: bytes = sealed("payload", required=True)
    choices: dict = as_written(required=True)  # type: ignore[type-arg]  # choice to label, the first one recommended
    checklist: list = document(required=True)  # type: ignore[type-arg]  # of {item, label, by, at}; may be empty
    checked_first: list = document(required=True)  # type: ignore[type-arg]  # choices that need all of it ticked
    state: str = "open"
    version: int = 1
    opened_at: Moment = moment(required=True)
    due_at: Moment | None = moment()
    resolved_at: Moment | None = moment()
    resolved_by: str | None = None
    choice: str | None = None
    resolution: bytes | None = sealed("payload")
    outcome: str | None = None


class ClockRow(SQLModel, table=True):
    """A promise with a due moment. Lateness opens a case and holds nothing."""

    __tablename__ = "clocks"
    __table_args__ = (
        UniqueConstraint("run_id", "clock"),
        Index("clocks_due", "state", "due_at", "id"),
        Index("clocks_next", "next_at", postgresql_where=Column("next_at").is_not(None)),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    run_id: UUID
    clock: str
    subject: str | None = None
    state: str = "running"
    started_at: Moment = moment(required=True)
    warn_at: Moment | None = moment()
    due_at: Moment = moment(required=True)
    next_at: Moment | None = moment()
    ended_at: Moment | None = moment()


class JournalRow(SQLModel, table=True):
    """A run's history: one row per commit, with the nodes passed. No customer's data."""

    __tablename__ = "journal"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    run_id: UUID = Field(index=True)
    at: Moment = moment(required=True)
    entries: list = document(required=True)  # type: ignore[type-arg]  # [node, what, detail]
