"""The hub's own actions: same signatures as a connector's, but they change only the hub's tables, inside the commit."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from hub.sdk import ActionShape, Event


@dataclass(frozen=True, slots=True)
class OwnAction:
    """An action of the hub itself: `function(input, call)` awaits nothing but the step's own transaction."""

    noun: str
    shape: ActionShape
    function: Callable[[Any, Any], Awaitable[BaseModel]]


@dataclass(frozen=True, slots=True)
class Surface:
    """What a role, a connector or one of the hub's nouns offers to flows: typed actions and events, by name."""

    name: str
    title: str
    actions: dict[str, ActionShape]
    events: dict[str, type[Event]]
