"""Parcels that have left while the sales channel, and so the customer, knows nothing of them."""

from hub.fulfilment.silence.finding import HORIZON, Scene, Silence, by_cause, clock_time, named, verb
from hub.store import overdue


async def tracking_gap(scene: Scene) -> list[Silence]:
    """What is shipped and not shown: one for each connection that keeps the number from the customer."""
    limit, horizon = scene.now - scene.patience.show_within, scene.now - HORIZON
    unshown = await overdue.unshown(scene.connection, scene.store_id, limit, horizon)
    unnumbered = await overdue.unnumbered(scene.connection, scene.store_id, limit, horizon)
    found = []
    for orders, why in ((unshown, "has not taken the number"), (unnumbered, "has named no tracking number")):
        for cause, waiting in by_cause(orders).items():
            since = clock_time(waiting[0].since, scene.hours)
            title = f"{named(waiting)} left {since} and {verb(waiting, 'shows', 'show')} no tracking: {cause} {why}"
            found.append(
                Silence("tracking-gap", cause or waiting[0].number, waiting[0].since, title, cause, waiting)
            )
    return found
