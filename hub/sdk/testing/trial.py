"""A trial: one connector before its double, with what the standard tests need to ask of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from pydantic import BaseModel

from hub.sdk.actions import Action, Call, actions_of, effect_key_field
from hub.sdk.connector import Connector
from hub.sdk.effects import Declared, Kind
from hub.sdk.errors import HubError
from hub.sdk.http import Answer, Client
from hub.sdk.testing.sandbox import Sandbox, SandboxTransport

BASE_URL = "https://sandbox.example"


class Broken(HubError):
    """A connector does not keep its word."""


@dataclass(frozen=True)
class Trial:
    """A connector class, how to make its double, and what the double cannot know by itself."""

    connector: type[Connector[Any]]
    sandbox: Callable[[], Sandbox]
    examples: Mapping[str, BaseModel] = field(default_factory=dict)
    deliveries: Mapping[str, Any] = field(default_factory=dict)
    provocations: Mapping[str, Mapping[str, BaseModel]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, connector: type[Connector[Any]], sandbox: Callable[[], Sandbox] | None = None) -> "Trial":
        """A trial before the connector's own double, with that double's examples."""
        make = sandbox or connector.sandbox
        known = make()
        return cls(
            connector, make, known.examples(), known.deliveries(), known.provocations(), known.statuses()
        )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["Bench"]:
        """A fresh double and a connector that speaks to it."""
        sandbox = self.sandbox()
        wire = Wire(SandboxTransport(sandbox))
        settings = self.connector.settings_type().model_validate(sandbox.settings())
        try:
            yield Bench(self, sandbox, wire, self.connector(settings, Client(wire), BASE_URL))
        finally:
            await wire.close()

    def actions(self) -> Iterator[tuple[Action[Any, Any], BaseModel]]:
        """Every action with its example; an action without one is a breach by itself."""
        for name, action in actions_of(self.connector).items():
            if name not in self.examples:
                raise Broken(f"Action {name} has no example.")
            yield action, self.examples[name]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that left the connector."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None

    def carries(self, text: str) -> bool:
        """Whether the text is anywhere in it."""
        return text in self.url or text in self.headers.values() or text.encode() in (self.body or b"")


class Wire:
    """The transport of a trial: notes what was sent, and can put another answer in place of the double's."""

    def __init__(self, inner: SandboxTransport) -> None:
        self._inner = inner
        self.sent: list[Sent] = []
        self.instead: Callable[[Answer], Answer] | None = None
        """Changes an answer after the double has acted."""
        self.without_acting: Answer | None = None
        """Given instead of asking the double at all."""

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        """Send it on, unless told otherwise."""
        self.sent.append(Sent(url, headers, body))
        if self.without_acting is not None:
            return self.without_acting
        answer = await self._inner.send(method, url, headers, body, timeout)
        return self.instead(answer) if self.instead else answer

    async def close(self) -> None:
        """Close the double's client."""
        await self._inner.close()


@dataclass
class Bench:
    """A connector at work before a fresh double."""

    trial: Trial
    sandbox: Sandbox
    wire: Wire
    connector: Connector[Any]

    def kind(self, action: Action[Any, Any]) -> Kind:
        """The kind the ledger would act on."""
        if not isinstance(action.kind, Declared):
            return action.kind
        return self.connector.declared_effect({})  # type: ignore[no-any-return]  # the floor says Any

    async def do(
        self, action: Action[Any, Any], wanted: BaseModel, key: str = "trial-1", seconds: float = 5
    ) -> Any:
        """Call an action as the hub would: its marked field is the key where it has one."""
        return await action.function(self.connector, wanted, self.call(wanted, key, seconds))

    async def ask(self, action: Action[Any, Any], wanted: BaseModel) -> Any:
        """Call an action's lookup."""
        if action.look is None:
            raise Broken(f"Action {action.name} is checkable and has no lookup.")
        return await action.look(self.connector, wanted, self.call(wanted, "trial-1", 5))

    async def attempt(
        self, action: Action[Any, Any], wanted: BaseModel, seconds: float = 5
    ) -> Exception | None:
        """Call an action; what it raised, if anything."""
        try:
            await self.do(action, wanted, seconds=seconds)
        except Exception as error:  # noqa: BLE001  # what it raised is what is asked for
            return error
        return None

    def call(self, wanted: BaseModel | None, key: str, seconds: float) -> Call:
        """A call with this much time left."""
        marked = effect_key_field(type(wanted)) if wanted is not None else None
        if marked:
            key = str(getattr(wanted, marked))
        deadline = asyncio.get_running_loop().time() + seconds
        return Call(key, deadline, 1, self.sandbox.now())

    def memory(self) -> bytes:
        """What the double remembers, to compare."""
        return orjson.dumps(dict(self.sandbox.unsettled()), default=str, option=orjson.OPT_SORT_KEYS)


def with_other_key(wanted: BaseModel) -> BaseModel:
    """The same input under another key, where a field of the input is the key."""
    marked = effect_key_field(type(wanted))
    return wanted.model_copy(update={marked: f"{getattr(wanted, marked)}-other"}) if marked else wanted
