"""The door for what arrives: verification, webhooks and polls. Only `hub.engine.intake` may use it."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hub.sdk import Call, Connector, Delivery, Event, Page, Unreadable, Unverified, polls_of, webhooks_of
from hub.sdk.events import Poll, Webhook


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a verified delivery before its body is read."""

    topic: str
    key: str


def verify(connector: Connector[Any], delivery: Delivery) -> Known:
    """Check who sent it; raises `Unverified` for anything but a clean yes."""
    try:
        connector.verify(delivery)
        return Known(connector.topic(delivery), connector.delivery_key(delivery))
    except Unverified:
        raise
    except Exception as error:
        raise Unverified(f"The delivery could not be verified ({type(error).__name__}).") from error


def read(connector: Connector[Any], topic: str, delivery: Delivery) -> list[Event] | None:
    """The events of a delivery; None for a topic this connector has no use for. Raises `Unreadable`."""
    for webhook in _webhooks(type(connector)).values():
        if not webhook.topics or topic in webhook.topics:
            try:
                found = webhook.read(connector, delivery)
            except Unreadable:
                raise
            except Exception as error:
                raise Unreadable(f"{type(error).__name__} while reading a {topic or 'delivery'}.") from error
            return found if isinstance(found, list) else [found]
    return None


def polls(connector: type[Connector[Any]]) -> dict[str, Poll]:
    """The polls of a connector, by name."""
    return _polls(connector)


async def ask(connector: Connector[Any], name: str, cursor: str | None, call: Call) -> Page[Any]:
    """What is new since the cursor. Raises whatever went wrong: the same cursor is asked again later."""
    async with asyncio.timeout_at(call.deadline):
        page: Page[Any] = await _polls(type(connector))[name].ask(connector, cursor, call)
        return page


def _webhooks(connector: Any) -> dict[str, Webhook]:
    return _webhooks_once(connector)


def _polls(connector: Any) -> dict[str, Poll]:
    return _polls_once(connector)


_webhooks_once = lru_cache(maxsize=256)(webhooks_of)
_polls_once = lru_cache(maxsize=256)(polls_of)
