"""Connections: whether each is open, and trying, pausing and resuming it."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.api.access import HubHere, Ops, Viewer, scope
from hub.api.problems import declined
from hub.api.subscriptions import SubscriptionsShown, subscriptions_of
from hub.assembly import Hub
from hub.catalog.catalog import Unknown
from hub.engine.probe import probe
from hub.store import audit, reading, standings
from hub.store.configuration import POLL, pause_connection, resume_connection
from hub.store.database import Connection
from hub.store.keys import Caller
from hub.store.polls import hasten

router = APIRouter(tags=["connections"])


Health = Literal["ok", "late", "waiting", "paused", "broken"]
LATE = timedelta(minutes=5)
"""A delivery that lies unread for so long is late."""


class BudgetShown(BaseModel):
    """How hard the connection may be pressed. `left` calls may be made at once; without `per_second` any."""

    per_second: float | None = None
    burst: float
    left: float | None = None


class PollShown(BaseModel):
    """Something that is asked again and again."""

    poll: str
    due_at: datetime
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    every: float | None = Field(None, description="Seconds from one turn to the next.")


class ConnectionShown(BaseModel):
    """One account with one remote service."""

    id: str
    store: str
    connector: str
    title: str = Field(description="The connector's, for people; empty if it is not installed.")
    mode: str
    base_url: str | None = None
    is_open: bool = Field(description="Its settings are whole and it can be used.")
    broken: str = Field("", description="Why it is not open.")
    paused_at: datetime | None = None
    paused_why: str = ""
    is_store_paused: bool
    live_from: datetime | None = None
    hears: list[Literal["webhook", "poll"]] = Field(
        description="How the hub learns of what happens there. Without webhook, one that comes is acted on only where "
        "no poll would find its news; without poll, nothing is asked for."
    )
    retry_at: datetime | None = Field(None, description="The other side asked us to wait until then.")
    open_effects: int = Field(description="Sent or about to be, and not settled.")
    health: Health = Field(
        description="broken: it cannot be opened; paused; waiting: the other side asked us to; late: a poll was not "
        "answered for three of its turns, or a delivery lies unread for five minutes; ok."
    )
    budget: BudgetShown | None = Field(None, description="Absent until something was sent on it.")
    last_delivery_at: datetime | None = None
    unread_deliveries: int = 0
    webhook_lag_seconds: float = Field(0.0, description="For how long the oldest delivery lies unread.")
    polls: list[PollShown] = Field([], description="Empty where nothing is asked for.")
    open_cases: int = 0
    subscriptions: SubscriptionsShown | None = Field(
        None, description="Absent where no flow renews its webhook subscriptions."
    )


class ConnectionDetail(ConnectionShown):
    """A connection with its settings; secrets are never shown."""

    settings: dict[str, Any]


class PauseWanted(BaseModel):
    """Why a connection is paused."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(min_length=1, max_length=300)


class Tried(BaseModel):
    """What came of trying a connection."""

    works: bool
    said: str


class LookedFor(BaseModel):
    """What is asked for now."""

    polls: list[str] = Field(
        description="What the connection is polled for; empty if it only tells by itself."
    )


