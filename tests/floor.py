"""The shop floor: the real hub on a real database, doubles as the outside world, a time that moves when told."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from pydantic import SecretStr

from hub.assembly import Hub, open_hub
from hub.catalog.catalog import Catalog
from hub.engine.intake import Accepted, Inbox
from hub.engine.publishing import FlowSpec, Publication, StoreSpec, publish
from hub.engine.pump import Pump
from hub.engine.watch import watch
from hub.flow.checker import check
from hub.sdk import Connector, Delivery, Limits, Transport
from hub.sdk.testing import Sandbox, SandboxTransport
from hub.settings import Settings
from hub.store.cases import list_cases, resolve_case
from hub.store.committer import Reach, nowhere
from hub.store.configuration import ConnectionSpec
from hub.store.encoding import from_bytes

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Floor:
    """Everything a test touches."""

    hub: Hub
    pump: Pump
    inbox: Inbox
    sandboxes: dict[str, Sandbox] = field(default_factory=dict)
    wires: dict[str, Transport] = field(default_factory=dict)
    """Connections that go over a real wire, once they are published anew."""

    async def publish(self, wanted: Publication) -> None:
        """Put a configuration in force."""
        async with self.hub.database.transaction() as connection:
            await publish(connection, wanted, "test", self.now)
        await self.hub.refresh()
        self.hub.adopt(self.pump.engine)

    @property
    def now(self) -> datetime:
        """The trade's time."""
        return self.hub.clock.now()

    async def deliver(self, connection: str, delivery: Delivery) -> Accepted:
        """A delivery arrives at a connection's address."""
        return await self.inbox.accept(self.hub.world.links[connection], delivery)

    async def settle(self) -> None:
        """Work until nothing is due."""
        # As a worker does all the time: leases hang on the database's own clock, not on the trade's.
        await self.pump._beat()
        while True:
            found = await self.pump.look()
            await self.pump.rest()
            if not found:
                return

    def unrationed(self, pump: Pump | None = None) -> None:
        """No connection has a budget of requests: they are given by the real clock, which a test outruns."""
        for share in (pump or self.pump).engine.limiter.shares.values():
            share.limits = Limits()

    async def let_pass(self, **span: float) -> None:
        """Time passes, and the hub does what falls due."""
        async with self.hub.database.connection() as connection:
            await self.hub.clock.advance(connection, timedelta(**span))
        await self.pump._sweep()
        await self.settle()
        # As a worker does every quarter of a minute, between its other chores.
        await watch(self.pump.engine)
        await self.settle()

    async def rows(self, sql: str, *arguments: Any) -> list[Any]:
        """What the database holds."""
        async with self.hub.database.connection() as connection:
            return list(await connection.fetch(sql, *arguments))

    async def runs(self) -> list[Any]:
        """Every run, oldest first."""
        return await self.rows("select * from runs order by started_at, id")

    async def effects(self, action: str | None = None) -> list[Any]:
        """The ledger, oldest first."""
        rows = await self.rows("select * from effects order by intended_at, id")
        return [r for r in rows if action in (None, r["action"])]

    async def open_cases(self) -> list[Any]:
        """Cases that wait for a person."""
        async with self.hub.database.connection() as connection:
            return await list_cases(connection, "open", 1000)

    async def resolve(
        self, case: Any, choice: str, note: str = "", answer: Any = None, by: str = "ada"
    ) -> None:
        """A person decides a case, and the run goes on."""
        async with self.hub.database.transaction() as connection:
            box = await self.hub.vault.box(connection, case["person_id"])
            said = box.seal(orjson.dumps({"note": note, "answer": answer}))
            await resolve_case(connection, case["id"], case["version"], (choice, by, said), self.now)
        await self.settle()

    async def names(self, run_id: UUID) -> Mapping[str, Any]:
        """The values a run has named, at its root."""
        (row,) = await self.rows("select names, person_id from runs where id = $1", run_id)
        async with self.hub.database.connection() as connection:
            box = await self.hub.vault.box(connection, row["person_id"])
        frames: dict[str, Any] = from_bytes(box.open(row["names"])) if row["names"] else {}
        root: dict[str, Any] = frames.get("", {})
        return root


@asynccontextmanager
async def open_floor(
    database_url: str,
    sandboxes: dict[str, Sandbox],
    catalog: Catalog | None = None,
    *,
    reached: Reach = nowhere,
    settings: Mapping[str, Any] | None = None,
) -> AsyncIterator[Floor]:
    """A floor with a double for each connection id."""
    wires: dict[str, Transport] = {}

    def transport(connection_id: str, connector: type[Connector[Any]], base_url: str | None) -> Transport:
        return wires.get(connection_id) or SandboxTransport(sandboxes[connection_id])

    given = Settings(
        DATABASE_URL=database_url,
        REDIS_URL="unix:///nowhere",
        master_key=SecretStr("ab" * 32),
        sandbox_url="http://doubles.test",
        **(settings or {}),
    )
    async with open_hub(given, transport=transport, catalog=catalog) as hub:
        async with hub.database.connection() as connection:
            await hub.clock.set(connection, MONDAY)
        for sandbox in sandboxes.values():
            sandbox.now = hub.clock.now
        async with hub.pump("worker-1", reached) as pump, hub.inbox() as inbox:
            await pump._beat()
            yield Floor(hub, pump, inbox, sandboxes, wires)


def flow(catalog: Catalog, text: str, roles: Mapping[str, list[str]], store: str = "main") -> FlowSpec:
    """A checked flow with its bindings; a mistake in it fails the test with the checker's words."""
    checked = check(text, "test.yaml", catalog)
    assert checked.graph is not None, "\n".join(map(str, checked.problems))
    return FlowSpec(store, text, checked.graph, roles)


def shop(flows: list[FlowSpec], *connections: ConnectionSpec, store: StoreSpec | None = None) -> Publication:
    """One store with these connections and flows."""
    return Publication((store or StoreSpec("main"),), connections, tuple(flows))
