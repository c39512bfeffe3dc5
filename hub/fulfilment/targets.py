"""The hub's own `figures.touchless`: whether the orders of the last thirty days needed people too often."""

from datetime import datetime, timedelta
from decimal import Decimal

from hub.fulfilment.call import OwnCall
from hub.fulfilment.figures.figure import ORDERS, Said, percent
from hub.fulfilment.root_causes import cause_of
from hub.sdk.commerce import Record
from hub.store.figures import exceptions
from hub.store.figures.cohort import Cohort

SPAN = timedelta(days=30)
A_DAY = timedelta(days=1)
ENOUGH = 20
"""Fewer orders say nothing about a target."""
NAMED = 3
"""How many kinds of cases are named; the others are on the dashboard."""


class TargetAsked(Record):
    """The last thirty days, as of now."""


class TargetTold(Record):
    """`rate` is in percent, missing where too few orders came to tell. `has_fallen`: it is below `target`, and was not
    a day ago. `title` and `text` say so to people."""

    rate: Decimal | None = None
    target: Decimal
    orders: int
    has_fallen: bool
    title: str
    text: str


async def touchless(asked: TargetAsked, call: OwnCall) -> TargetTold:
    """Say which share of orders needed nobody, and whether it has just fallen below the store's target."""
    target = call.policies.touchless_target
    rate, orders = await _rate(call, call.now)
    yesterday, _ = await _rate(call, call.now - A_DAY)
    is_below = rate is not None and rate < target
    was_below = yesterday is not None and yesterday < target
    waiting = await exceptions.open_now(call.connection, call.store_id)
    kinds = ", ".join(f"{cause_of(k.kind)} ({k.count})" for k in waiting[:NAMED])
    return TargetTold(
        rate=rate,
        target=target,
        orders=orders,
        has_fallen=is_below and not was_below,
        title=f"{rate} % of orders needed nobody, the target is {target.normalize():f} %" if is_below else "",
        text=f"Of {orders} orders in thirty days. Open now: {kinds or 'nothing'}.",
    )


async def _rate(call: OwnCall, until: datetime) -> tuple[Decimal | None, int]:
    found = await exceptions.untouched(call.connection, Cohort(call.store_id, until - SPAN, until))
    if found.of < ENOUGH:
        return None, found.of
    value = percent(Said("touchless_rate", "", ORDERS), found.count, found.of, "").value
    return (value if isinstance(value, Decimal) else None), found.of
