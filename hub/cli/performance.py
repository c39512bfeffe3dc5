"""What a demo runs on: the real hub in processes of its own, in a folder that is forgotten, and doubles around it."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import httpx

from hub.assembly import Hub, open_hub
from hub.catalog.catalog import Catalog
from hub.cli.children import Workers
from hub.cli.demo_suppliers import BY_MAIL, STOCK, set_up
from hub.cli.doubles import Doubles
from hub.cli.front import open_front
from hub.cli.publishing import put_in_force, read_project
from hub.cli.serving import address, bound, served
from hub.cli.terminal import err
from hub.cli.up import first_key, worker_environment
from hub.queue import Bell
from hub.settings import Settings

SOMEWHERE = "http://127.0.0.1:8000"
"""The `public_url` of the demos' hub.yaml."""
MAIL_PORTS = {"smtp": 2525, "imap": 2143}
"""The ports of the mail servers in the demo's hub.yaml."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A hub on its stage. `key` is where the admin key is; `doubled` is the doubles' address."""

    hub: Hub
    doubles: Doubles
    doubled: str
    address: str
    key: str
    workers: Workers
    client: httpx.AsyncClient


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to perform: a pack's flows with a demo's hub.yaml. With `begins`, time stands there until it is moved."""

    pack: Traversable
    demo: Traversable
    catalog: Catalog
    port: int = 0
    workers: int = 2
    begins: datetime | None = None


@asynccontextmanager
async def perform(folder: Path, wanted: Wanted) -> AsyncIterator[Performance]:
    """Set it all up in an empty folder; leave it to end and forget it."""
    listening, doubled = bound("127.0.0.1", wanted.port), bound("127.0.0.1", 0)
    lay_out(wanted.pack, folder, wanted.demo)
    # Never the servers of the environment: a demo must not touch a database that somebody lives on.
    settings = Settings(
        DATABASE_URL=None,
        REDIS_URL=None,
        data=folder / ".faros",
        sandbox_url=address(doubled),
        log_level="error",
    )
    async with AsyncExitStack() as stack:
        with err.status("Starting PostgreSQL and Valkey ..."):
            hub = await stack.enter_async_context(open_hub(settings, catalog=wanted.catalog))
        stack.callback(forget, hub)
        if wanted.begins is not None:
            async with hub.database.connection() as connection:
                await hub.clock.set(connection, wanted.begins)
        doubles = Doubles(wanted.catalog, hub.clock.now)
        await stack.enter_async_context(served(doubles, doubled, lifespan=False))
        await stack.enter_async_context(at_home(folder / "hub.yaml", address(listening), doubles))
        if wanted.demo.joinpath(STOCK).is_file():
            await set_up(wanted.demo, doubles, hub)
        await put_in_force(hub, read_project(folder, wanted.catalog))
        key = await first_key(hub, settings)
        bell = await stack.enter_async_context(Bell(hub.redis_url))
        # Workers look five times a second: a scene of a story takes no longer than they do.
        environment = {**worker_environment(hub), "FAROS_SWEEP": "0.2"}
        workers = await stack.enter_async_context(Workers(wanted.workers, folder, environment))
        await stack.enter_async_context(served(open_front(hub, bell.ring), listening))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        yield Performance(hub, doubles, address(doubled), address(listening), key, workers, client)


@asynccontextmanager
async def at_home(path: Path, here: str, doubles: Doubles) -> AsyncIterator[None]:
    """Write into hub.yaml what is only known now: where links in mails lead to, and where the mail servers are of the
    supplier that has some, which are open for as long as this is entered."""
    text = path.read_text(encoding="utf-8").replace(SOMEWHERE, here)
    async with AsyncExitStack() as stack:
        if f"\n  {BY_MAIL}:\n" in text:
            double: Any = doubles.double("supplier_email", BY_MAIL)
            for server, port in (await stack.enter_async_context(double.servers())).items():
                text = text.replace(f"port: {MAIL_PORTS[server]}", f"port: {port}")
        path.write_text(text, encoding="utf-8")
        yield


def lay_out(pack: Traversable, folder: Path, demo: Traversable) -> None:
    """A merchant's project from the pack: its flows, and the demo's hub.yaml with the tables it names."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    for file in pack.iterdir():
        if file.name.endswith(".yaml"):
            (folder / "flows" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for file in demo.iterdir():
        if file.name in ("hub.yaml", "skus.csv", "substitutes.csv"):
            (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")


def forget(hub: Hub) -> None:
    """Remove the servers' own folder, which as root lies elsewhere."""
    if hub.servers_folder is not None:
        shutil.rmtree(hub.servers_folder, ignore_errors=True)
