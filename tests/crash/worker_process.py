"""A real process of the hub that can be struck: a worker, or a door that takes one delivery. Started by fork."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import SecretStr

from connectors.webhook.sandbox import SenderSandbox
from hub import logs
from hub.assembly import Hub, catalog_of, open_hub
from hub.catalog.catalog import Catalog
from hub.sdk import Connector, Delivery, Transport
from hub.settings import Settings
from hub.store.committer import Reach, nowhere
from hub.worker import work
from tests.crash.controls import CONTROLS
from tests.crash.strikes import Striker
from tests.crash.supplier import Bench, Memory, MemoryTransport

LEASE = 0.6


@dataclass(frozen=True, slots=True)
class Part:
    """What one process is to do. `strike` is (point, fault)."""

    database_url: str
    folder: str
    does: str
    name: str
    strike: tuple[str, str] | None = None
    body: bytes = b""
    controls: tuple[str, ...] = ()
    lease: float = LEASE
    redis_url: str | None = None

    @property
    def mark(self) -> Path:
        """Exists once the strike has happened."""
        return Path(self.folder) / f"{self.name}.struck"


def settings_for(database_url: str) -> Settings:
    """Short leases; the other figures follow from them."""
    return Settings(
        DATABASE_URL=database_url,
        REDIS_URL="unix:///nowhere",
        master_key=SecretStr("ab" * 32),
        lease=LEASE,
        call=0.25,
        sweep=0.03,
    )


def catalog() -> Catalog:
    """Everything installed, and the bench."""
    found = catalog_of()
    found.installed.connectors["bench"] = Bench
    return found


@contextlib.asynccontextmanager
async def hub_of(database_url: str, memory: Memory, reached: Reach = nowhere) -> AsyncIterator[Hub]:
    """The real hub, whose outside world is the memory. Nobody rings: the sweep alone must find everything."""

    def transport(connection_id: str, connector: type[Connector[Any]], base_url: str | None) -> Transport:
        return MemoryTransport(memory, reached)

    async with open_hub(settings_for(database_url), transport=transport, catalog=catalog(), pool=4) as hub:
        hub.redis_url = None
        yield hub


@contextlib.asynccontextmanager
async def wired_hub(database_url: str, lease: float, redis_url: str | None = None) -> AsyncIterator[Hub]:
    """The real hub with the real wire; without a queue, the sweep finds everything."""
    settings = Settings(
        DATABASE_URL=database_url,
        REDIS_URL=redis_url or "unix:///nowhere",
        master_key=SecretStr("ab" * 32),
        lease=lease,
        call=min(8.0, lease / 3),
        sweep=min(1.0, lease / 10),
    )
    async with open_hub(settings, catalog=catalog(), pool=4) as hub:
        hub.redis_url = redis_url
        yield hub


def delivery_of(hub: Hub, body: bytes) -> Delivery:
    """The body, signed."""
    sender = SenderSandbox()
    sender.now = hub.clock.now
    return sender.sign(body)


def body_of(order: str, kind: str) -> bytes:
    """An order that asks for one effect of this kind."""
    return orjson.dumps({"id": order, "kind": kind, "email": f"{order}@example.com", "name": order})


def main(part: Part) -> None:
    """What the forked process runs."""
    with Path(part.folder, f"{part.name}.log").open("ab") as file:
        os.dup2(file.fileno(), 2)
    logs.configure()
    for name in part.controls:
        CONTROLS[name]()
    asyncio.run(_play(part))


async def _play(part: Part) -> None:
    if part.does == "serve":
        async with wired_hub(part.database_url, part.lease, part.redis_url) as hub:
            await _work(hub, nowhere)
        return
    reached: Reach = Striker(part.database_url, part.mark, *part.strike) if part.strike else nowhere
    async with hub_of(part.database_url, Memory(Path(part.folder) / "memory"), reached) as hub:
        if part.does == "accept":
            await _accept(hub, part, reached)
            return
        await _work(hub, reached)


async def _work(hub: Hub, reached: Reach) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await work(hub, stop, reached=reached)


async def _accept(hub: Hub, part: Part, reached: Reach) -> None:
    """Keep a delivery, and be struck before anyone is told of it."""
    async with hub.inbox() as inbox:
        await inbox.accept(hub.world.links["door"], delivery_of(hub, part.body))
        await reached("kick_sent")
