"""Reports of purchases and parcels: what customers could not see yet, whether the books agree, how suppliers do, and
what the choice among them is worth."""

from collections.abc import Iterator
from decimal import Decimal

from hub.fulfilment.figures.figure import Asked, Figure, Said, count, money, percent, span
from hub.sdk.commerce import Money
from hub.store.database import Connection
from hub.store.figures import margin, parcels, suppliers
from hub.store.figures.margin import Baseline
from hub.store.figures.parcels import Difference
from hub.store.figures.suppliers import Drift, Score


async def tracking_gap(connection: Connection, asked: Asked) -> list[Figure]:
    """Minutes from leaving a supplier until the shop shows the number, which its customer cannot see till then."""
    found = await parcels.hidden(connection, asked.cohort)
    gap = Said("tracking_gap_minutes", "Shipped and not shown for", "parcels that the shop shows")
    waiting = Said("parcels_not_shown", "Shipped and not shown yet", "parcels that left")
    return [
        *(
            span(gap, minutes, "minutes", s.shown, supplier=s.supplier, quantile=quantile)
            for s in found
            for quantile, minutes in (("p50", s.p50), ("p95", s.p95))
        ),
        *(count(waiting, s.waiting, "parcels", s.shown + s.waiting, supplier=s.supplier) for s in found),
    ]


async def reconciliation(connection: Connection, asked: Asked) -> list[Figure]:
    """Lines that the shop sold, beside those that were bought and those that left; what differs must be explained."""
    books = await parcels.books(connection, asked.cohort)
    left_over = books.differing.get("", 0)
    of_what = "lines sold in the period"
    differs = Said("explained_differences", "Lines that differ, and why", of_what)
    explained = sorted((-many, why) for why, many in books.differing.items() if why)
    return [
        count(Said("lines_sold", "Sold"), books.sold, "lines"),
        count(Said("lines_bought", "Bought", of_what), books.bought, "lines", books.sold),
        count(Said("lines_shipped", "Shipped", of_what), books.shipped, "lines", books.sold),
        *(count(differs, -many, "lines", books.sold, why=why) for many, why in explained),
        count(
            Said("unexplained_differences", "Nothing explains them", of_what), left_over, "lines", books.sold
        ),
        *(map(_difference, await parcels.unexplained(connection, asked.cohort)) if left_over else ()),
    ]


def _difference(found: Difference) -> Figure:
    units = f"{found.sold} sold, {found.bought} bought, {found.shipped} shipped"
    said = Said("difference", "A line that nothing explains")
    return count(said, 1, "lines", order=found.number, line=found.line_id, units=units)


async def scorecards(connection: Connection, asked: Asked) -> list[Figure]:
    """Each supplier: how fast it answers and ships, what it rejects, whether its numbers and its prices hold."""
    found = await suppliers.scores(connection, asked.cohort)
    said = await suppliers.drifts(connection, asked.cohort)
    charged = await suppliers.charged(connection, asked.cohort)
    return [
        *(figure for score in found for figure in _scored(score)),
        *(_drift("cost_drift", "Costs more than expected", "purchases whose cost it named", d) for d in said),
        *(
            _drift("invoiced_drift", "Charged more than expected", "purchases it has invoiced", d)
            for d in charged
        ),
    ]


def _scored(s: Score) -> Iterator[Figure]:
    who = {"supplier": s.supplier}
    answers = Said("acknowledge_hours", "Acknowledged after", "purchases it acknowledged")
    leaves = Said("ship_hours", "Shipped after", "purchases it shipped")
    for quantile, answered, left in (
        ("p50", s.acknowledge_p50, s.ship_p50),
        ("p95", s.acknowledge_p95, s.ship_p95),
    ):
        yield span(answers, answered, "hours", s.acknowledged, **who, quantile=quantile)
        yield span(leaves, left, "hours", s.shipped, **who, quantile=quantile)
    sent = Said("rejects", "Gave back", "purchases sent to it")
    yield percent(sent, s.rejects, s.purchases, "It was sent no purchase.", **who)
    numbers = Said("invalid_tracking", "Numbers that no tracker knows", "parcels it named")
    yield percent(numbers, s.untrackable, s.parcels, "It has named no parcel.", **who)


def _drift(name: str, title: str, of_what: str, d: Drift) -> Figure:
    said = Said(name, f"{title}, in {d.currency}", of_what)
    share = percent(said, 0, d.purchases, "", supplier=d.supplier, currency=d.currency)
    value = ((d.said - d.expected) * 100 / d.expected).quantize(Decimal("0.1"))
    return share.model_copy(update={"value": value})


async def margin_gain(connection: Connection, asked: Asked) -> list[Figure]:
    """What the orders cost as they were decided, beside each supplier that could have had some of them alone."""
    found = await margin.compared(connection, asked.cohort)
    return [figure for baseline in found.baselines for figure in _gained(baseline, found.orders)]


def _gained(b: Baseline, orders: int) -> Iterator[Figure]:
    of_what = f"orders it could have had alone, of {orders} decided"
    for name, title, amount in (
        ("cost_chosen", "Cost as decided", b.chosen),
        ("cost_single_supplier", "Cost at this supplier alone", b.alone),
        ("margin_gain", "Gained by choosing", b.alone - b.chosen),
    ):
        value = Money(amount=amount, currency=b.currency)
        yield money(Said(name, title, of_what), value, b.orders, "", supplier=b.supplier)
