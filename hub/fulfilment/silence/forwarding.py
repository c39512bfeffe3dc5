"""Paid orders that no supplier has been given in time, while nobody is asked about them."""

from collections.abc import Iterator, Sequence

from hub.fulfilment.silence.finding import HORIZON, Scene, Silence, by_cause, clock_time, named, verb
from hub.store import overdue
from hub.store.overdue import Kept
from hub.store.switches import is_store_paused

PAUSED = "paused"
"""What paused orders wait for, whatever it was that was paused: one person's decision."""


async def forward_late(scene: Scene) -> list[Silence]:
    """Orders past their time, by what they wait for; one that shares its cause with no other stands alone. Who has
    paused the whole store knows that its orders wait; a paused connection is easily forgotten."""
    limit = scene.now - scene.patience.forward_within
    found = await overdue.unforwarded(
        scene.connection, scene.store_id, scene.forwarding, limit, scene.now - HORIZON
    )
    paused = [order for order in found if order.is_paused]
    if paused and await is_store_paused(scene.connection, scene.store_id):
        paused = []
    causes = by_cause(order for order in found if not order.is_paused)
    alone = causes.pop(None, ())
    return [
        *_paused(paused, scene),
        *(_waiting_for(cause, orders, scene) for cause, orders in causes.items() if cause is not None),
        *(
            Silence("forward-late", order.number, order.since, _said([order], scene), None, (order,))
            for order in alone
        ),
    ]


def _said(orders: Sequence[Kept], scene: Scene) -> str:
    since = clock_time(orders[0].since, scene.hours)
    return f"{named(orders)}, paid {since}, {verb(orders, 'is', 'are')} with no supplier yet"


def _waiting_for(cause: str, orders: tuple[Kept, ...], scene: Scene) -> Silence:
    title = f"{_said(orders, scene)}: {cause} has not done what it was asked"
    return Silence("forward-late", cause, orders[0].since, title, cause, orders)


def _paused(orders: Sequence[Kept], scene: Scene) -> Iterator[Silence]:
    if orders:
        title = f"{_said(orders, scene)}: something they need is paused"
        yield Silence("forward-late", PAUSED, orders[0].since, title, None, tuple(orders))
