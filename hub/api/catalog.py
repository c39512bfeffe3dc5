"""The catalog: what is installed, and what flows can do with it."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer
from hub.catalog.catalog import surface_of
from hub.sdk import CAPABILITIES, KINDS, ActionShape, AnyKind, Connector, Event
from hub.sdk.events import first_sentence

router = APIRouter(tags=["catalog"])


class ActionListed(BaseModel):
    """An action that a flow can `do`."""

    name: str
    summary: str
    kind: str = Field(
        description="How it may be repeated: read, idempotent, keyed, checkable, unsafe or declared."
    )
    refusals: list[str] = Field(description="The codes a flow can answer with `on_refused`.")
    inputs: list[str]
    outputs: list[str]


class EventListed(BaseModel):
    """An event that a flow can start from or wait for."""

    name: str
    summary: str
    match_fields: list[str]
    fields: list[str]


class Offered(BaseModel):
    """A named set of actions and events."""

    name: str
    title: str
    actions: list[ActionListed]
    events: list[EventListed]


class ConnectorListed(Offered):
    """An installed connector."""

    distribution: str
    level: int | None = Field(None, description="For suppliers: 1 e-mail, 2 file or portal, 3 API.")
    capabilities: list[str]
    settings_schema: dict[str, Any] = Field(description="JSON Schema of a connection's settings.")


class BrokenListed(BaseModel):
    """A plugin that is not used, and why."""

    name: str
    distribution: str
    reason: str


class CatalogShown(BaseModel):
    """Everything flows and connections can be made of."""

    connectors: list[ConnectorListed]
    capabilities: list[Offered]
    own: list[Offered] = Field(description="The hub's own actions, usable without a connection.")
    broken: list[BrokenListed]


@router.get("/catalog", summary="Show what is installed")
async def show_catalog(hub: HubHere, caller: Viewer) -> CatalogShown:
    """Installed connectors, capabilities, the hub's own actions and events, and plugins that would not load."""
    catalog = hub.catalog
    installed = catalog.installed
    own = [catalog.surface(name) for name in [*catalog.nouns(), "hub"]]
    return CatalogShown(
        connectors=[
            _connector(c, installed.origin.get(n, "")) for n, c in sorted(installed.connectors.items())
        ],
        capabilities=[
            _offered(c.name, c.title, list(c.actions.values()), list(c.events.values()))
            for c in CAPABILITIES.values()
        ],
        own=[_offered(s.name, s.title, list(s.actions.values()), list(s.events.values())) for s in own],
        broken=[
            BrokenListed(name=b.name, distribution=b.distribution, reason=b.reason) for b in installed.broken
        ],
    )


def _connector(connector: type[Connector[Any]], origin: str) -> ConnectorListed:
    surface = surface_of(connector)
    offered = _offered(
        connector.name, connector.title, list(surface.actions.values()), list(surface.events.values())
    )
    return ConnectorListed(
        **offered.model_dump(),
        distribution=origin,
        level=connector.level,
        capabilities=[c.name for c in connector.capabilities],
        settings_schema=connector.settings_type().model_json_schema(),
    )


def _offered(name: str, title: str, actions: list[ActionShape], events: list[type[Event]]) -> Offered:
    return Offered(
        name=name,
        title=title,
        actions=[_action(shape) for shape in actions],
        events=[
            EventListed(
                name=event.event_name(),
                summary=first_sentence(event.__doc__),
                match_fields=list(event.match_fields),
                fields=list(event.model_fields),
            )
            for event in events
        ],
    )


def _action(shape: ActionShape) -> ActionListed:
    return ActionListed(
        name=shape.name,
        summary=shape.summary,
        kind=kind_name(shape.kind),
        refusals=list(shape.refusals),
        inputs=list(shape.input_type.model_fields),
        outputs=list(shape.output_type.model_fields),
    )


def kind_name(kind: AnyKind) -> str:
    """The word that flow files have for a kind."""
    return next((name for name, found in KINDS.items() if isinstance(kind, found)), "declared")
