"""Who speaks of his own accord, and what had to be asked for: noted as news comes in, for the watchers of silence."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from hub.sdk import Event
from hub.store.database import Connection
from hub.store.events import EventRecord
from hub.store.signals import DELIVERY, hear, miss


async def note_heard(
    connection: Connection, delivered: Iterable[tuple[str, Iterable[Event]]], now: datetime
) -> None:
    """These connections have delivered something, and with it these events."""
    heard = {
        (connection_id, name)
        for connection_id, events in delivered
        for name in (DELIVERY, *(event.event_name() for event in events))
    }
    if heard:
        await hear(connection, list(heard), now)


async def note_missed(connection: Connection, found: Iterable[EventRecord], now: datetime) -> None:
    """What happened, and had to be asked for, no webhook has told of. What says no moment at which it happened may be
    something that no webhook tells of."""
    missed = Counter((r.connection_id, r.name) for r in found if r.happened_at is not None)
    for signal, count in sorted(missed.items()):
        await miss(connection, signal, count, now)
