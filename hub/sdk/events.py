"""What arrives: a Delivery as bytes, an Event as a typed fact, a Page of polled events."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook request as it arrived, unread. Header names are lower case; `body` is what was signed."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def header(self, name: str, default: str = "") -> str:
        """The value of a header, or the default."""
        return self.headers.get(name.lower(), default)

    def body_hash(self) -> str:
        """The SHA-256 of the body, in hex."""
        return hashlib.sha256(self.body).hexdigest()


class Event(BaseModel):
    """A typed fact. Subclass it, give it fields, and say which of them identify it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that a waiting step may match."""

    def key(self) -> str:
        """Two deliveries of one fact share this; the default is every field's value."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def person(self) -> str | None:
        """What identifies the customer this is about (an e-mail or the shop's customer id), if anyone."""
        return None

    def subject(self) -> str | None:
        """What a person would search for: usually the order number."""
        return None

    def happened_at(self) -> datetime | None:
        """When it happened at the source, if the source said so; go-live moments are compared with this."""
        return None

    @classmethod
    def event_name(cls) -> str:
        """`OrderPaid` is known to flows as `order_paid`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Page(Generic[E]):
    """What a poll found, and the cursor to go on from; both are committed together."""

    events: list[E]
    cursor: str | None
    more: bool = False


@dataclass(frozen=True)
class Webhook:
    """A method that reads deliveries of certain topics into one type of event."""

    topics: tuple[str, ...]
    read: Callable[[Any, Delivery], Event | list[Event]]
    event_type: type[Event]
    summary: str


@dataclass(frozen=True)
class Poll:
    """A method that asks for what is new since a cursor."""

    every: timedelta
    ask: Callable[[Any, str | None, Any], Awaitable[Page[Any]]]
    event_type: type[Event]
    summary: str


def first_sentence(doc: str | None) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join((doc or "").strip().split("\n\n")[0].split())


def webhook(*topics: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a connector method `(self, delivery) -> Event | list[Event]` as the reader of these topics.

    Without topics it reads every delivery.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__faros_webhook__ = topics  # type: ignore[attr-defined]  # functions carry attributes
        return function

    return declare


def poll(*, every: timedelta) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a connector method `async (self, cursor, call) -> Page[Event]` as asked this often."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__faros_poll__ = every  # type: ignore[attr-defined]  # functions carry attributes
        return function

    return declare


def webhooks_of(connector: type) -> dict[str, Webhook]:
    """The webhooks a connector class declares, by method name."""
    return {
        name: Webhook(
            function.__faros_webhook__, function, _event_type(function), first_sentence(function.__doc__)
        )
        for name, function in _declared(connector, "__faros_webhook__")
    }


def polls_of(connector: type) -> dict[str, Poll]:
    """The polls a connector class declares, by method name."""
    return {
        name: Poll(function.__faros_poll__, function, _event_type(function), first_sentence(function.__doc__))
        for name, function in _declared(connector, "__faros_poll__")
    }


def _declared(connector: type, mark: str) -> list[tuple[str, Any]]:
    return [(n, f) for n in dir(connector) if callable(f := getattr(connector, n, None)) and hasattr(f, mark)]


def _event_type(function: Callable[..., Any]) -> type[Event]:
    """Read the event class out of `-> E`, `-> list[E]` or `-> Page[E]`."""
    found = get_type_hints(function).get("return")
    arguments = getattr(found, "__args__", None)
    candidate = arguments[0] if arguments else found
    if not (isinstance(candidate, type) and issubclass(candidate, Event)):
        raise TypeError(f"{function.__qualname__} must say which Event it returns, not {found!r}.")
    return candidate
