"""@action: a typed operation of a connector, read from its signature and docstring."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache, partial
from typing import Any, Generic, Literal, TypeVar, get_type_hints

from pydantic import BaseModel

from hub.sdk.effects import AnyKind, EffectKey
from hub.sdk.events import first_sentence

I = TypeVar("I", bound=BaseModel)
O = TypeVar("O", bound=BaseModel)

Audience = Literal["internal", "customer"]


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt at an action.

    `key` is what the other side may be told to recognise a repeat by. `deadline` is a moment of the process's
    monotonic clock in seconds; nothing is sent after it. `attempt` counts from 1. `now` is the trade's time.
    """

    key: str
    deadline: float
    attempt: int
    now: datetime


@dataclass(frozen=True, slots=True)
class ActionShape:
    """What flows and checkers need to know of an action: its types, its kind and the refusals it may give."""

    name: str
    input_type: type[BaseModel]
    output_type: type[BaseModel]
    kind: AnyKind
    refusals: tuple[str, ...] = ()
    summary: str = ""
    audience: Audience = "internal"


class Action(Generic[I, O]):
    """A declared action. On the class it is this description; on an instance it is the method."""

    def __init__(
        self,
        function: Callable[[Any, I, Call], Awaitable[O]],
        kind: AnyKind,
        refusals: tuple[str, ...],
        audience: Audience,
        deadline: timedelta | None,
    ) -> None:
        self.function = function
        self.kind = kind
        self.refusals = refusals
        self.audience: Audience = audience
        self.deadline = deadline
        self.name = function.__name__
        self.look: Callable[[Any, I, Call], Awaitable[O | None]] | None = None

    def __get__(self, connector: Any, owner: type) -> Any:
        return self if connector is None else partial(self.function, connector)

    def lookup(self, function: Callable[[Any, I, Call], Awaitable[O | None]]) -> Any:
        """Declare how to ask the other side whether this action was done: `(self, input, call) -> output or None`."""
        self.look = function
        return function

    @property
    def has_lookup(self) -> bool:
        """Whether the other side can be asked."""
        return self.look is not None

    @cached_property
    def shape(self) -> ActionShape:
        """The types are read from the signature, the summary from the docstring."""
        hints = get_type_hints(self.function)
        inputs = [t for n, t in hints.items() if n not in ("return", "call", "self")]
        if len(inputs) != 1 or not _is_model(inputs[0]) or not _is_model(hints.get("return")):
            raise TypeError(
                f"Action {self.function.__qualname__} must be (self, one pydantic model, call) -> pydantic model."
            )
        summary = first_sentence(self.function.__doc__)
        return ActionShape(
            self.name, inputs[0], hints["return"], self.kind, self.refusals, summary, self.audience
        )


def action(
    kind: AnyKind,
    *,
    refusals: tuple[str, ...] = (),
    audience: Audience = "internal",
    deadline: timedelta | None = None,
) -> Callable[[Callable[[Any, I, Call], Awaitable[O]]], Action[I, O]]:
    """Declare an async connector method as an action that flows can `do`.

    `refusals` are the codes it may raise in `Refused`; `deadline` overrides the hub's default (8 s, at most 10 s).
    """

    def declare(function: Callable[[Any, I, Call], Awaitable[O]]) -> Action[I, O]:
        return Action(function, kind, refusals, audience, deadline)

    return declare


def actions_of(connector: type) -> dict[str, Action[Any, Any]]:
    """The actions a connector class declares, by name."""
    return {n: a for n in dir(connector) if isinstance(a := getattr(connector, n, None), Action)}


@lru_cache(maxsize=1024)
def effect_key_field(input_type: type[BaseModel]) -> str | None:
    """The name of the field marked `EffectKey`, if the input has one."""
    for name, field in input_type.model_fields.items():
        if any(isinstance(mark, EffectKey) for mark in field.metadata):
            return name
    return None


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)
