"""Reports of exceptions: the four places where orders fail, how exceptions ended, why orders were cancelled, what was
avoided, how many orders needed nobody, and what is open now."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from hub.fulfilment.costs import in_vain, times
from hub.fulfilment.figures.figure import (
    ORDERS,
    Asked,
    Band,
    Figure,
    Said,
    banded,
    count,
    money,
    percent,
    span,
    tenth,
)
from hub.fulfilment.root_causes import (
    ADDRESS,
    CAUSES,
    KINDS,
    LATE_ROUTING,
    OUT_OF_STOCK,
    TRACKING_GAP,
    cause_of,
)
from hub.store.database import Connection
from hub.store.figures import cohort, exceptions, lateness
from hub.store.figures.exceptions import Met, Touches
from hub.store.figures.lateness import Limit

NO_ORDER = "No order was read in the period."
NO_MINUTES = "How long a person takes for one is not known: minutes_per_case in `costs`."
NO_COSTS = (
    "What a parcel in vain costs is not known: initial_shipping, return_processing and reshipping in `costs`."
)


async def failure_points(connection: Connection, asked: Asked) -> list[Figure]:
    """Orders that failed at each of the four points where orders fail."""
    orders, patience = await cohort.size(connection, asked.cohort), asked.policies.patience
    sold_out, address = Met(KINDS[OUT_OF_STOCK], [OUT_OF_STOCK]), Met(KINDS[ADDRESS], [ADDRESS])
    late = await lateness.bought_late(
        connection, asked.cohort, Limit(patience.forward_within, asked.now), KINDS[LATE_ROUTING]
    )
    hidden = await lateness.shown_late(
        connection, asked.cohort, Limit(patience.show_within, asked.now), KINDS[TRACKING_GAP]
    )
    points = (
        ("late_routed", "Bought late", late),
        ("tracking_gaps", "Shipped, and shown late", hidden),
        (
            "out_of_stock_after_order",
            "Sold out after the order",
            await exceptions.orders_that_met(connection, asked.cohort, sold_out),
        ),
        (
            "bad_addresses",
            "Addresses that cannot be delivered to",
            await exceptions.orders_that_met(connection, asked.cohort, address),
        ),
    )
    return [_of_orders(Said(name, title, ORDERS), many, orders) for name, title, many in points]


async def outcomes(connection: Connection, asked: Asked) -> list[Figure]:
    """Exceptions that are over, by root cause and by how they ended."""
    ended = await exceptions.ended(connection, asked.cohort, CAUSES)
    total = sum(e.count for e in ended)
    closed = Said("exceptions_closed", "Exceptions by outcome", "exceptions that are over")
    silent = Said("exceptions_without_outcome", "Nobody noted how they ended", "exceptions that are over")
    return [
        count(closed, e.count, "exceptions", total, cause=e.cause, outcome=e.outcome)
        if e.outcome
        else count(silent, e.count, "exceptions", total, cause=e.cause)
        for e in ended
    ]


async def cancellations(connection: Connection, asked: Asked) -> list[Figure]:
    """Orders that were cancelled, by cause, and at whose door it lies."""
    found = await exceptions.cancelled(connection, asked.cohort)
    orders = await cohort.size(connection, asked.cohort)
    said = Said("cancellations", "Cancelled orders", ORDERS)
    return [
        count(
            said,
            c.count,
            "orders",
            orders,
            cause=c.cause,
            **({"supplier": c.suppliers} if c.suppliers else {}),
        )
        for c in found
    ]


async def avoided(connection: Connection, asked: Asked) -> list[Figure]:
    """Bad addresses that no supplier ever saw, and what their parcels would have cost."""
    many = await exceptions.bad_addresses_stopped(connection, asked.cohort, KINDS[ADDRESS])
    orders = await cohort.size(connection, asked.cohort)
    each = in_vain(asked.policies.costs, asked.currency)
    cost = Said("cost_avoided", "Cost avoided", "addresses stopped")
    return [
        _of_orders(Said("bad_addresses_stopped", "Bad addresses stopped", ORDERS), many, orders),
        money(cost, times(many, each) if each and orders else None, many, NO_COSTS if orders else NO_ORDER),
    ]


async def touchless(connection: Connection, asked: Asked) -> list[Figure]:
    """Orders that needed nobody, for no case was ever opened for them; and where the others needed a person."""
    found = await exceptions.untouched(connection, asked.cohort)
    decided = await exceptions.decided_by_people(connection, asked.cohort)
    rate = percent(
        Said("touchless_rate", "Orders that needed nobody", ORDERS),
        found.count, found.of, NO_ORDER,
    )  # fmt: skip
    return [
        banded(rate, target_band(rate, asked.policies.touchless_target)),
        _of_orders(Said("orders_untouched", "Needed nobody", ORDERS), found.count, found.of),
        _of_orders(Said("orders_touched", "Needed a person", ORDERS), found.of - found.count, found.of),
        _work(decided, found.of, asked),
        *_touches(await exceptions.asked_at(connection, asked.cohort), found.of),
    ]


def _touches(found: list[Touches], orders: int) -> Iterator[Figure]:
    each = [({"step": f"{t.flow}: {t.node}"}, t.count) for t in found]
    for labels, many in [({}, sum(t.count for t in found)), *each]:
        yield Figure(
            name="manual_touches",
            title="A person is asked, per 100 orders",
            labels=labels,
            value=tenth(Decimal(many) * 100 / orders) if orders else None,
            unit="touches per 100 orders",
            of=orders,
            of_what=ORDERS,
            unknown="" if orders else NO_ORDER,
        )


def _work(decided: int, orders: int, asked: Asked) -> Figure:
    said = Said("person_minutes_a_day", "A person's minutes of each day", ORDERS)
    minutes = asked.policies.costs.minutes_per_case
    if minutes is None or not orders:
        nothing = NO_ORDER if minutes is not None else NO_MINUTES
        return span(said, None, "minutes", orders).model_copy(update={"unknown": nothing})
    days = (asked.cohort.until - asked.cohort.since) / timedelta(days=1)
    return span(said, float(minutes * decided) / days, "minutes", orders)


def target_band(rate: Figure, target: Decimal) -> Band:
    """Whether a rate in percent reaches its target."""
    is_below = isinstance(rate.value, Decimal) and rate.value < target
    return Band(
        name="below-target" if is_below else "on-target", says=f"The target is {target.normalize():f} %."
    )


async def open_exceptions(connection: Connection, asked: Asked) -> list[Figure]:
    """What waits for a person now, by root cause, most first; whatever the period."""
    found = await exceptions.open_now(connection, asked.cohort.store_id)
    many: defaultdict[str, int] = defaultdict(int)
    oldest: dict[str, datetime] = {}
    for kind in found:
        cause = cause_of(kind.kind)
        many[cause] += kind.count
        oldest[cause] = min(kind.oldest, oldest.get(cause, kind.oldest))
    total, of_what = sum(many.values()), "cases that are open now"
    ranked = sorted(many, key=lambda cause: (-many[cause], cause))
    cases = Said("open_exceptions", "Waiting for a person", of_what)
    ages = Said("oldest_open_hours", "The oldest has waited", of_what)
    return [
        *(count(cases, many[cause], "cases", total, cause=cause) for cause in ranked),
        *(
            span(ages, (asked.now - oldest[c]).total_seconds() / 3600, "hours", many[c], cause=c)
            for c in ranked
        ),
    ]


def _of_orders(said: Said, many: int, orders: int) -> Figure:
    if orders:
        return count(said, many, "orders", orders)
    return Figure(
        name=said.name, title=said.title, value=None, unit="orders", of=0, of_what=said.of_what,
        unknown=NO_ORDER,
    )  # fmt: skip
