"""Time as events: each store's mornings, hours, exports and reminders, told once, whoever sweeps first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub.engine.engine import Engine
from hub.engine.store_events import store_event
from hub.engine.world import StoreConfig
from hub.fulfilment.events import DayBegan, ExportDue, HourBegan, NumbersDue
from hub.fulfilment.exporting import exports_of, last_export, next_export
from hub.model.calendar import local_moment
from hub.sdk import Event
from hub.store.database import Connection
from hub.store.events import tell


async def tell_time(engine: Engine, now: datetime) -> None:
    """Tell every store whose next moment has come. An event's key is its nominal date or hour, so that of several
    workers one tells; a hub that was away tells today's morning, this hour and the last export, and nothing older."""
    due = [s for s in engine.world.stores.values() if engine.quiet_until.get(_mark(s), now) <= now]
    if not due:
        return
    events = [store_event(store.box, store.id, event) for store in due for event in _begun(store, now)]

    async def work(connection: Connection) -> None:
        await tell(connection, events, now)

    await engine.database.repeat(work)
    engine.quiet_until |= {_mark(store): _next(store, now) for store in due}


def _mark(store: StoreConfig) -> tuple[Any, ...]:
    """What a store's moments depend on: published anew with other hours, it is looked at anew."""
    times = [(spec.connection, *spec.orders_at) for spec in exports_of(store.suppliers)]
    return store.id, store.zone, store.policies.digest_at, *store.policies.numbers_at, *times


def _begun(store: StoreConfig, now: datetime) -> Iterator[Event]:
    hour = now.astimezone(UTC)
    yield HourBegan(date=hour.date().isoformat(), hour=hour.hour)
    today = now.astimezone(ZoneInfo(store.zone)).date()
    if local_moment(today, store.policies.digest_at, store.zone) <= now:
        yield DayBegan(date=today.isoformat(), hour=store.policies.digest_at.hour)
    reminders = [local_moment(today, at, store.zone) for at in store.policies.numbers_at]
    if passed := [moment for moment in reminders if moment <= now]:
        yield NumbersDue(at=max(passed))
    for spec in exports_of(store.suppliers):
        yield ExportDue(supplier=spec.connection, at=last_export(spec, store.zone, now))


def _next(store: StoreConfig, now: datetime) -> datetime:
    """The earliest of the next full hour, the next morning, the next reminder and the next export."""
    times, zone = [store.policies.digest_at, *store.policies.numbers_at], store.zone
    today = now.astimezone(ZoneInfo(zone)).date()
    daily = [local_moment(today + timedelta(days=n), at, zone) for at in times for n in (0, 1)]
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    outgoing = [next_export(spec, zone, now) for spec in exports_of(store.suppliers)]
    return min(moment for moment in (hour, *daily, *outgoing) if moment > now)
