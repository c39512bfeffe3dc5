"""The tables of what was published, who may do what, and what was done."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Column, Interval, LargeBinary, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, document, moment, sealed


class StoreRow(SQLModel, table=True):
    """A brand's shop front; `settings` holds zone, currency, brand and policies."""

    __tablename__ = "stores"
    id: str = Field(primary_key=True)
    settings: dict = document(required=True)  # type: ignore[type-arg]  # JSON of hub.yaml
    paused_at: Moment | None = moment()


class ConnectionRow(SQLModel, table=True):
    """One account with one remote service. Settings name secrets, they do not hold them. `hears` says how the hub
    learns of what happens there: `webhook`, `poll`."""

    __tablename__ = "connections"
    id: str = Field(primary_key=True)
    store_id: str = Field(foreign_key="stores.id")
    connector: str
    mode: str
    base_url: str | None = None
    settings: dict = document(required=True)  # type: ignore[type-arg]  # JSON of hub.yaml
    paused_at: Moment | None = moment()
    paused_why: str = ""
    live_from: Moment | None = moment()
    hears: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False, server_default="{webhook,poll}"))


class SecretRow(SQLModel, table=True):
    """A named secret, sealed under the master key."""

    __tablename__ = "secrets"
    name: str = Field(primary_key=True)
    sealed: bytes = sealed("secret", required=True)
    changed_at: Moment = moment(required=True)


class PublicationRow(SQLModel, table=True):
    """What was published, when and by whom; the newest id tells workers to read their configuration again."""

    __tablename__ = "publications"
    id: int | None = Field(default=None, primary_key=True)
    at: Moment = moment(required=True)
    by: str
    what: dict = document(required=True)  # type: ignore[type-arg]  # roles, suppliers, rules


class FlowVersionRow(SQLModel, table=True):
    """What was published from a flow file: immutable, numbered. The newest published one starts new runs."""

    __tablename__ = "flow_versions"
    __table_args__ = (UniqueConstraint("store_id", "flow", "number"),)
    id: UUID = Field(primary_key=True)
    store_id: str = Field(foreign_key="stores.id")
    flow: str
    number: int
    text: str
    graph: str
    text_hash: str
    roles: dict = document(required=True)  # type: ignore[type-arg]  # role to connections
    published_at: Moment = moment(required=True)
    published_by: str
    is_active: bool = True


class PersonKeyRow(SQLModel, table=True):
    """One person's data key, sealed under the master key: deleting it erases the person. `subject` is a keyed hash."""

    __tablename__ = "person_keys"
    __table_args__ = (UniqueConstraint("store_id", "subject"),)
    id: UUID = Field(primary_key=True)
    store_id: str = Field(foreign_key="stores.id")
    subject: bytes = Field(sa_type=LargeBinary)
    sealed_key: bytes = sealed("secret", required=True)
    created_at: Moment = moment(required=True)


class BudgetRow(SQLModel, table=True):
    """How hard a connection may be pressed, shared by all workers."""

    __tablename__ = "connection_budgets"
    connection_id: str = Field(primary_key=True)
    per_second: float | None = None
    burst: float = 10
    in_flight: int = 32
    tokens: float = 0
    filled_at: Moment = moment(required=True)
    retry_at: Moment | None = moment()


class CursorRow(SQLModel, table=True):
    """Where a connection's poll goes on from, and when it is asked next. `answered_at` is when it was last answered, or
    first known of; `every` is how often it should be."""

    __tablename__ = "poll_cursors"
    connection_id: str = Field(primary_key=True)
    poll: str = Field(primary_key=True)
    cursor: str | None = None
    due_at: Moment = moment(required=True)
    asked_at: Moment | None = moment()
    every: timedelta | None = Field(default=None, sa_type=Interval)
    answered_at: Moment | None = moment()


class ApiKeyRow(SQLModel, table=True):
    """A key to the API, hashed. `stores` are those it opens; null is all of them."""

    __tablename__ = "api_keys"
    id: UUID = Field(primary_key=True)
    name: str
    key_hash: str = Field(unique=True)
    role: str = "admin"
    stores: list[str] | None = Field(default=None, sa_column=Column(ARRAY(Text), nullable=True))
    created_at: Moment = moment(required=True)
    revoked_at: Moment | None = moment()


class AuditRow(SQLModel, table=True):
    """Who did what, when and why. Rows are never changed or removed: a trigger refuses."""

    __tablename__ = "audit"
    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    at: Moment = moment(required=True)
    store_id: str | None = None
    by: str
    what: str
    detail: dict = document(required=True)  # type: ignore[type-arg]  # references, never bodies


class TradeClockRow(SQLModel, table=True):
    """A test's or demo's time. With no row, time is real."""

    __tablename__ = "trade_clock"
    id: int = Field(primary_key=True)
    now: Moment = moment(required=True)
