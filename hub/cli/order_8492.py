"""The story of order #8492, from checkout to recovery: what the outside world does, minute by minute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hub.cli.doubles import Doubles
from hub.cli.stage import Stage
from hub.cli.telling import Moment, moments_of
from hub.store.cases import outcome_of

NUMBER = "8492"
ZONE = "America/New_York"
TUESDAY = datetime(2026, 12, 1, 10, 15, tzinfo=ZoneInfo(ZONE))
LOST, REPLACEMENT = "1Z8492E10301202609", "1Z8492E10306202609"
"""Two numbers of UPS's form; their check digits are right."""


@dataclass
class Outcome:
    """What came of it. `twice` names what was done more than once, counted at the doubles."""

    moments: list[Moment]
    outcome: str
    twice: list[str]

    def figures(self, seconds: float) -> dict[str, Any]:
        """As `--json` gives them."""
        return {
            "order": NUMBER,
            "outcome": self.outcome,
            "twice": self.twice,
            "seconds": round(seconds, 1),
            "moments": [moment.figures() for moment in self.moments],
        }


@dataclass
class Order8492:
    """The play: scenes in their order, and who says what in them."""

    stage: Stage
    doubles: Doubles
    told: Callable[[list[Moment]], None]

    async def play(self) -> Outcome:
        """All scenes; gives what came of them."""
        scenes = (
            self._checkout, self._analysis, self._confirmation, self._production, self._shipment, self._silence,
            self._investigation, self._replacement, self._transit, self._delivery,
        )  # fmt: skip
        known = 0
        for scene in scenes:
            await scene()
            moments = await self._moments()
            self.told(moments[known:])
            known = len(moments)
        return Outcome(await self._moments(), await self._outcome(), self._twice())

    async def _checkout(self) -> None:
        """Tuesday 10:15: Sarah buys a custom-engraved pendant for 89 dollars; the fraud analysis is at work."""
        engraver: Any = self.doubles.double("supplier_api", "engraver-ny")
        warehouse: Any = self.doubles.double("supplier_api", "warehouse-ca")
        engraver.promise = warehouse.promise = "keyed"
        engraver.stock["GE-771"] = 12
        warehouse.stock["W-771"] = 40
        await self.stage.at(TUESDAY)
        self.order = self._shop.add_order(
            name=f"#{NUMBER}",
            email="sarah@example.com",
            customer={"first_name": "Sarah", "last_name": "Miller", "email": "sarah@example.com"},
            shipping_address={
                "name": "Sarah Miller", "address1": "1 Main Street", "city": "Boston", "province_code": "MA",
                "zip": "02110",
            },
            lines=[{"sku": "PEND-ENG-SLV-001", "title": "Custom-Engraved Pendant", "price": Decimal(89)}],
            assessments=[{"level": "PENDING"}],
            recommendation="NONE",
        )  # fmt: skip
        await self.stage.deliver("shop-1", self._shop.order_paid_webhook(self.order.id))

    async def _analysis(self) -> None:
        """10:16: the analysis finds nothing."""
        await self.stage.at(TUESDAY + timedelta(minutes=1))
        self._shop.change_order(self.order.id, assessments=[{"level": "LOW"}], recommendation="ACCEPT")
        await self.stage.deliver("shop-1", self._shop.risk_webhook(self.order.id))

    async def _confirmation(self) -> None:
        """10:17: the confirmation goes out."""
        await self.stage.at(TUESDAY + timedelta(minutes=2))

    async def _production(self) -> None:
        """11:40: the engraver begins."""
        await self.stage.at(TUESDAY + timedelta(minutes=85))
        await self.stage.deliver("engraver-ny", self._engraver.begin(self._bought(0)))

    async def _shipment(self) -> None:
        """Thursday 14:30: the facility prints a label and says that it has shipped."""
        await self.stage.at(TUESDAY + timedelta(days=2, hours=4, minutes=15))
        self._tracker.add_checkpoint(LOST, "InfoReceived", slug="ups", message="Label created")
        await self.stage.deliver("engraver-ny", self._engraver.ship(self._bought(0), LOST, "UPS"))

    async def _silence(self) -> None:
        """Sunday 14:30: seventy-two hours, and no carrier has scanned it."""
        await self.stage.at(TUESDAY + timedelta(days=4, hours=4, minutes=15))
        await self.stage.at(TUESDAY + timedelta(days=5, hours=4, minutes=15))

    async def _investigation(self) -> None:
        """Sunday 15:05: the team asks carrier and facility; it was misplaced on the loading dock."""
        await self.stage.at(TUESDAY + timedelta(days=5, hours=4, minutes=50))
        await self.stage.tick("stalled", "carrier")
        await self.stage.tick("stalled", "supplier")
        await self.stage.resolve("stalled", "replace", "misplaced on the loading dock")

    async def _replacement(self) -> None:
        """Monday 09:20: the replacement leaves, by the fastest service."""
        await self.stage.at(TUESDAY + timedelta(days=5, hours=23, minutes=5))
        self._tracker.add_checkpoint(REPLACEMENT, "InfoReceived", slug="ups", message="Label created")
        await self.stage.deliver("engraver-ny", self._engraver.ship(self._bought(1), REPLACEMENT, "UPS"))

    async def _transit(self) -> None:
        """Monday 19:10: the carrier has it."""
        await self._scan(timedelta(days=6, hours=8, minutes=55), "InTransit")

    async def _delivery(self) -> None:
        """Tuesday: out for delivery, and there."""
        await self._scan(timedelta(days=6, hours=21, minutes=50), "OutForDelivery")
        await self._scan(timedelta(days=7, hours=1, minutes=26), "Delivered")

    async def _scan(self, after: timedelta, tag: str) -> None:
        await self.stage.at(TUESDAY + after)
        self._tracker.add_checkpoint(REPLACEMENT, tag, slug="ups")
        await self.stage.deliver("tracker-1", self._tracker.update(REPLACEMENT))

    async def _moments(self) -> list[Moment]:
        return await moments_of(self.stage.hub, NUMBER, ZONE)

    async def _outcome(self) -> str:
        async with self.stage.hub.database.connection() as connection:
            return await outcome_of(connection, "stalled", NUMBER) or "open"

    def _bought(self, place: int) -> str:
        """The reference of the engraver's purchase order, first or second."""
        return str(self._engraver.orders[place]["reference"])

    def _twice(self) -> list[str]:
        """What the other sides hold more than once."""
        references = [order["reference"] for order in self._engraver.orders]
        tickets = [ticket["external_id"] for ticket in self._desk.tickets.values()]
        messages = [event["unique_id"] for event in self._messages.events]
        everything = [*references, *tickets, *messages]
        return sorted({key for key in everything if everything.count(key) > 1})

    @property
    def _shop(self) -> Any:
        return self.doubles.double("shopify", "shop-1")

    @property
    def _engraver(self) -> Any:
        return self.doubles.double("supplier_api", "engraver-ny")

    @property
    def _tracker(self) -> Any:
        return self.doubles.double("aftership", "tracker-1")

    @property
    def _desk(self) -> Any:
        return self.doubles.double("gorgias", "desk-1")

    @property
    def _messages(self) -> Any:
        return self.doubles.double("klaviyo", "messages-1")
