"""What a capability is: a named set of typed actions and events."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from hub.sdk.actions import ActionShape, Audience
from hub.sdk.effects import Declared, Idempotent, Read
from hub.sdk.events import Event


@dataclass(frozen=True)
class Capability:
    """A named set of actions and events."""

    name: str
    title: str
    actions: Mapping[str, ActionShape]
    events: Mapping[str, type[Event]]


def capability(name: str, title: str, actions: list[ActionShape], events: list[type[Event]]) -> Capability:
    """A capability of these actions and events."""
    return Capability(name, title, {a.name: a for a in actions}, {e.event_name(): e for e in events})


def shape(
    name: str,
    input_type: type[BaseModel],
    output_type: type[BaseModel],
    summary: str,
    *refusals: str,
    kind: Read | Idempotent | Declared = Declared(),
    audience: Audience = "internal",
) -> ActionShape:
    """An action as the capability wants it, with what it may be refused with."""
    return ActionShape(name, input_type, output_type, kind, refusals, summary, audience)
