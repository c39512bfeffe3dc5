"""Figures of the trade for Prometheus: those of the last thirty days, reckoned at most once in five minutes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.api.periods import asked_of, usual_period
from hub.assembly import Hub
from hub.fulfilment.figures.figure import Figure
from hub.fulfilment.figures.reports import REPORTS

log = structlog.get_logger()

FRESH = timedelta(minutes=5)
"""How long figures are told again without a look at the database; a scraper asks every quarter of a minute."""


@dataclass
class Gauges:
    """What was reckoned last, by store, and when: a large store's month takes longer than a scraper waits."""

    found: dict[str, list[Figure]] = field(default_factory=dict)
    at: datetime | None = None
    patience: float = 5.0
    """Seconds a scrape waits for figures to be reckoned anew; then it is told those of before."""
    _reckoning: asyncio.Task[None] | None = field(default=None, repr=False)

    async def fresh(self, hub: Hub) -> "TradeFigures":
        """The figures, reckoned anew if they are old or time was set back; those of before where that takes long."""
        now = hub.clock.now()
        if self._reckoning is None and (self.at is None or not timedelta(0) <= now - self.at < FRESH):
            self._reckoning = asyncio.create_task(self._renew(hub, now), name="reckon figures")
        if self._reckoning is not None:
            await asyncio.wait({self._reckoning}, timeout=self.patience)
        return TradeFigures(self.found)

    async def rest(self) -> None:
        """Stop reckoning."""
        if self._reckoning is not None:
            self._reckoning.cancel()
            await asyncio.gather(self._reckoning, return_exceptions=True)

    async def _renew(self, hub: Hub, now: datetime) -> None:
        try:
            self.found = {store: await _reckon(hub, store, now) for store in hub.world.stores}
            self.at = now
        except Exception as error:  # noqa: BLE001  the other figures are told all the same, and it is tried again
            log.warning("figures not reckoned", error=type(error).__name__)
        finally:
            self._reckoning = None


async def _reckon(hub: Hub, store: str, now: datetime) -> list[Figure]:
    asked = asked_of(hub.world.stores[store], usual_period(now), now)
    async with hub.database.connection() as connection:
        return [
            figure
            for report in REPORTS.values()
            if report.is_gauge
            for figure in await report.compute(connection, asked)
        ]


class TradeFigures(Collector):
    """One gauge for each name, with the figures' labels; what is unknown has no sample."""

    def __init__(self, found: dict[str, list[Figure]]) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        by_name: defaultdict[str, list[tuple[str, Figure]]] = defaultdict(list)
        for store, figures in self._found.items():
            for figure in figures:
                by_name[figure.name].append((store, figure))
        for name, found in by_name.items():
            yield _family(name, found)


def _family(name: str, found: list[tuple[str, Figure]]) -> GaugeMetricFamily:
    first = found[0][1]
    of = f", of {first.of_what}" if first.of_what else ""
    labelled = [(_labels(store, figure), figure) for store, figure in found]
    keys = sorted({key for labels, _ in labelled for key in labels})
    family = GaugeMetricFamily(f"faros_{name}", f"{first.title}{of}, in {first.unit}.", labels=keys)
    for labels, figure in labelled:
        if figure.value is not None:
            family.add_metric([labels.get(key, "") for key in keys], float(figure.value))
    return family


def _labels(store: str, figure: Figure) -> dict[str, str]:
    currency = {"currency": figure.currency} if figure.currency else {}
    return {"store": store, **currency, **figure.labels}
