"""Reports of the usual period that take long to reckon: told for a while as they were, and reckoned anew meanwhile.

A month of a large store takes seconds, and several people look at once. A report that is reckoned soon is reckoned for
each who asks, so that a small store sees what happened this moment.
"""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from hub.api.periods import PeriodShown, asked_of, usual_period
from hub.assembly import Hub
from hub.fulfilment.figures.figure import Figure
from hub.fulfilment.figures.reports import REPORTS

log = structlog.get_logger()

SOON = 0.25
"""Seconds: what takes no longer is never kept."""
FRESH = timedelta(minutes=5)
"""What is older is reckoned anew, by itself."""
OLD = timedelta(hours=1)
"""What is older is not told any more; whoever asks waits."""

_FRESHENED = [report for report in REPORTS.values() if report.is_kept_fresh]

Key = tuple[int, str, str]
"""The publication in force, the store and the report: with other policies figures mean something else."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A report's figures, the period they are of, and how many seconds they took."""

    period: PeriodShown
    figures: list[Figure]
    seconds: float

    def is_to_be_told(self, now: datetime) -> bool:
        """Whether it may be told at this moment instead of being reckoned anew."""
        return self.seconds > SOON and timedelta(0) <= now - self.period.until < OLD


@dataclass
class Reckoning:
    """What was reckoned last, and what is being reckoned; nothing is reckoned twice at once."""

    _kept: dict[Key, Reckoned] = field(default_factory=dict)
    _under_way: dict[Key, asyncio.Task[Reckoned]] = field(default_factory=dict)

    async def usual(self, hub: Hub, store: str, report: str) -> Reckoned:
        """A report of the thirty days before now, or before a moment that is not long ago."""
        kept = self._kept.get((hub.world.publication, store, report))
        if kept is not None and kept.is_to_be_told(hub.clock.now()):
            return kept
        return await asyncio.shield(self._begun(hub, store, report))

    async def keep_fresh(self, hub: Hub) -> None:
        """Reckon everything once, and from then on again and again what takes long. Runs until it is cancelled."""
        while True:
            for store, report in [(s, r.name) for s in hub.world.stores for r in _FRESHENED]:
                kept = self._kept.get((hub.world.publication, store, report))
                if kept is None or kept.seconds > SOON:
                    await self._renew(hub, store, report)
            await asyncio.sleep(FRESH.total_seconds())

    async def rest(self) -> None:
        """Stop reckoning."""
        for task in (tasks := list(self._under_way.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _renew(self, hub: Hub, store: str, report: str) -> None:
        try:
            await asyncio.shield(self._begun(hub, store, report))
        except Exception as error:  # noqa: BLE001  whoever asks for it hears of it; the others are kept fresh
            log.warning("report not reckoned", report=report, error=type(error).__name__)

    def _begun(self, hub: Hub, store: str, report: str) -> asyncio.Task[Reckoned]:
        key = (hub.world.publication, store, report)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._reckon(hub, key), name="reckon a report")
            self._under_way[key] = task
        return task

    async def _reckon(self, hub: Hub, key: Key) -> Reckoned:
        _, store, report = key
        now, began = hub.clock.now(), time.monotonic()
        period = usual_period(now)
        try:
            async with hub.database.connection() as connection:
                asked = asked_of(hub.world.stores[store], period, now)
                figures = await REPORTS[report].compute(connection, asked)
            found = Reckoned(period, figures, time.monotonic() - began)
            # What an older publication means is told to nobody any more.
            self._kept = {k: v for k, v in self._kept.items() if k[0] == key[0]} | {key: found}
            return found
        finally:
            del self._under_way[key]
