"""Events that the hub makes outside of any run: about a store, or told for a connection; each once by its key."""

from hub.engine.ids import new_id
from hub.sdk import Event
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent
from hub.store.sealing import Box


def store_event(box: Box, store_id: str, event: Event, source: str = "") -> StoreEvent:
    """An event as it is kept; `box` is that of whom it is about: the store's own, or a person's. `source` is the
    connection it is told for."""
    body = box.seal(to_bytes(event.model_dump()))
    return StoreEvent(
        new_id(), store_id, event.event_name(), event.key(), event.subject(), box.id, body, source
    )
