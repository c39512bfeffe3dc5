"""`faros pause` and `faros resume`: a store, a connection, a supplier, or everything."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hub.assembly import Hub
from hub.cli.opening import opened
from hub.cli.publishing import who
from hub.cli.terminal import HERE, Folder, said
from hub.flow.noting import did_you_mean
from hub.sdk import HubError
from hub.store import audit
from hub.store.configuration import pause_connection, resume_connection
from hub.store.database import Connection
from hub.store.switches import connection_rows, pause_store, resume_store, store_names


class NoSuch(HubError):
    """Nothing of that name was published."""


class Kind(StrEnum):
    """What can be paused."""

    store = "store"
    connection = "connection"
    supplier = "supplier"
    all = "all"


What = Annotated[Kind, typer.Argument(help="What kind of thing NAME is; `all` needs no name.")]
Name = Annotated[str, typer.Argument(help="Its name in hub.yaml.")]


def pause(
    kind: What,
    name: Name = "",
    why: Annotated[str, typer.Option("--why", help="For whoever finds it paused.")] = "Paused by hand.",
    folder: Folder = HERE,
) -> None:
    """Let no effect leave. What arrives is still taken, and runs rest until it is resumed."""
    switch(folder, kind, name, why)
    said(f"Paused: {_thing(kind, name)}. Resume by `faros resume {kind} {name}`.")


def resume(kind: What, name: Name = "", folder: Folder = HERE) -> None:
    """Let effects leave again; runs that rested for it go on."""
    switch(folder, kind, name, None)
    said(f"Resumed: {_thing(kind, name)}.")


def switch(folder: Path, kind: Kind, name: str, why: str | None) -> None:
    """Pause for a reason, or resume if there is none."""

    async def work() -> None:
        async with opened(folder) as hub, hub.database.transaction() as connection:
            if kind in (Kind.connection, Kind.supplier):
                await _switch_connection(hub, connection, kind, name, why)
                return
            stores = await store_names(connection)
            if kind is Kind.store and name not in stores:
                raise NoSuch(f"There is no store {name!r}. {did_you_mean(name, stores)}")
            for store in stores if kind is Kind.all else [name]:
                await _switch_store(hub, connection, store, why)

    asyncio.run(work())


async def _switch_store(hub: Hub, connection: Connection, store: str, why: str | None) -> None:
    now = hub.clock.now()
    if why is None:
        await resume_store(connection, store, now)
    else:
        await pause_store(connection, store, now)
    what = "store resumed" if why is None else "store paused"
    await audit.note(connection, who(), what, {"store": store, "why": why or ""}, now, store)


async def _switch_connection(
    hub: Hub, connection: Connection, kind: Kind, name: str, why: str | None
) -> None:
    now, rows = hub.clock.now(), await connection_rows(connection)
    if kind is Kind.supplier:
        named = {s.name: s.connection for store in hub.world.stores.values() for s in store.suppliers}
        known = {**{connection: connection for connection in named.values()}, **named}
        if name not in known:
            raise NoSuch(f"There is no supplier {name!r}. {did_you_mean(name, known)}")
        name = known[name]
    if name not in rows:
        raise NoSuch(f"There is no connection {name!r}. {did_you_mean(name, rows)}")
    if why is None:
        await resume_connection(connection, name, now)
    else:
        await pause_connection(connection, name, why, now)
    what = "connection resumed" if why is None else "connection paused"
    await audit.note(connection, who(), what, {"connection": name}, now, rows[name]["store_id"])


def _thing(kind: Kind, name: str) -> str:
    return "every store" if kind is Kind.all else f"{kind} {name}"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(pause)
    app.command()(resume)
