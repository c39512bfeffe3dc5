"""Catalog: what is installed, by name, as flows and people see it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.catalog.own import OwnAction, Surface
from hub.catalog.plugins import Installed
from hub.sdk import CAPABILITIES, Connector, Event, HubError, actions_of, polls_of, webhooks_of


class Unknown(HubError):
    """Nothing of that name is installed."""

    def __init__(self, noun: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, 1)
        remedy = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(names) or 'none'}."
        super().__init__(f"There is no {noun} {name!r}. {remedy}")


@dataclass
class Catalog:
    """The installed connectors, the capabilities, and the hub's own actions and events."""

    installed: Installed
    own: dict[str, OwnAction] = field(default_factory=dict)
    """By `noun.action`."""
    own_events: dict[str, type[Event]] = field(default_factory=dict)

    def connector(self, name: str) -> type[Connector[Any]]:
        """The connector class of that name; raises `Unknown` with the nearest name."""
        try:
            return self.installed.connectors[name]
        except KeyError:
            raise Unknown("connector", name, self.installed.connectors) from None

    def names(self) -> list[str]:
        """Everything a flow's `uses` may ask for."""
        return sorted([*CAPABILITIES, *self.installed.connectors])

    def nouns(self) -> list[str]:
        """The hub's own nouns, usable in `do:` without a role."""
        return sorted({action.noun for action in self.own.values()})

    def surface(self, name: str) -> Surface:
        """The actions and events of a capability, a connector, or one of the hub's own nouns (`hub` for events)."""
        if name in CAPABILITIES:
            found = CAPABILITIES[name]
            return Surface(name, found.title, dict(found.actions), dict(found.events))
        if name == "hub":
            return Surface("hub", "The hub itself", {}, dict(self.own_events))
        if name in self.nouns():
            actions = {a.shape.name: a.shape for a in self.own.values() if a.noun == name}
            return Surface(name, f"The hub's own {name}", actions, {})
        if name not in self.installed.connectors:
            raise Unknown("capability or connector", name, self.names())
        return surface_of(self.installed.connectors[name])

    def event(self, name: str) -> type[Event] | None:
        """The hub's own event of that name, else the one that a capability promises of its connections."""
        promised = (c.events[name] for c in CAPABILITIES.values() if name in c.events)
        return self.own_events.get(name) or next(promised, None)

    def implements(self, connector: str, asked: str) -> bool:
        """Whether a connector can play a role that asks for a capability or a connector."""
        if asked in CAPABILITIES:
            return any(c.name == asked for c in self.connector(connector).capabilities)
        return connector == asked


def surface_of(connector: type[Connector[Any]]) -> Surface:
    """What a connector class offers to flows."""
    events: dict[str, type[Event]] = {}
    types = [w.event_type for w in webhooks_of(connector).values()]
    for event_type in [*types, *(p.event_type for p in polls_of(connector).values())]:
        events[event_type.event_name()] = event_type
    actions = {name: a.shape for name, a in actions_of(connector).items()}
    return Surface(connector.name, connector.title, actions, events)
