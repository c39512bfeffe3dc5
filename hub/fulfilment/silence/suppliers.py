"""Suppliers that take orders and answer none of them, and feeds that say the same while their goods are sold."""

from datetime import datetime, timedelta

from hub.fulfilment.feeds.frozen import Asked, Terms, silent_supplier
from hub.fulfilment.silence.finding import Scene, Silence, clock_time, named
from hub.fulfilment.supplier import SupplierSpec
from hub.model.calendar import Calendar
from hub.store import overdue, silences
from hub.store.overdue import Kept, Ordered

EVIDENCE = timedelta(days=14)
"""How far back a supplier's answers are looked at."""


async def supplier_silent(scene: Scene) -> list[Silence]:
    """Suppliers with several purchases in a row past the time in which they should have acknowledged them. What was
    sent before a person vouched for one does not count."""
    within = scene.policies.acknowledge_within
    trusted = await silences.trusted_since(scene.connection, scene.store_id, "supplier-silent")
    standing = await silences.standing(scene.connection, scene.store_id, "supplier-silent")
    # What a lasting silence began with counts however old it is: only an answer ends it, or a person.
    horizon = min([scene.now - EVIDENCE, *(silence.since for silence in standing)])
    late = await overdue.unanswered(scene.connection, scene.store_id, scene.now - within, horizon)
    specs = {spec.connection: spec for spec in scene.suppliers}
    found = []
    for supplier in late:
        since = max(horizon, trusted.get(supplier, horizon))
        given = await overdue.ordered_from(scene.connection, scene.store_id, supplier, since)
        calendar = _hours(specs.get(supplier), scene)
        asked = [_asked(order, within, calendar) for order in given]
        silent = silent_supplier(asked, scene.now, Terms(within=within))
        if silent is None:
            continue
        waiting = tuple(
            Kept(order.order_id, order.number, order.at, supplier)
            for order in given
            if order.reference in silent.references
        )
        title = f"{supplier} has acknowledged nothing since {clock_time(silent.since, scene.hours)}: {named(waiting)}"
        found.append(Silence("supplier-silent", supplier, silent.since, title, supplier, waiting))
    return found


async def feed_frozen(scene: Scene) -> list[Silence]:
    """Suppliers whose figures all stand still although what they speak of was sold."""
    patience = scene.patience
    found = []
    for spec in scene.suppliers:
        still = await overdue.still_feed(
            scene.connection, scene.store_id, spec.connection, patience.feed_frozen_after, scene.now
        )
        if still is None or still.units < patience.feed_frozen_units:
            continue
        since = clock_time(still.since, scene.hours)
        title = (
            f"{spec.connection} says the same stock since {since}, and {still.units} units of it were sold"
        )
        found.append(Silence("feed-frozen", spec.connection, still.since, title, spec.connection))
    return found


def due_at(at: datetime, within: timedelta, hours: Calendar | None) -> datetime:
    """By when a supplier should have answered. What comes, or falls due, while it is closed waits for its opening."""
    if hours is None:
        return at + within
    return _opened(hours, _opened(hours, at) + within)


def _opened(hours: Calendar, at: datetime) -> datetime:
    return hours.after(at, timedelta(0))


def _hours(spec: SupplierSpec | None, scene: Scene) -> Calendar | None:
    return spec.hours.calendar(scene.hours.zone) if spec is not None and spec.hours is not None else None


def _asked(order: Ordered, within: timedelta, hours: Calendar | None) -> Asked:
    return Asked(order.reference, order.at, order.answered_at, due_at(order.at, within, hours))
