"""Connections that no longer speak of their own accord: webhooks that stay away, and polls that get no answer."""

from collections import defaultdict
from datetime import datetime

from hub.fulfilment.silence.finding import Scene, Silence, clock_time
from hub.fulfilment.supplier import SupplierSpec
from hub.store import overdue, signals
from hub.store.overdue import Unasked
from hub.store.signals import DELIVERY, Heard

ANSWERING = 0.2
"""The share of a poll's interval in which its answer may still come."""


async def webhook_silent(scene: Scene) -> list[Silence]:
    """Connections whose webhooks came once, and no more, while asking finds what they should have told of.

    That alone proves it: where nothing happens, nothing comes. What was found may be on its way for a while.
    """
    patience = scene.patience
    found: dict[str, Silence] = {}
    for heard in await signals.heard_from(scene.connection, scene.store_id):
        if heard.signal == DELIVERY or heard.heard_at is None or heard.missed_at is None:
            continue
        is_overdue = heard.missed_at + patience.webhook_lag <= scene.now
        if is_overdue and heard.heard_at + patience.webhook_silence <= scene.now:
            since = clock_time(heard.heard_at, scene.hours)
            title = f"No webhook of {heard.connection_id} told of {heard.signal} since {since}; it was found by asking"
            found.setdefault(
                heard.connection_id,
                Silence("webhook-silent", heard.connection_id, heard.heard_at, title, heard.connection_id),
            )
    return list(found.values())


async def stock_signal_lost(scene: Scene) -> list[Silence]:
    """Suppliers whose webhooks are not signed any more, or whose heartbeats stay away."""
    beating = [spec.connection for spec in scene.suppliers if spec.heartbeat is not None]
    if beating:
        await signals.listen(scene.connection, beating, scene.now)
    heard = {
        one.connection_id: one
        for one in await signals.heard_from(scene.connection, scene.store_id)
        if one.signal == DELIVERY
    }
    found = []
    for spec in scene.suppliers:
        if spec.connection in heard and (lost := _lost(spec, heard[spec.connection], scene)):
            since, why = lost
            title = (
                f"The stock signal of {spec.connection} is lost since {clock_time(since, scene.hours)}: {why}"
            )
            found.append(Silence("stock-signal-lost", spec.connection, since, title, spec.connection))
    return found


def _lost(spec: SupplierSpec, heard: Heard, scene: Scene) -> tuple[datetime, str] | None:
    """Since when, and why. A connection that never sent anything of its own has no signal to lose."""
    if heard.heard_at is None:
        return None
    if heard.missed_at is not None and heard.misses >= scene.patience.refused_webhooks:
        return heard.missed_at, "its webhooks are not signed by it"
    if spec.heartbeat is None:
        return None
    missed = (scene.now - heard.heard_at) // spec.heartbeat
    if missed < scene.patience.missed_heartbeats:
        return None
    return heard.heard_at + spec.heartbeat, f"{missed} heartbeats have not come"


async def poll_silent(scene: Scene) -> list[Silence]:
    """Connections of which a poll was not answered for several of its turns: what came there meanwhile is not known."""
    behind: defaultdict[str, list[Unasked]] = defaultdict(list)
    for poll in await overdue.unasked(scene.connection, scene.store_id):
        is_behind = scene.now - poll.answered_at >= poll.every * scene.patience.poll_intervals
        # One that was asked a moment ago may yet be answered, as after the hub itself was away.
        if is_behind and (poll.asked_at is None or scene.now - poll.asked_at >= poll.every * ANSWERING):
            behind[poll.connection_id].append(poll)
    found = []
    for connection_id, polls in behind.items():
        since = min(poll.answered_at for poll in polls)
        names = ", ".join(poll.poll for poll in polls)
        title = f"{connection_id} was last asked with an answer {clock_time(since, scene.hours)}: {names}"
        found.append(Silence("poll-silent", connection_id, since, title, connection_id))
    return found
