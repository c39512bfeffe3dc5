"""The composition root: settings to a working hub. Nothing below reads a setting."""

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.catalog.catalog import Catalog
from hub.catalog.plugins import discover
from hub.embedded import Embedded, Wanted
from hub.engine.engine import Engine
from hub.engine.figures import Figures
from hub.engine.intake import Inbox
from hub.engine.limits import Limiter
from hub.engine.publishing import WorldSource
from hub.engine.pump import Pump
from hub.engine.world import OpenClient, World
from hub.fulfilment.actions import OWN_ACTIONS
from hub.fulfilment.events import OWN_EVENTS
from hub.sdk import Connector, Transport, WireTransport, origin_of
from hub.settings import Settings
from hub.store.clock import Clock
from hub.store.committer import Committer, Reach, nowhere
from hub.store.database import Database
from hub.store.migrating import migrate
from hub.store.sealing import Vault
from hub.store.secrets import SecretStore


def catalog_of(allowed: tuple[str, ...] = ()) -> Catalog:
    """Everything installed, with the hub's own actions and events."""
    own = {f"{action.noun}.{action.shape.name}": action for action in OWN_ACTIONS}
    return Catalog(discover(allowed), own, {event.event_name(): event for event in OWN_EVENTS})


def figures_of(settings: Settings) -> Figures:
    """The engine's figures for these settings; they keep fitting each other when the lease is shortened."""
    longest = min(10.0, settings.lease / 2)
    return Figures(
        lease=settings.lease,
        beat=settings.lease / 4,
        call=min(settings.call, longest),
        longest_call=longest,
        sweep=settings.sweep,
        slack=min(0.5, settings.lease / 8),
        lookup_gap=min(3.0, settings.lease * 0.15),
        at_once=settings.at_once,
    )


def over_the_wire(connection_id: str, connector: type[Connector[Any]], base_url: str | None) -> Transport:
    """A connection's transport in production. Its `base_url` exempts exactly its own origin from the guard."""
    return WireTransport(frozenset({origin_of(base_url)}) if base_url else frozenset())


@dataclass
class Hub:
    """The parts that every process of the hub shares."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    source: WorldSource
    secrets: SecretStore
    redis_url: str | None
    world: World
    servers_folder: Path | None = None
    """Where the hub's own servers keep their data; None when it was given others."""
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    @property
    def catalog(self) -> Catalog:
        """What is installed."""
        return self.source.catalog

    async def refresh(self) -> bool:
        """Read the configuration again if something was published since; True if so."""
        async with self._reading, self.database.connection() as connection:
            await self.secrets.refresh(connection)
            newer = await self.source.newest(connection, self.world)
            if newer is not None:
                self.world = newer
            return newer is not None

    def engine(self, committer: Committer, worker: str, reached: Reach = nowhere) -> Engine:
        """A worker's engine."""
        figures = figures_of(self.settings)
        limiter = Limiter(self.database)
        engine = Engine(
            self.database, committer, self.vault, self.clock, figures, self.world, limiter, worker, reached
        )
        self.adopt(engine)
        return engine

    def adopt(self, engine: Engine) -> None:
        """Give an engine the configuration in force."""
        engine.world = self.world
        for link in self.world.links.values():
            engine.limiter.know(link.id, type(link.connector).limits)

    @asynccontextmanager
    async def pump(self, worker: str | None = None, reached: Reach = nowhere) -> AsyncIterator[Pump]:
        """A worker's loop, with its own committer."""
        async with Committer(self.database, reached=reached) as committer:
            engine = self.engine(committer, worker or worker_name(), reached)

            async def refresh() -> None:
                if await self.refresh() or engine.world is not self.world:
                    self.adopt(engine)
                async with self.database.connection() as connection:
                    await self.source.learn_versions(connection, engine.world, engine.worker)

            yield Pump(engine, refresh)

    @asynccontextmanager
    async def inbox(self) -> AsyncIterator[Inbox]:
        """Where deliveries are kept."""
        async with Inbox(self.database, self.vault, self.clock) as inbox:
            yield inbox


@asynccontextmanager
async def open_hub(
    settings: Settings,
    *,
    transport: OpenClient = over_the_wire,
    catalog: Catalog | None = None,
    pool: int = 8,
    is_worker: bool = False,
) -> AsyncIterator[Hub]:
    """A hub on the given servers, or on its own; the schema is brought up to date first."""
    async with AsyncExitStack() as stack:
        database_url, redis_url = settings.database_url, settings.redis_url
        servers_folder = None
        if database_url is None or redis_url is None:
            wanted = Wanted(postgres=database_url is None, valkey=redis_url is None)
            servers = await stack.enter_async_context(Embedded.open(settings.data, wanted))
            database_url, redis_url = database_url or servers.database_url, redis_url or servers.redis_url
            servers_folder = servers.folder
        assert database_url is not None
        await migrate(database_url)
        database = await Database.connect(database_url, size=pool, looks_up=is_worker)
        stack.push_async_callback(database.close)
        vault = vault_of(settings)
        clock = Clock()
        secrets = SecretStore(vault)
        source = WorldSource(
            catalog or catalog_of(), vault, clock, secrets.resolve, transport, _sandboxes(settings)
        )
        async with database.connection() as connection:
            await clock.refresh(connection)
            await secrets.refresh(connection)
            world = await source.newest(connection, None)
        assert world is not None
        yield Hub(settings, database, vault, clock, source, secrets, redis_url, world, servers_folder)


def vault_of(settings: Settings) -> Vault:
    """The master key from the environment, else from its file beside the data."""
    if settings.master_key is not None:
        return Vault.from_text(settings.master_key.get_secret_value())
    return Vault.from_file(Path(settings.data) / "master-key")


def settle_memory() -> None:
    """For a process that has started up: what is here now stays, so no collection need walk it again in a burst."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def worker_name() -> str:
    """A name no other living worker has."""
    return f"{socket.gethostname()}-{os.getpid()}-{os.urandom(4).hex()}"


def _sandboxes(settings: Settings) -> Any:
    base = settings.sandbox_url
    return (lambda connector, id: f"{base}/{connector}/{id}") if base else None