@router.get("/connections", summary="List connections")
async def list_connections(
    hub: HubHere, caller: Viewer, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[ConnectionShown]:
    """Every connection that was published."""
    async with hub.database.connection() as connection:
        rows = await reading.list_connections(connection, scope(caller, store))
        return await _standing(hub, connection, rows)


@router.get("/connections/{id}", summary="Show a connection")
async def show_connection(hub: HubHere, caller: Viewer, id: str) -> ConnectionDetail:
    """A connection with its settings; in place of a secret stands its reference."""
    async with hub.database.connection() as connection:
        row = await _row(connection, id, caller)
        (shown,) = await _standing(hub, connection, [row])
    return ConnectionDetail(**shown.model_dump(), settings=_settings(hub, row))


@router.post("/connections/{id}/check", summary="Try a connection")
async def check_connection(hub: HubHere, caller: Ops, id: str) -> Tried:
    """Ask the other side something harmless, with the settings now in force."""
    async with hub.database.connection() as connection:
        row = await _row(connection, id, caller)
    link = hub.world.links.get(row["id"])
    if link is None:
        return Tried(works=False, said=hub.source.broken.get(id, "The connection is not open yet."))
    found = await probe(link, hub.clock.now())
    return Tried(works=found.works, said=found.said)


@router.post("/connections/{id}/look", summary="Look for news now")
async def look(request: Request, hub: HubHere, caller: Ops, id: str) -> LookedFor:
    """Ask the other side at the next sweep for whatever is polled, instead of at its turn. What the hub has heard of
    already is known by its key, and nothing is done about it again."""
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        row = await _row(connection, id, caller)
        polls = await hasten(connection, id, now)
        await audit.note(
            connection, caller.name, "connection looked at", {"connection": id}, now, row["store_id"]
        )
    request.app.state.bell.strike()
    return LookedFor(polls=polls)


@router.post("/connections/{id}/pause", summary="Pause a connection")
async def pause(hub: HubHere, caller: Ops, id: str, wanted: PauseWanted) -> ConnectionShown:
    """Nothing new leaves on it from the workers' next look on, within about a second; what arrives is still taken."""
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        row = await _row(connection, id, caller)
        await pause_connection(connection, id, wanted.why, now)
        await audit.note(
            connection, caller.name, "connection paused", {"connection": id}, now, row["store_id"]
        )
        (shown,) = await _standing(hub, connection, [await _row(connection, id, caller)])
    return shown


@router.post("/connections/{id}/resume", summary="Resume a connection")
async def resume(request: Request, hub: HubHere, caller: Ops, id: str) -> ConnectionShown:
    """Effects may leave again, and runs that rested for it go on."""
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        row = await _row(connection, id, caller)
        await resume_connection(connection, id, now)
        await audit.note(
            connection, caller.name, "connection resumed", {"connection": id}, now, row["store_id"]
        )
        (shown,) = await _standing(hub, connection, [await _row(connection, id, caller)])
    request.app.state.bell.strike()
    return shown


async def _row(connection: Connection, id: str, caller: Caller) -> Any:
    row = await reading.read_connection(connection, id, scope(caller))
    if row is None:
        raise declined(404, "no-such-connection", "There is no connection of this id.")
    return row


async def _standing(hub: Hub, connection: Connection, rows: list[Any]) -> list[ConnectionShown]:
    ids = [row["id"] for row in rows]
    standing = {found["id"]: found for found in await standings.connections(connection, ids)}
    subscriptions = await subscriptions_of(hub, connection, ids)
    return [_shown(hub, row, standing[row["id"]], subscriptions.get(row["id"])) for row in rows]


def _shown(hub: Hub, row: Any, standing: Any, subscriptions: SubscriptionsShown | None) -> ConnectionShown:
    unread = standing["oldest_unread_at"]
    lag = max(hub.clock.now() - unread, timedelta()) if unread else timedelta()
    is_asked = POLL in row["hears"]
    polls = [PollShown.model_validate(poll) for poll in standing["polls"] if is_asked]
    connector = hub.catalog.installed.connectors.get(row["connector"])
    return ConnectionShown(
        id=row["id"],
        store=row["store_id"],
        connector=row["connector"],
        title=connector.title if connector else "",
        mode=row["mode"],
        base_url=row["base_url"],
        is_open=row["id"] in hub.world.links,
        broken=hub.source.broken.get(row["id"], ""),
        paused_at=row["paused_at"],
        paused_why=row["paused_why"],
        is_store_paused=row["is_store_paused"],
        live_from=row["live_from"],
        hears=row["hears"],
        retry_at=row["retry_at"],
        open_effects=row["open_effects"],
        health=_health(hub, row, polls, lag),
        budget=BudgetShown.model_validate(dict(standing)) if standing["burst"] is not None else None,
        last_delivery_at=standing["last_delivery_at"],
        unread_deliveries=standing["unread"],
        webhook_lag_seconds=lag.total_seconds(),
        polls=polls,
        open_cases=standing["open_cases"],
        subscriptions=subscriptions,
    )


def _health(hub: Hub, row: Any, polls: list[PollShown], lag: timedelta) -> Health:
    now = hub.clock.now()
    if row["id"] not in hub.world.links:
        return "broken"
    if row["paused_at"] is not None or row["is_store_paused"]:
        return "paused"
    if row["retry_at"] is not None and row["retry_at"] > now:
        return "waiting"
    return "late" if lag > LATE or any(_is_silent(poll, now) for poll in polls) else "ok"


def _is_silent(poll: PollShown, now: datetime) -> bool:
    if poll.answered_at is None or poll.every is None:
        return False
    return now - poll.answered_at > timedelta(seconds=3 * poll.every)


def _settings(hub: Hub, row: Any) -> dict[str, Any]:
    """Settings as published. Secrets are references there; one that was written out in spite of that is hidden."""
    try:
        fields = hub.catalog.connector(row["connector"]).settings_type().model_fields
    except Unknown:
        fields = {}
    secret = {name for name, field in fields.items() if SecretStr.__name__ in repr(field.annotation)}
    return {name: _hidden(value) if name in secret else value for name, value in row["settings"].items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(inner) for inner in value]
    return value if isinstance(value, str) and value.startswith("${") else "(hidden)"
