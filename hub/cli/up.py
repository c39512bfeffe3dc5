"""`faros up`: the whole hub on one machine, from a project's folder."""

import asyncio
import contextlib
import os
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from hub import logs
from hub.assembly import Hub, open_hub, settle_memory
from hub.catalog.catalog import Catalog
from hub.cli.children import Workers
from hub.cli.dashboard import PORT, Dashboard, DashboardPort
from hub.cli.doubles import Doubles
from hub.cli.folder import catalog_for, doubles_note, settings_of
from hub.cli.front import open_front
from hub.cli.publishing import put_in_force, read_project
from hub.cli.serving import address, bound, served
from hub.cli.terminal import HERE, Folder, err, said
from hub.cli.working import until_told
from hub.project.project import Project
from hub.queue import Bell
from hub.sdk import webhooks_of
from hub.settings import Settings
from hub.store.health import living_workers
from hub.store.keys import add_key, find_caller

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")]
Host = Annotated[str, typer.Option("--host", help="0.0.0.0 to be reached from other machines.")]


PATIENCE = 20.0
"""Seconds the first worker has to begin; after that the hub is shown as it is."""


@dataclass(frozen=True, slots=True)
class Start:
    """Everything that was decided before anything was started."""

    folder: Path
    project: Project
    catalog: Catalog
    settings: Settings
    listening: socket.socket
    doubles: socket.socket | None
    dashboard: int | None
    """Its port; None if it is not wanted."""


def up(
    folder: Folder = HERE,
    port: Port = 8000,
    host: Host = "127.0.0.1",
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=64)] = None,
    dashboard: Annotated[
        bool, typer.Option("--dashboard/--no-dashboard", help="Whether people look at it here.")
    ] = True,
    dashboard_port: DashboardPort = PORT,
) -> None:
    """Run everything: database, queue, doubles, API, workers and dashboard. Ctrl-C ends all of it."""
    catalog = catalog_for(folder)
    project = read_project(folder, catalog)
    listening = bound(host, port)
    doubles_note(settings_of(folder)).unlink(missing_ok=True)  # of a hub that was killed
    settings = settings_of(folder)
    if workers is not None:
        settings = settings.model_copy(update={"workers": workers})
    doubles = None
    if settings.sandbox_url is None and any(
        c.mode == "sandbox" and not c.base_url for c in project.connections
    ):
        doubles = bound("127.0.0.1", 0)
        settings = settings.model_copy(update={"sandbox_url": address(doubles)})
    wanted = dashboard_port if dashboard else None
    uvloop.run(_run(Start(folder, project, catalog, settings, listening, doubles, wanted)))


async def _run(start: Start) -> None:
    logs.configure(start.settings.log_level)
    stop = until_told()
    async with AsyncExitStack() as stack:
        if start.doubles is not None:
            await stack.enter_async_context(served(Doubles(start.catalog), start.doubles, lifespan=False))
            note = doubles_note(start.settings)
            note.parent.mkdir(parents=True, exist_ok=True)
            note.write_text(address(start.doubles))
            stack.callback(note.unlink, missing_ok=True)
        with err.status("Starting the database ..."):
            hub = await stack.enter_async_context(open_hub(start.settings, catalog=start.catalog))
        await put_in_force(hub, start.project)
        key = await first_key(hub, start.settings)
        bell = await stack.enter_async_context(Bell(hub.redis_url))
        await stack.enter_async_context(
            Workers(start.settings.workers, start.folder.absolute(), worker_environment(hub))
        )
        await stack.enter_async_context(served(open_front(hub, bell.ring), start.listening))
        seen = None
        if start.dashboard is not None:
            seen = await stack.enter_async_context(Dashboard(address(start.listening), start.dashboard))
        await _until_a_worker_lives(hub, stop)
        settle_memory()
        _tell(start, hub, key)
        if seen is not None:
            await seen.answers()
            said(f"The dashboard is at {seen.address}; sign in with the admin key.")
        said("Ctrl-C ends everything.")
        await stop.wait()
        said("Stopping: calls in flight are finished first.")


async def _until_a_worker_lives(hub: Hub, stop: asyncio.Event) -> None:
    """Before that the hub is not healthy, and whoever waits for our word would find it so."""
    with err.status("Starting workers ..."), contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while not stop.is_set():
                async with hub.database.connection() as connection:
                    if await living_workers(connection):
                        return
                await asyncio.sleep(0.05)


async def first_key(hub: Hub, settings: Settings) -> str:
    """Where the admin key is: in FAROS_API_KEY, else in a file that only its owner can read, written once."""
    if settings.api_key is not None:
        return "FAROS_API_KEY"
    path = Path(settings.data) / "api-key"
    async with hub.database.transaction() as connection:
        known = path.read_text().strip() if path.exists() else ""
        if known and await find_caller(connection, known) is not None:
            return str(path)
        key = await add_key(connection, "first", "admin", hub.clock.now())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key + "\n")
    return str(path)


def worker_environment(hub: Hub) -> dict[str, str]:
    """What a worker is told: the servers that run here, and where the doubles are."""
    found = {
        "DATABASE_URL": hub.database.url,
        "FAROS_DATA": str(hub.settings.data),
        "FAROS_LOG_LEVEL": hub.settings.log_level,
    }
    if hub.redis_url is not None:
        found["REDIS_URL"] = hub.redis_url
    if hub.settings.sandbox_url is not None:
        found["FAROS_SANDBOX_URL"] = hub.settings.sandbox_url
    return found


def _tell(start: Start, hub: Hub, key: str) -> None:
    base = address(start.listening)
    said(f"The hub answers at {base}. The admin key is in {key}.")
    for connection in start.project.connections:
        broken = hub.source.broken.get(connection.id)
        takes = webhooks_of(hub.catalog.connector(connection.connector))
        where = f"; webhooks at {base}/webhooks/{connection.id}" if takes else ""
        state = f"open{where}" if broken is None else f"not open: {broken}"
        said(f"  {connection.id} ({connection.connector}, {connection.mode}): {state}")
    if start.settings.sandbox_url is not None:
        said(f"Doubles of sandbox connections answer at {start.settings.sandbox_url}.")
