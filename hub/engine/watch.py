"""What nobody tells of: each store is looked around in now and then, and what fell silent, or speaks again, is told.

It is also when suppliers are weighed, for stores that set a price on broken promises.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

import structlog

from hub.engine.engine import Engine
from hub.engine.ids import new_id
from hub.engine.store_events import store_event
from hub.engine.world import StoreConfig
from hub.fulfilment.promise_risk import weigh
from hub.fulfilment.silence.finding import Scene, Silence
from hub.fulfilment.silence.watchers import look_around
from hub.fulfilment.silence_events import SilenceBegan, SilenceOver
from hub.model.calendar import Calendar
from hub.sdk import Event
from hub.store import silences
from hub.store.database import Connection
from hub.store.events import tell
from hub.store.overdue import Kept
from hub.store.silences import Standing

log = structlog.get_logger()

FORWARDING = frozenset({"order_paid", "order_filtered", "order_assigned"})
"""What starts the flows that bring a paid order to its suppliers."""


LEAP = 30.0
"""Seconds by which the trade's clock may run ahead of real time, or behind it, between two looks."""
CALM = 60.0
"""Seconds without a leap before silence means anything."""


class Steadiness:
    """Whether the trade's clock goes as real time does. Where it has just leapt, as in a told story or after the hub
    was away, what is on its way has had no time yet, and would be called silent for nothing."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._leapt_at = 0.0

    def holds(self, now: datetime, moment: float) -> bool:
        """Whether there was no leap for `CALM`; `moment` is the process's own clock, in seconds."""
        last, self._last = self._last, (now, moment)
        if last is None or abs((now - last[0]).total_seconds() - (moment - last[1])) > LEAP:
            self._leapt_at = moment
        return moment - self._leapt_at >= CALM


async def watch(engine: Engine) -> None:
    """Look around in every store once. Safe in every worker at once: in each store one looks at a time."""
    for store in list(engine.world.stores.values()):
        await engine.database.repeat(partial(_look, engine, store))


async def _look(engine: Engine, store: StoreConfig, connection: Connection) -> None:
    if not await silences.take_turn(connection, store.id):
        return
    scene = _scene(engine, store, connection)
    found = {(silence.kind, silence.about): silence for silence in await look_around(scene)}
    standing = {(s.kind, s.about): s for s in await silences.standing(connection, store.id)}
    begun = [_begun(silence, scene) for cause, silence in found.items() if cause not in standing]
    over = [silence for cause, silence in standing.items() if cause not in found]
    for new in begun:
        await silences.begin(connection, store.id, new)
    for cause, silence in found.items():
        if cause in standing:
            await silences.go_on(connection, standing[cause].id, silence.title, _written(silence.orders))
    await silences.end(connection, [silence.id for silence in over], scene.now)
    events: list[Event] = [*map(_began, begun), *map(_over, over)]
    await tell(connection, [store_event(store.box, store.id, event) for event in events], scene.now)
    if store.policies.promise_risk.price is not None:
        await weigh(connection, store.id, [spec.connection for spec in store.suppliers], scene.now)
    _note(begun, over)


def _scene(engine: Engine, store: StoreConfig, connection: Connection) -> Scene:
    programs = [program for (id, _), program in engine.world.active.items() if id == store.id]
    return Scene(
        connection=connection,
        store_id=store.id,
        now=engine.clock.now(),
        policies=store.policies,
        suppliers=store.suppliers,
        forwarding=[
            p.graph.flow for p in programs if p.graph.trigger and p.graph.trigger.event in FORWARDING
        ],
        # Every flow of a store is published with the store's hours.
        hours=programs[0].calendar if programs else Calendar(store.zone),
    )


def _begun(silence: Silence, scene: Scene) -> Standing:
    return Standing(
        new_id(),
        silence.kind,
        silence.about,
        silence.connection,
        silence.since,
        scene.now,
        silence.title,
        _written(silence.orders),
    )


def _written(orders: Iterable[Kept]) -> list[dict[str, str]]:
    return [
        {"id": _id(order.order_id), "number": order.number, "since": order.since.isoformat()}
        for order in orders
    ]


def _id(order_id: UUID | None) -> str:
    return str(order_id) if order_id else ""


def _began(new: Standing) -> SilenceBegan:
    number = new.orders[0]["number"] if len(new.orders) == 1 else None
    return SilenceBegan(
        silence=str(new.id), kind=new.kind, about=new.about, connection=new.connection_id, number=number
    )


def _over(old: Standing) -> SilenceOver:
    return SilenceOver(silence=str(old.id), kind=old.kind, about=old.about)


def _note(begun: list[Standing], over: list[Standing]) -> None:
    for silence in begun:
        log.warning("silence began", kind=silence.kind, about=silence.about, orders=len(silence.orders))
    for silence in over:
        log.info("silence over", kind=silence.kind, about=silence.about)
