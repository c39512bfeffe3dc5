"""Every watcher, and what all of them found in a store."""

from collections.abc import Awaitable, Callable

from hub.fulfilment.silence.connections import poll_silent, stock_signal_lost, webhook_silent
from hub.fulfilment.silence.finding import Scene, Silence
from hub.fulfilment.silence.forwarding import forward_late
from hub.fulfilment.silence.suppliers import feed_frozen, supplier_silent
from hub.fulfilment.silence.tracking import tracking_gap
from hub.store import silences

Watcher = Callable[[Scene], Awaitable[list[Silence]]]

WATCHERS: tuple[Watcher, ...] = (
    forward_late, tracking_gap, supplier_silent, feed_frozen, stock_signal_lost, webhook_silent, poll_silent,
)  # fmt: skip


async def look_around(scene: Scene) -> list[Silence]:
    """Everything that is silent in a store now. Where a connection does not take our credential, a person is asked
    about just that: what follows from it is not a second question."""
    closed = await silences.closed_connections(scene.connection, scene.store_id)
    found = [silence for watcher in WATCHERS for silence in await watcher(scene)]
    return [silence for silence in found if silence.connection not in closed]
