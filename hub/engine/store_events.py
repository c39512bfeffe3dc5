"""The hub's own events about a store rather than a person: sealed under the store's key, told once by their key."""

from hub.engine.ids import new_id
from hub.sdk import Event
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent
from hub.store.sealing import Box


def store_event(box: Box, store_id: str, event: Event) -> StoreEvent:
    """An event as it is kept; `box` is the store's own."""
    body = box.seal(to_bytes(event.model_dump()))
    return StoreEvent(new_id(), store_id, event.event_name(), event.key(), event.subject(), box.id, body)
