"""The tables of what should have been heard of and was not: who speaks of his own accord, and which silences stand."""

from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from hub.store.columns import Moment, document, moment


class SignalRow(SQLModel, table=True):
    """What a connection sends of its own accord: an event by its name, or `delivery` for anything at all.

    `misses` counts, since `missed_at`, what came otherwise than it should: unverified, or found only by asking.
    Whatever comes rightly begins the count anew."""

    __tablename__ = "signals"
    connection_id: str = Field(primary_key=True)
    signal: str = Field(primary_key=True)
    heard_at: Moment | None = moment()
    missed_at: Moment | None = moment()
    misses: int = 0


class SilenceRow(SQLModel, table=True):
    """Something that should have been heard of by now and was not: one row for each cause, for as long as it lasts.

    `about` is the connection that is the cause, or the order where nothing else is known; `orders` are those that it
    keeps waiting, the longest first."""

    __tablename__ = "silences"
    __table_args__ = (
        Index(
            "silences_standing",
            "store_id",
            "kind",
            "about",
            unique=True,
            postgresql_where=Column("over_at").is_(None),
        ),
    )
    id: UUID = Field(primary_key=True)
    store_id: str
    kind: str
    about: str
    connection_id: str | None = None
    since: Moment = moment(required=True)
    found_at: Moment = moment(required=True)
    title: str
    orders: list = document(required=True)  # type: ignore[type-arg]  # of {id, number, since}
    over_at: Moment | None = moment()
    trusted_at: Moment | None = moment()
