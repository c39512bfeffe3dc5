"""Publishing: stores, connections and flows become the configuration in force, in one transaction; and back again."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import structlog
from pydantic import ValidationError

from hub.catalog.catalog import Catalog, Unknown
from hub.engine.effects import faults
from hub.engine.ids import new_id
from hub.engine.program import Program
from hub.engine.rewiring import note_casting, note_hearing
from hub.engine.world import Link, OpenClient, StoreConfig, World, open_link
from hub.flow.graph import Graph, from_json, to_json
from hub.fulfilment.policies import Policies
from hub.fulfilment.rules import Rule
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.store.clock import Clock
from hub.store.configuration import (
    ArticleNew,
    ConnectionSpec,
    FlowNew,
    SubstituteNew,
    activate_flow,
    publication,
    put_articles,
    put_connection,
    put_publication,
    put_store,
    put_substitutes,
    read_configuration,
    retire_flows,
    versions_in_hand,
)
from hub.store.database import Connection
from hub.store.sealing import Vault

log = structlog.get_logger()

Resolve = Callable[[str], str]
"""Gives the secret that `env:NAME` or `secret:NAME` stands for; raises LookupError with a sentence."""


@dataclass(frozen=True, slots=True)
class StoreSpec:
    """A store with everything the hub's own actions need of it."""

    id: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    suppliers: tuple[SupplierSpec, ...] = ()
    rules: tuple[Rule, ...] = ()
    articles: tuple[ArticleNew, ...] = ()
    substitutes: tuple[SubstituteNew, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """A checked flow with its bindings."""

    store_id: str
    text: str
    graph: Graph
    roles: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Publication:
    """Everything that is published together. What it does not name is retired."""

    stores: tuple[StoreSpec, ...]
    connections: tuple[ConnectionSpec, ...]
    flows: tuple[FlowSpec, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication changed: the new versions as (store, flow, number); unchanged flows make none."""

    number: int
    versions: tuple[tuple[str, str, int], ...]


async def publish(connection: Connection, wanted: Publication, by: str, now: datetime) -> Published:
    """Publish in the open transaction. Unchanged text and bindings make no new version; runs keep theirs."""
    await note_hearing(connection, wanted.connections, by, now)
    for store in wanted.stores:
        casting = {f.graph.flow: f.roles for f in wanted.flows if f.store_id == store.id}
        await note_casting(connection, store.id, casting, by, now)
        await put_store(connection, store.id, dict(store.settings))
        await put_articles(connection, store.id, store.articles)
        await put_substitutes(connection, store.id, store.substitutes)
    for spec in wanted.connections:
        await put_connection(connection, spec)
    versions = []
    for flow in wanted.flows:
        bound = {role: list(names) for role, names in flow.roles.items()}
        mark = hashlib.sha256(flow.text.encode() + repr(sorted(bound.items())).encode()).hexdigest()
        new = FlowNew(
            new_id(), flow.store_id, flow.graph.flow, flow.text, to_json(flow.graph).decode(), mark, bound
        )
        number = await activate_flow(connection, new, by, now)
        if number is not None:
            versions.append((flow.store_id, flow.graph.flow, number))
    for store in wanted.stores:
        names = [f.graph.flow for f in wanted.flows if f.store_id == store.id]
        await retire_flows(connection, store.id, names)
    number = await put_publication(connection, {s.id: _stored(s) for s in wanted.stores}, by, now)
    return Published(number, tuple(versions))


def _stored(store: StoreSpec) -> dict[str, Any]:
    return {
        "policies": store.policies.model_dump(mode="json"),
        "suppliers": [s.model_dump(mode="json") for s in store.suppliers],
        "rules": [r.model_dump(mode="json") for r in store.rules],
        "templates": dict(store.templates),
    }


@dataclass
class WorldSource:
    """Reads the configuration in force. Connections that did not change stay open from one reading to the next."""

    catalog: Catalog
    vault: Vault
    clock: Clock
    resolve: Resolve
    transport: OpenClient
    sandbox_url: Callable[[str, str], str] | None = None
    """(connector, connection id) -> where its double answers, for connections of mode sandbox."""
    broken: dict[str, str] = field(default_factory=dict)
    """Connections that could not be opened, and why."""
    _open: dict[str, tuple[Any, Link]] = field(default_factory=dict)

    async def newest(self, connection: Connection, world: World | None) -> World | None:
        """The configuration in force, or None if `world` is still it."""
        number = await publication(connection)
        if world is not None and world.publication == number:
            return None
        return await self.read(connection, number)

    async def read(self, connection: Connection, number: int) -> World:
        """Read everything and open what can be opened; a connection that cannot is listed in `broken`."""
        found = await read_configuration(connection)
        what = found["latest"][0]["what"] if found["latest"] else {}
        world = World(self.catalog, number)
        names = {(row["id"], "") for row in found["stores"]}
        boxes = await self.vault.boxes_of(connection, names, self.clock.now())
        self.broken = {}
        for row in found["stores"]:
            stored = what.get(row["id"], {})
            world.stores[row["id"]] = StoreConfig(
                row["id"],
                boxes[row["id"], ""],
                row["settings"],
                [SupplierSpec.model_validate(s) for s in stored.get("suppliers", [])],
                [Rule.model_validate(r) for r in stored.get("rules", [])],
                Policies.model_validate(stored.get("policies", {})),
                row["paused_at"] is not None,
                stored.get("templates", {}),
            )
        for row in found["connections"]:
            link = self._link(row)
            if link is not None:
                world.links[row["id"]] = link
        for row in found["versions"]:
            program = self._program(row, world)
            world.programs[row["id"]] = program
            if row["is_active"]:
                world.active[(row["store_id"], row["flow"])] = program
        return world

    async def learn_versions(self, connection: Connection, world: World, worker: str) -> None:
        """Take in versions that a worker met in its leases: a run may begin under one while it is being retired, after
        the configuration was read."""
        for row in await versions_in_hand(connection, worker, list(world.programs)):
            world.programs[row["id"]] = self._program(row, world)

    def _program(self, row: Any, world: World) -> Program:
        settings = world.stores[row["store_id"]].settings
        hours = settings.get("hours") or {}
        calendar = Calendar(
            settings.get("zone", "UTC"),
            frozenset(hours.get("days", range(5))),
            time.fromisoformat(hours.get("opens", "09:00")),
            time.fromisoformat(hours.get("closes", "17:00")),
            frozenset(date.fromisoformat(day) for day in hours.get("holidays", ())),
        )
        return Program(
            row["id"], row["store_id"], from_json(row["graph"]), row["roles"], row["number"], calendar
        )

    def _link(self, row: Any) -> Link | None:
        mark = (row["connector"], row["mode"], row["base_url"], repr(row["settings"]), row["store_id"])
        kept = self._open.get(row["id"])
        if kept is not None and kept[0] == mark:
            link = kept[1]
        else:
            opened = self._open_link(row)
            if opened is None:
                return None
            link = opened
            self._open[row["id"]] = (mark, link)
        link.paused = (row["paused_why"] or "Paused.") if row["paused_at"] else None
        link.live_from = row["live_from"]
        link.hears = tuple(row["hears"])
        return link

    def _double(self, connector: str, id: str) -> str:
        """Where a sandbox connection goes. Never the live service: without an address it is not opened at all."""
        if self.sandbox_url is None:
            raise LookupError(
                "Its doubles are not running; start `faros up` or `faros sandbox`, or give it a base_url."
            )
        return self.sandbox_url(connector, id)

    def _open_link(self, row: Any) -> Link | None:
        try:
            connector = self.catalog.connector(row["connector"])
            settings, base_url = dict(row["settings"]), row["base_url"]
            if row["mode"] == "sandbox":
                settings |= connector.sandbox().settings()
                base_url = base_url or self._double(row["connector"], row["id"])
            resolved = fill(settings, self.resolve)
            transport = self.transport(row["id"], connector, base_url)
            link = open_link(row["id"], row["store_id"], connector, resolved, transport, base_url)
            link.mode = row["mode"]
            return link
        except (LookupError, Unknown, ValidationError) as error:
            self.broken[row["id"]] = _why(error)
            log.warning("connection not opened", connection=row["id"])
            return None


def fill(value: Any, resolve: Resolve) -> Any:
    """Settings with `${env:NAME}` and `${secret:NAME}` filled in."""
    if isinstance(value, dict):
        return {k: fill(v, resolve) for k, v in value.items()}
    if isinstance(value, list):
        return [fill(v, resolve) for v in value]
    if isinstance(value, str) and value.startswith("${") and value.endswith("}"):
        return resolve(value[2:-1])
    return value


def _why(error: Exception) -> str:
    return faults(error) if isinstance(error, ValidationError) else str(error)
