"""The hub's own events of what follows a purchase: parcels, notices, customers' answers, missing articles."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AwareDatetime

from hub.sdk import Event
from hub.sdk.commerce import Address, Internal, Personal


class _AboutOrder(Event):
    """Something about an order; `order_id` is its channel's, `number` what people call it."""

    match_fields: ClassVar[tuple[str, ...]] = ("order_id",)

    order_id: str
    number: str

    def subject(self) -> str | None:
        return self.number


class PurchaseSent(_AboutOrder):
    """A supplier took a purchase order. It should be acknowledged and leave by these moments."""

    match_fields = ("order_id", "reference")

    reference: str
    supplier: Annotated[str, Internal()]
    status: str
    acknowledge_by: AwareDatetime
    ship_by: AwareDatetime
    round: int = 1

    def key(self) -> str:
        return self.reference


class ShipmentCreated(_AboutOrder):
    """A parcel of a purchase has a tracking number."""

    match_fields = ("order_id", "shipment", "tracking_number")

    shipment: str
    purchase: str
    tracking_number: str
    carrier: str = ""
    generation: int = 0
    round: int = 1

    def key(self) -> str:
        return self.shipment


class ParcelMirrored(_AboutOrder):
    """A parcel, or a `milestone` of its way, is to be shown on another channel that has the same order: this one."""

    match_fields = ("order_id", "shipment")

    shipment: str
    milestone: str = ""

    def key(self) -> str:
        return f"{self.order_id}/{self.shipment}/{self.milestone}"


class ShipmentStalled(_AboutOrder):
    """A parcel fell silent, is lost, or comes back. `spell` counts such worries, patience ends at
    `gives_up_at`."""

    match_fields = ("order_id", "shipment")

    shipment: str
    purchase: str
    tracking_number: str
    last_scan: str
    gives_up_at: AwareDatetime
    is_lost: bool = False
    spell: int
    generation: int = 0
    round: int = 1

    def key(self) -> str:
        return f"{self.shipment}/{self.spell}"


class ShipmentNews(Event):
    """A parcel that somebody worries about moves again, arrived, or is lost for certain."""

    match_fields = ("shipment",)

    shipment: str
    news: Literal["moved", "delivered", "lost", "returned", "void"]
    at: AwareDatetime

    def key(self) -> str:
        return f"{self.shipment}@{self.news}@{self.at.isoformat()}"


class OrderOutOfStock(_AboutOrder):
    """Lines of an order cannot be had from any supplier. `round` counts how often the order was sent on."""

    round: int
    reason: Annotated[str, Internal()] = ""
    because: str = ""

    def key(self) -> str:
        return f"{self.order_id}/{self.round}/{self.because}"


class NoticeDue(_AboutOrder):
    """A customer should hear of something, not before `not_before` if there is one. `milestone` makes it one notice per
    thing, however often it is asked for."""

    notice: str
    milestone: str
    shipment: str = ""
    not_before: AwareDatetime | None = None
    facts: dict[str, Any] = {}

    def key(self) -> str:
        return f"{self.order_id}/{self.milestone}"


class CustomerAnswered(_AboutOrder):
    """A customer used a link: corrected an address, or chose; or the order was cancelled, and nobody need answer any
    more. `about` is what the link was made for."""

    match_fields = ("order_id", "about")

    about: str
    answer: Literal["corrected", "similar", "refund", "cancelled"]
    address: Annotated[Address | None, Personal("address")] = None
    at: AwareDatetime

    def key(self) -> str:
        return f"{self.about}@{self.at.isoformat()}"


AFTERMATH_EVENTS: tuple[type[Event], ...] = (
    PurchaseSent, ShipmentCreated, ParcelMirrored, ShipmentStalled, ShipmentNews, OrderOutOfStock, NoticeDue,
    CustomerAnswered,
)  # fmt: skip
"""Those of them that flows may emit and be triggered by."""
