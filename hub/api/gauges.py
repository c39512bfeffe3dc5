"""Figures of the trade for Prometheus: those of the last thirty days, reckoned at most once in five minutes."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from hub.api.reports import asked_of, usual_period
from hub.assembly import Hub
from hub.fulfilment.figures.figure import Figure
from hub.fulfilment.figures.reports import REPORTS

FRESH = timedelta(minutes=5)
"""How long figures are told again without a look at the database; a scraper asks every quarter of a minute."""


@dataclass
class Gauges:
    """What was reckoned last, by store, and when."""

    found: dict[str, list[Figure]] = field(default_factory=dict)
    at: datetime | None = None
    _reckoning: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)

    async def fresh(self, hub: Hub) -> "TradeFigures":
        """The figures, reckoned anew if they are old or time was set back."""
        async with self._reckoning:
            now = hub.clock.now()
            if self.at is None or not timedelta(0) <= now - self.at < FRESH:
                self.found = {store: await _reckon(hub, store, now) for store in hub.world.stores}
                self.at = now
            return TradeFigures(self.found)


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
