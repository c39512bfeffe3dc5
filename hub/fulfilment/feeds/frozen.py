"""A feed that says the same while its goods are sold, and a supplier who says nothing at all. Pure.

Both are what lets one order in eight go wrong for three weeks before anybody looks.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FROZEN_AFTER = timedelta(hours=48)
SOLD_AT_LEAST = 3
"""Fewer units may have been put back, or returned, in the same two days."""


@dataclass(frozen=True, slots=True)
class FeedSeen:
    """A supplier's stock list as it arrived; `digest` is the same for the same contents."""

    at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class UnitsSold:
    """Units of articles from that list which were bought from the supplier."""

    at: datetime
    units: int


@dataclass(frozen=True, slots=True)
class FeedFrozen:
    """The list has not changed since `since`, although `units` were sold from it."""

    since: datetime
    units: int


def frozen_feed(
    seen: Iterable[FeedSeen],
    sold: Iterable[UnitsSold],
    now: datetime,
    *,
    after: timedelta = FROZEN_AFTER,
    at_least: int = SOLD_AT_LEAST,
) -> FeedFrozen | None:
    """Whether a list has stood still for so long while so many units were sold from it."""
    arrived = sorted((one for one in seen if one.at <= now), key=lambda one: one.at)
    if not arrived:
        return None
    since = arrived[-1].at
    for one in reversed(arrived):
        if one.digest != arrived[-1].digest:
            break
        since = one.at
    units = sum(sale.units for sale in sold if since < sale.at <= now)
    is_frozen = now - since >= after and units >= at_least
    return FeedFrozen(since, units) if is_frozen else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A purchase order that a supplier was given, and when it accepted or rejected it. `due_at` is when it should have,
    where that is not so long after `at` as always: its working hours count."""

    reference: str
    at: datetime
    answered_at: datetime | None = None
    due_at: datetime | None = None

    def due(self, within: timedelta) -> datetime:
        """By when it should be answered."""
        return self.at + within if self.due_at is None else self.due_at


@dataclass(frozen=True, slots=True)
class Terms:
    """How a supplier that still works answers: within what time, and how many of a hundred orders it never answers by
    then. `evidence` is how many times likelier silence must be than chance: it sets the rate of false alarms."""

    within: timedelta = timedelta(hours=12)
    usual_misses: float = 0.05
    evidence: float = 300.0


@dataclass(frozen=True, slots=True)
class SupplierSilent:
    """Orders that a supplier has left unanswered past its time, the oldest first."""

    references: tuple[str, ...]
    since: datetime


_DEAD_MISSES = 0.97
"""Even when a supplier is as good as dead, somebody may answer an order by hand."""


def silent_supplier(asked: Sequence[Asked], now: datetime, terms: Terms = Terms()) -> SupplierSilent | None:
    """Whether a supplier has gone silent: a running sum of what each order due since says for it and against it.

    A sequential test (Page's CUSUM on log-likelihoods): an answer in time takes it back to nothing, so a supplier that
    misses one order in twenty hardly ever raises it; two in a row that nobody has answered do.
    """
    missed = math.log(_DEAD_MISSES / terms.usual_misses)
    answered = math.log((1 - _DEAD_MISSES) / (1 - terms.usual_misses))
    evidence = 0.0
    open_orders: list[Asked] = []
    for order in sorted(asked, key=lambda order: (order.at, order.reference)):
        if order.at > now or (order.answered_at is None and order.due(terms.within) > now):
            continue
        if order.answered_at is not None and order.answered_at <= now:
            evidence = max(0.0, evidence + answered)
            open_orders = open_orders if evidence else []
        elif order.due(terms.within) <= now:
            evidence += missed
            open_orders.append(order)
    if evidence < math.log(terms.evidence):
        return None
    return SupplierSilent(tuple(order.reference for order in open_orders), open_orders[0].at)
