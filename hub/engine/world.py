"""The configuration in force: open connections, compiled flows, stores and policies, as of one publication."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.catalog.catalog import Catalog
from hub.engine.program import Program
from hub.flow.graph import Act
from hub.fulfilment.policies import Policies
from hub.sdk import Action, Client, Connector, Event, HubError, Transport, actions_of, polls_of
from hub.store.configuration import HEARS, POLL, WEBHOOK
from hub.store.sealing import Box


class NotBound(HubError):
    """A step cannot tell which connection it means."""


@dataclass
class Link:
    """An open connection: the connector's instance, and whether effects may leave now."""

    id: str
    store_id: str
    connector: Connector[Any]
    mode: str = "live"
    paused: str | None = None
    """Why effects may not leave; None when they may."""
    live_from: datetime | None = None
    actions: dict[str, Action[Any, Any]] = field(default_factory=dict)
    hears: tuple[str, ...] = HEARS
    """How the hub learns of what happens there."""
    asked_for: frozenset[str] = field(default=frozenset(), init=False)
    """The names of the events that polls find."""

    def __post_init__(self) -> None:
        if not self.actions:
            self.actions = actions_of(type(self.connector))
        self.asked_for = frozenset(p.event_type.event_name() for p in polls_of(type(self.connector)).values())

    @property
    def is_asked(self) -> bool:
        """Whether its polls are asked."""
        return POLL in self.hears

    @property
    def is_told(self) -> bool:
        """Whether its webhooks are acted on."""
        return WEBHOOK in self.hears

    def told(self, events: list[Event]) -> list[Event]:
        """Of what a webhook tells, what is acted on. Where the hub asks instead, that is only what no poll would find:
        what nobody can ask for would else be lost."""
        if self.is_told:
            return events
        return [event for event in events if event.event_name() not in self.asked_for]


@dataclass
class StoreConfig:
    """A store's settings as published: zone, brand, policies, suppliers and rules, for the hub's own actions. `box`
    seals what is about the store and no person."""

    id: str
    box: Box
    settings: Mapping[str, Any] = field(default_factory=dict)
    suppliers: list[Any] = field(default_factory=list)
    rules: list[Any] = field(default_factory=list)
    policies: Policies = field(default_factory=Policies)
    paused: bool = False
    templates: Mapping[str, str] = field(default_factory=dict)
    """The store's own texts to customers, by file name."""

    @property
    def zone(self) -> str:
        """The store's time zone, by its IANA name."""
        return str(self.settings.get("zone", "UTC"))


OpenClient = Callable[[str, type[Connector[Any]], str | None], Transport]
"""(connection id, connector class, base_url) -> the transport its client uses."""


@dataclass
class World:
    """Everything a worker needs besides the runs themselves. Replaced whole when something is published."""

    catalog: Catalog
    publication: int = 0
    links: dict[str, Link] = field(default_factory=dict)
    programs: dict[UUID, Program] = field(default_factory=dict)
    active: dict[tuple[str, str], Program] = field(default_factory=dict)
    """By (store, flow): the version that starts new runs."""
    stores: dict[str, StoreConfig] = field(default_factory=dict)

    def link(self, program: Program, node: Act, source: str, on: str | None) -> Link:
        """Which connection a step means: the one named by `on`, the one the run came from, or the only one bound."""
        bound = program.roles.get(node.role, [])
        if on is not None:
            if on not in bound:
                raise NotBound(f"Step {node.id}: role {node.role} is not bound to connection {on!r}.")
            name = on
        elif source in bound:
            name = source
        elif len(bound) == 1:
            name = bound[0]
        else:
            raise NotBound(
                f"Step {node.id}: role {node.role} is bound to {len(bound)} connections; say which by `on`."
            )
        if name not in self.links:
            raise NotBound(f"Step {node.id}: there is no open connection {name!r}.")
        return self.links[name]

    def is_own(self, role: str) -> bool:
        """Whether a role is one of the hub's own nouns."""
        return role in self._own_nouns

    @property
    def _own_nouns(self) -> frozenset[str]:
        found = self.__dict__.get("_nouns")
        if found is None:
            found = self.__dict__["_nouns"] = frozenset(a.noun for a in self.catalog.own.values())
        return found

    def triggered(self, store_id: str, source: str, event: str) -> list[Program]:
        """The active flows that this event of this connection starts."""
        index: dict[tuple[str, str, str], list[Program]] | None = self.__dict__.get("_triggers")
        if index is None:
            index = self.__dict__["_triggers"] = self._index_triggers()
        return [*index.get((store_id, source, event), []), *index.get((store_id, "hub", event), [])]

    def _index_triggers(self) -> dict[tuple[str, str, str], list[Program]]:
        index: dict[tuple[str, str, str], list[Program]] = {}
        for program in self.active.values():
            trigger = program.graph.trigger
            if trigger is None:
                continue
            sources = ["hub"] if trigger.role == "hub" else program.roles.get(trigger.role, [])
            for source in sources:
                index.setdefault((program.store_id, source, trigger.event), []).append(program)
        return index


def open_link(
    id: str, store_id: str, connector: type[Connector[Any]], settings: Mapping[str, Any], transport: Transport,
    base_url: str | None = None,
) -> Link:  # fmt: skip
    """Make the connector's instance for a connection; raises pydantic's error on bad settings."""
    client = Client(transport, connector.limits.in_flight)
    return Link(
        id, store_id, connector(connector.settings_type().model_validate(dict(settings)), client, base_url)
    )
