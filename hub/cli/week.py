"""The week after Monday's orders: parcels leave, most arrive; one is found, one is sent once more, one refunded."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hub.cli.demo_suppliers import CARRIER, Supplier, suppliers
from hub.cli.doubles import Doubles
from hub.cli.stage import Stage
from hub.fulfilment.carriers import detect
from hub.sdk import Delivery
from hub.store.cases import outcomes_of
from hub.store.notices import sent_count

AT_ONCE = 8
LOOKED_FOR = timedelta(minutes=20)
"""Within this, whatever suppliers say by file or by mail is looked for."""
BOUGHT = 72
"""So many purchases were sent on Monday."""


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
    """The outside world from Monday noon to the next Tuesday. A parcel of each supplier falls silent on its way."""

    stage: Stage
    doubles: Doubles
    monday: datetime
    told: Callable[[str], None]
    parcels: dict[str, str] = field(default_factory=dict)
    """What has left: tracking numbers, by the reference of the purchase."""

    async def play(self) -> WeekOutcome:
        """Day by day; gives what came of it."""
        for supplier in self._suppliers:
            supplier.acknowledge()
        await self._at(
            timedelta(hours=3), "Monday: the suppliers take their orders, by API, by file and by mail"
        )
        said = "Tuesday: the suppliers hand 72 parcels to a carrier"
        left = await self._hand_over(timedelta(days=1, hours=1), said)
        found, lost, _ = silent = [numbers[0] for numbers in left]
        others = [number for numbers in left for number in numbers if number not in silent]
        await self._scans(timedelta(days=2), "InTransit", others, "Wednesday: the carrier has them")
        await self._scans(timedelta(days=3, hours=5), "Delivered", others, "Thursday: delivered")
        await self._at(timedelta(days=4, hours=2, minutes=10), "Friday: three have been silent for 72 hours")
        stalled = sum(1 for case in (await self.stage.open_cases()) if case["kind"] == "stalled")
        await self._scans(timedelta(days=4, hours=6), "InTransit", [found], "Friday: one moves again")
        await self._scans(timedelta(days=5), "Delivered", [found], "Saturday: it arrives")
        why = {"subtag": "Exception_013"}
        said = "Saturday: one is lost, its carrier says"
        await self._scans(timedelta(days=5, hours=1), "Exception", [lost], said, why)
        for supplier in self._suppliers:
            supplier.sell_out()
        said = "Sunday: patience with the third ends, and nobody has another"
        await self._at(timedelta(days=6, hours=2), said)
        again = await self._hand_over(timedelta(days=7), "Monday: the replacement leaves")
        arriving = [number for numbers in again for number in numbers]
        await self._scans(timedelta(days=8), "Delivered", arriving, "Tuesday: it arrives")
        return await self._outcome(stalled)

    async def _hand_over(self, after: timedelta, said: str) -> list[list[str]]:
        """Whatever has not left yet leaves; gives the tracking numbers of each supplier's parcels."""
        await self._at(after, said)
        leaving = [(supplier, self._numbered(supplier)) for supplier in self._suppliers]
        await self._deliver(
            [(supplier.name, news) for supplier, parcels in leaving for news in supplier.ship(parcels)]
        )
        # By then the hub has looked for what suppliers say by file and by mail.
        await self._at(after + LOOKED_FOR, said)
        return [list(parcels.values()) for _, parcels in leaving]

    def _numbered(self, supplier: Supplier) -> dict[str, str]:
        """A label for each purchase in its books that has none, in the order of their numbers."""
        fresh = {}
        for reference in sorted(set(supplier.bought()) - set(self.parcels)):
            number = self.parcels[reference] = fresh[reference] = ups_number(len(self.parcels))
            self._tracker.add_checkpoint(number, "InfoReceived", slug=CARRIER)
        return fresh

    async def _scans(
        self, after: timedelta, tag: str, numbers: list[str], said: str, more: Mapping[str, str] | None = None
    ) -> None:
        await self._at(after, said)
        for number in numbers:
            self._tracker.add_checkpoint(number, tag, slug=CARRIER, **(more or {}))
        await self._deliver([("tracker-1", self._tracker.update(number)) for number in numbers])

    async def _at(self, after: timedelta, said: str) -> None:
        self.told(said)
        await self.stage.at(self.monday + after)

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
        bought = sum(supplier.bought().total() for supplier in self._suppliers)
        return WeekOutcome(
            delivered=delivered,
            stalled=stalled,
            recovered=ends.get("recovered", 0),
            replaced=bought - BOUGHT,
            refunded=ends.get("refunded", 0),
            notices=notices,
            twice=len(told) - len(set(told)),
        )

    @property
    def _suppliers(self) -> tuple[Supplier, ...]:
        return suppliers(self.doubles)

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
