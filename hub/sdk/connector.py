"""Connector: the class that an integration subclasses, one instance per connection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict

from hub.sdk.actions import Call
from hub.sdk.capability import Capability
from hub.sdk.errors import Unverified
from hub.sdk.events import Delivery
from hub.sdk.http import Client, Http

if TYPE_CHECKING:
    from hub.sdk.testing import Sandbox


class Settings(BaseModel):
    """A connection's settings. Subclass it; credentials are `SecretStr`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


S = TypeVar("S", bound=Settings)

Depth = Literal["native", "webhook", "poll", "file", "email"]
"""How closely a connector is tied to the other side, the closest first: `native` is told by webhooks and can ask for
what they did not tell; `webhook` is told; `poll` asks; `file` and `email` exchange files and mails."""
DEPTHS: tuple[Depth, ...] = get_args(Depth)


@dataclass(frozen=True, slots=True)
class Limits:
    """How hard a connection may be pressed: requests a second, how many at once in a burst, how many in flight."""

    per_second: float | None = None
    burst: int = 10
    in_flight: int = 32


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a connection's webhook address takes; anything else is refused before it is stored."""

    media_types: tuple[str, ...] = ("application/json",)
    max_bytes: int = 1_048_576
    same_body_is_same_delivery: bool = True


class Connector(Generic[S]):
    """Code that knows one shop, supplier, carrier or mail service."""

    name: ClassVar[str]
    """The word in `hub.yaml`: lower case, digits, underscores."""
    title: ClassVar[str]
    """What people see."""
    level: ClassVar[int | None] = None
    """For suppliers: 1 e-mail, 2 file or portal, 3 API."""
    integration_depth: ClassVar[Depth | None] = None
    """How closely it is tied to the other side; without it, what its webhooks, polls and level say."""
    capabilities: ClassVar[tuple[Capability, ...]] = ()
    limits: ClassVar[Limits] = Limits()
    inbound: ClassVar[Inbound] = Inbound()
    default_base_url: ClassVar[str | None] = None
    """Where the real service lives; a connection's `base_url` overrides it."""
    schemes: ClassVar[tuple[str, ...]] = ("https", "http")
    """What a connection's `base_url` may begin with. A connector that names others speaks their protocol itself."""

    def __init__(self, settings: S, client: Client, base_url: str | None = None) -> None:
        self.settings = settings
        self.base_url = base_url or self.live_base_url()
        self._client = client

    @classmethod
    def settings_type(cls) -> type[Settings]:
        """The pydantic model of this connector's settings, from `Connector[AcmeSettings]`."""
        for base in getattr(cls, "__orig_bases__", ()):
            for argument in get_args(base):
                if isinstance(argument, type) and issubclass(argument, Settings):
                    return argument
        return Settings

    @classmethod
    def sandbox(cls) -> "Sandbox":
        """A double of the remote service. Import it inside, so that it is loaded only when wanted."""
        raise LookupError(f"Connector {cls.name!r} has no sandbox.")

    def live_base_url(self) -> str | None:
        """Where the real service lives; override it when that depends on the settings."""
        return self.default_base_url

    def http(self, call: Call) -> Http:
        """The only HTTP client a connector may use: it ends at the call's deadline and stays on this connection."""
        return Http(self._client, self.base_url, call.deadline)

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless the delivery was really sent by the other side. Compare bytes in constant time."""
        raise Unverified(f"Connector {self.name!r} takes no webhooks.")

    def topic(self, delivery: Delivery) -> str:
        """Which kind of delivery this is; `@webhook(...)` names the topics it reads."""
        return ""

    def delivery_key(self, delivery: Delivery) -> str:
        """What the sender repeats when it sends the same delivery again; the default is the body's hash."""
        return delivery.body_hash()

    async def probe(self, call: Call) -> str:
        """Ask something harmless to learn whether the settings work; the answer is a sentence for a person."""
        raise LookupError(f"Connector {self.name!r} cannot be probed.")

    def declared_effect(self, step: Mapping[str, Any]) -> Any:
        """For `Declared` actions: the kind these settings declare, or None."""
        return getattr(self.settings, "effect", None)
