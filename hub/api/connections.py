"""Connections: whether each is open, and trying, pausing and resuming it."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from hub.api.access import HubHere, Ops, Viewer, scope
from hub.api.problems import declined
from hub.assembly import Hub
from hub.catalog.catalog import Unknown
from hub.engine.probe import probe
from hub.store import audit, reading
from hub.store.configuration import pause_connection, resume_connection
from hub.store.database import Connection
from hub.store.keys import Caller

router = APIRouter(tags=["connections"])


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
    retry_at: datetime | None = Field(None, description="The other side asked us to wait until then.")
    open_effects: int = Field(description="Sent or about to be, and not settled.")


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


@router.get("/connections", summary="List connections")
async def list_connections(
    hub: HubHere, caller: Viewer, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[ConnectionShown]:
    """Every connection that was published."""
    async with hub.database.connection() as connection:
        rows = await reading.list_connections(connection, scope(caller, store))
    return [_shown(hub, row) for row in rows]


@router.get("/connections/{id}", summary="Show a connection")
async def show_connection(hub: HubHere, caller: Viewer, id: str) -> ConnectionDetail:
    """A connection with its settings; in place of a secret stands its reference."""
    async with hub.database.connection() as connection:
        row = await _row(connection, id, caller)
    return ConnectionDetail(**_shown(hub, row).model_dump(), settings=_settings(hub, row))


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
        return _shown(hub, await _row(connection, id, caller))


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
        shown = _shown(hub, await _row(connection, id, caller))
    request.app.state.bell.strike()
    return shown


async def _row(connection: Connection, id: str, caller: Caller) -> Any:
    row = await reading.read_connection(connection, id, scope(caller))
    if row is None:
        raise declined(404, "no-such-connection", "There is no connection of this id.")
    return row


def _shown(hub: Hub, row: Any) -> ConnectionShown:
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
        retry_at=row["retry_at"],
        open_effects=row["open_effects"],
    )


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
