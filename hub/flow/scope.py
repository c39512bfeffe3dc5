"""What a flow's words mean: its roles, and the actions and events they bring, looked up in the catalog."""

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from hub.catalog.catalog import Catalog, Unknown
from hub.catalog.own import Surface
from hub.flow.document import Document
from hub.flow.expression_types import ANY, Type, input_types
from hub.flow.noting import Notes, clearly_meant, did_you_mean
from hub.flow.reader import Scalar
from hub.sdk import ActionShape, Event


class Surroundings:
    """The catalog seen from one flow. Whatever is not there is noted once, where it is asked for. Where it is clear
    what was meant, the rest is checked as if that stood there: one slip hides no other mistake."""

    def __init__(self, document: Document, catalog: Catalog, flows: Iterable[str], notes: Notes) -> None:
        self.document = document
        self.catalog = catalog
        self.flows = sorted(flows)
        self._inputs = flows if isinstance(flows, Mapping) else {}
        self.notes = notes
        self.used: set[str] = set()
        self._surfaces: dict[str, Surface | None] = {
            str(role): self._asked(role, use.asks) for role, use in document.uses.items()
        }

    def _asked(self, role: Scalar, asks: Scalar) -> Surface | None:
        if role == "hub" or role in self.catalog.nouns():
            self.notes.wrong(
                role.place, f'"{role}" is a noun of the hub itself.', "Choose another role name."
            )
        try:
            return self.catalog.surface(asks)
        except Unknown:
            hint = did_you_mean(asks, self.catalog.names())
            self.notes.wrong(asks.place, f'No capability or connector "{asks}" is installed.', hint)
            meant = clearly_meant(asks, self.catalog.names())
            return None if meant is None else self.catalog.surface(meant)

    def surface(self, role: Scalar) -> Surface | None:
        """What a role, or one of the hub's own nouns, offers; None (and noted) if there is no such role."""
        self.used.add(str(role))
        if role in self._surfaces:
            return self._surfaces[str(role)]
        nouns = self.catalog.nouns()
        if role == "hub" or role in nouns:
            return self.catalog.surface(str(role))
        hint = did_you_mean(role, [*self._surfaces, *nouns])
        self.notes.wrong(role.place, f'There is no role "{role}" in `uses`.', hint)
        meant = clearly_meant(role, self._surfaces)
        return None if meant is None else self._surfaces[meant]

    def is_many(self, role: str) -> bool:
        """Whether a role binds several connections."""
        return any(use.many for name, use in self.document.uses.items() if name == role)

    def is_optional(self, role: str) -> bool:
        """Whether a role may be bound to nobody."""
        return any(use.optional for name, use in self.document.uses.items() if name == role)

    def action(self, role: Scalar, action: Scalar) -> ActionShape | None:
        """The action's shape; None (and noted) if the role has no such action."""
        surface = self.surface(role)
        if surface is None:
            return None
        if action not in surface.actions:
            hint = did_you_mean(action, surface.actions)
            self.notes.wrong(action.place, f'{surface.name} has no action "{action}".', hint)
        return surface.actions.get(clearly_meant(action, surface.actions) or "")

    def event(self, role: Scalar, event: Scalar) -> type[Event] | None:
        """The event's class; None (and noted) if the role has no such event."""
        surface = self.surface(role)
        if surface is None:
            return None
        if event not in surface.events:
            hint = did_you_mean(event, surface.events)
            self.notes.wrong(event.place, f'{surface.name} has no event "{event}".', hint)
        return surface.events.get(clearly_meant(event, surface.events) or "")

    def inputs_of(self, flow: str) -> Mapping[str, Type] | None:
        """The inputs of another flow, or None if they are not known."""
        declared: Mapping[str, str] | None = self._inputs.get(flow)
        known = input_types()
        return None if declared is None else {name: known.get(asked, ANY) for name, asked in declared.items()}

    def unused(self) -> list[Scalar]:
        """The roles that no step uses."""
        return [role for role in self.document.uses if role not in self.used]


class Refusal(BaseModel):
    """What a block of `on_refused` knows as `refusal`: its code, and the other side's words."""

    code: str
    reason: str
