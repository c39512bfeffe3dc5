"""The week after Monday: parcels leave, most arrive, one is found again, one is sent once more, one is refunded."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.cli.doubles import Doubles
from hub.cli.monday import SUPPLIERS
from hub.cli.stage import Stage
from hub.fulfilment.carriers import detect
from hub.sdk import Delivery
from hub.store.cases import outcomes_of
from hub.store.notices import sent_count

AT_ONCE = 8
CARRIER = "ups"


@dataclass(frozen=True, slots=True)
class WeekOutcome:
    """What came of the parcels. `notices` are messages to customers, `twice` those that anybody got twice."""

    delivered: int
    stalled: int
    recovered: int
    replaced: int
    refunded: int
    notices: int
    twice: int

    def figures(self) -> dict[str, int]:
        """As `--json` gives them."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass
class Week:
    """The outside world from Tuesday to the next Tuesday. Three parcels fall silent on their way."""

    stage: Stage
    doubles: Doubles
    monday: datetime
    told: Callable[[str], None]
    parcels: list[str] = field(default_factory=list)

    async def play(self) -> WeekOutcome:
        """Day by day; gives what came of it."""
        await self._tuesday()
        silent = self.parcels[:3]
        await self._scans(timedelta(days=2), "InTransit", self.parcels[3:], "Wednesday: the carrier has them")
        await self._scans(timedelta(days=3, hours=5), "Delivered", self.parcels[3:], "Thursday: delivered")
        await self._at(timedelta(days=4, hours=2, minutes=10), "Friday: three have been silent for 72 hours")
        stalled = sum(1 for case in (await self.stage.open_cases()) if case["kind"] == "stalled")
        await self._scans(timedelta(days=4, hours=6), "InTransit", silent[:1], "Friday: one moves again")
        await self._scans(timedelta(days=5), "Delivered", silent[:1], "Saturday: it arrives")
        said, lost = "Saturday: one is lost, its carrier says", {"subtag": "Exception_013"}
        await self._scans(timedelta(days=5, hours=1), "Exception", silent[1:2], said, lost)
        for name in SUPPLIERS:
            self._supplier(name).stock.update(dict.fromkeys(self._supplier(name).stock, 0))
        await self._at(
            timedelta(days=6, hours=2), "Sunday: patience with the third ends, and nobody has another"
        )
        await self._replacements()
        await self._scans(timedelta(days=8), "Delivered", self.parcels[72:], "Tuesday: it arrives")
        return await self._outcome(stalled)

    async def _tuesday(self) -> None:
        await self._at(timedelta(days=1, hours=2), "Tuesday: the suppliers hand 72 parcels to a carrier")
        news = [(name, order) for name in SUPPLIERS for order in self._supplier(name).orders]
        await self._deliver(self._ships(name, order) for name, order in news)

    async def _replacements(self) -> None:
        await self._at(timedelta(days=7), "Monday: the replacement leaves")
        left = [(n, o) for n in SUPPLIERS for o in self._supplier(n).orders if o["status"] != "shipped"]
        await self._deliver(self._ships(name, order) for name, order in left)

    async def _scans(
        self, after: timedelta, tag: str, numbers: list[str], said: str, more: Mapping[str, str] | None = None
    ) -> None:
        await self._at(after, said)
        for number in numbers:
            self._tracker.add_checkpoint(number, tag, slug=CARRIER, **(more or {}))
        await self._deliver(("tracker-1", self._tracker.update(number)) for number in numbers)

    async def _at(self, after: timedelta, said: str) -> None:
        self.told(said)
        await self.stage.at(self.monday + after)

    def _ships(self, supplier: str, order: Any) -> tuple[str, Delivery]:
        number = ups_number(len(self.parcels))
        self.parcels.append(number)
        self._tracker.add_checkpoint(number, "InfoReceived", slug=CARRIER)
        return supplier, self._supplier(supplier).ship(order["reference"], number, CARRIER)

    async def _deliver(self, news: Iterable[tuple[str, Delivery]]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(connection: str, delivery: Delivery) -> None:
            async with gate:
                await self.stage.post(connection, delivery)

        await asyncio.gather(*[one(*each) for each in news])
        await self.stage.settle()

    async def _outcome(self, stalled: int) -> WeekOutcome:
        async with self.stage.hub.database.connection() as connection:
            ends = await outcomes_of(connection, "stalled")
            notices = await sent_count(connection)
        delivered = sum(1 for t in self._tracker.account.trackings.values() if t["tag"] == "Delivered")
        told = [event["unique_id"] for event in self._messages.events]
        bought = sum(len(self._supplier(name).orders) for name in SUPPLIERS)
        return WeekOutcome(
            delivered=delivered,
            stalled=stalled,
            recovered=ends.get("recovered", 0),
            replaced=bought - 72,
            refunded=ends.get("refunded", 0),
            notices=notices,
            twice=len(told) - len(set(told)),
        )

    def _supplier(self, name: str) -> Any:
        return self.doubles.double("supplier_api", name)

    @property
    def _tracker(self) -> Any:
        return self.doubles.double("aftership", "tracker-1")

    @property
    def _messages(self) -> Any:
        return self.doubles.double("klaviyo", "messages-1")


def ups_number(place: int) -> str:
    """A number of UPS's form for the parcel at this place, with its check digit."""
    front = f"1ZF4R05903{place:07}"
    return next(f"{front}{digit}" for digit in range(10) if detect(f"{front}{digit}").carrier == CARRIER)
