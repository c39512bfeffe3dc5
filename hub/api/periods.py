"""The span of time that a report is about, and what it is asked of a store."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from hub.engine.world import StoreConfig
from hub.fulfilment.figures.figure import Asked
from hub.store.figures.cohort import Cohort

USUAL = timedelta(days=30)
TICK = timedelta(microseconds=1)


class PeriodShown(BaseModel):
    """The span whose orders, by when the hub first read them, tickets, by when they came, and promises, by when their
    time ran out, are counted."""

    since: datetime
    until: datetime = Field(description="Not itself included.")


def usual_period(now: datetime) -> PeriodShown:
    """The thirty days before now."""
    return PeriodShown(since=now - USUAL, until=now)


def asked_of(
    config: StoreConfig, period: PeriodShown, now: datetime, against: datetime | None = None
) -> Asked:
    """What a report is asked about a store. A period that ends now holds what happens this very moment."""
    return Asked(
        cohort=Cohort(config.id, period.since, period.until + TICK if period.until == now else period.until),
        now=now,
        policies=config.policies,
        currency=str(config.settings.get("currency", "")),
        against=against or period.since - (period.until - period.since),
    )
