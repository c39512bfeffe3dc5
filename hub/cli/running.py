"""`faros up` and its parts, each to be run alone where every part has its own process."""

import asyncio
from contextlib import AsyncExitStack

import typer
import uvloop

from hub import logs
from hub.assembly import open_hub, settle_memory
from hub.cli.doubles import Doubles
from hub.cli.folder import catalog_for, settings_of
from hub.cli.front import open_front
from hub.cli.serving import address, bound, served
from hub.cli.terminal import HERE, Folder, said
from hub.cli.up import Host, Port, up
from hub.cli.working import serve, until_told
from hub.queue import Bell


def api(folder: Folder = HERE, port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """The API alone."""
    settings, listening = settings_of(folder), bound(host, port)

    async def run() -> None:
        logs.configure(settings.log_level)
        stop = until_told()
        async with AsyncExitStack() as stack:
            hub = await stack.enter_async_context(open_hub(settings, catalog=catalog_for(folder)))
            bell = await stack.enter_async_context(Bell(hub.redis_url))
            await stack.enter_async_context(served(open_front(hub, bell.ring), listening))
            settle_memory()
            said(f"The hub answers at {address(listening)}.")
            await stop.wait()

    uvloop.run(run())


def work(folder: Folder = HERE) -> None:
    """One worker alone."""
    uvloop.run(serve(folder))


def sandbox(folder: Folder = HERE, port: Port = 8100, host: Host = "127.0.0.1") -> None:
    """The doubles of remote services, at /CONNECTOR/CONNECTION/; FAROS_SANDBOX_URL tells the hub where."""
    listening = bound(host, port)

    async def run() -> None:
        stop = until_told()
        async with served(Doubles(catalog_for(folder)), listening, lifespan=False):
            said(
                f"The doubles answer at {address(listening)}; start the hub with FAROS_SANDBOX_URL set to that."
            )
            await stop.wait()

    asyncio.run(run())


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(up)
    app.command()(api)
    app.command("worker")(work)
    app.command()(sandbox)
