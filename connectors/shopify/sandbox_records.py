"""What the sandbox remembers of an order's second half: parcels, refunds, edits; and of the shop's articles."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass
class ParcelEvent:
    """One step on a parcel's timeline, and the city, province and country where it was taken."""

    id: str
    status: str
    happened_at: datetime
    message: str | None = None
    place: tuple[str | None, str | None, str | None] = (None, None, None)


@dataclass
class ParcelRecord:
    """What Shopify calls a fulfilment: units of lines that left one location together."""

    id: str
    order: int
    part: str
    units: dict[int, int]
    tracking: list[dict[str, str | None]]
    created_at: datetime
    status: str = "SUCCESS"
    events: list[ParcelEvent] = field(default_factory=list)
    mails: int = 0
    """How often the customer was told of it."""
    updated_at: datetime | None = None
    """When anything about it changed last; None if nothing did since it was made."""
    expected_at: datetime | None = None
    displayed: str = ""
    """What the shop displays of it where its timeline does not say so."""

    def is_live(self) -> bool:
        """Whether it counts as having left."""
        return self.status in ("SUCCESS", "OPEN", "PENDING")

    def steps(self) -> list[ParcelEvent]:
        """Its timeline, oldest first."""
        return sorted(self.events, key=lambda event: event.happened_at)

    def display(self) -> str:
        """What the shop displays: its newest step, whoever told of it, or that it was sent."""
        if self.status == "CANCELLED":
            return "CANCELED"
        return self.displayed or (self.steps()[-1].status if self.events else "FULFILLED")

    def since(self, *statuses: str) -> datetime | None:
        """When its timeline first says one of these."""
        return next((event.happened_at for event in self.steps() if event.status in statuses), None)


@dataclass
class RefundRecord:
    """A refund: what came off the order, and how much went back by which payment."""

    id: str
    order: int
    note: str | None
    units: dict[int, int]
    shipping: Decimal
    parts: list[tuple[str, str, Decimal]]
    """Each a transaction's id, its parent's, and an amount."""
    status: str = "SUCCESS"
    """The status of its transactions; a failed one gives nothing back."""

    def amount(self) -> Decimal:
        """What it gives back, unless it failed."""
        given = sum((part[2] for part in self.parts), Decimal(0))
        return Decimal(0) if self.status in ("FAILURE", "ERROR") else given


@dataclass
class CancelJob:
    """An order that is being cancelled; `looks` is how often that is asked before it is done."""

    id: str
    order: int
    refund: bool
    looks: int
    fails: bool = False


@dataclass
class Variant:
    """An article of the shop."""

    id: str
    sku: str
    title: str
    price: Decimal


@dataclass
class StagedUnit:
    """A line that an edit adds; `off` is the discount on each unit."""

    id: str
    variant: Variant
    quantity: int
    off: Decimal = Decimal(0)


@dataclass
class EditSession:
    """An edit that was begun: nothing of it is seen until it is committed."""

    id: str
    order: int
    added: list[StagedUnit] = field(default_factory=list)
    quantities: dict[int, int] = field(default_factory=dict)


@dataclass
class SaleRecord:
    """What a committed edit added (positive units) or took out (negative)."""

    id: str
    line: int
    quantity: int
    amount: Decimal


@dataclass
class EditRecord:
    """A committed edit."""

    id: str
    note: str | None
    happened_at: datetime
    sales: list[SaleRecord]


@dataclass
class SubscriptionRecord:
    """A webhook that comes to an address."""

    id: str
    topic: str
    uri: str
    created_at: datetime
    filter: str | None = None
