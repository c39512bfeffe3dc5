"""The commerce vocabulary every connector translates to and from.

Fields that hold personal data are marked `Personal()`; fields that no customer may see are marked `Internal()`.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hub.sdk.effects import EffectKey


@dataclass(frozen=True, slots=True)
class Personal:
    """Marks a field that says something about a customer; `kind` is name, address, contact or note."""

    kind: Literal["name", "address", "contact", "note"] = "note"


@dataclass(frozen=True, slots=True)
class Internal:
    """Marks a field that no customer may ever see, such as who the supplier is."""


class Record(BaseModel):
    """A frozen value with a fixed set of fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]


class Money(Record):
    """An amount in a currency. Amounts of different currencies are never added or compared."""

    amount: Decimal
    currency: Currency


class Address(Record):
    """Where something goes. `region` is the ISO 3166-2 part after the country, such as NY."""

    name: Annotated[str, Personal("name")] = ""
    company: Annotated[str, Personal("name")] = ""
    line1: Annotated[str, Personal("address")]
    line2: Annotated[str, Personal("address")] = ""
    city: Annotated[str, Personal("address")]
    region: Annotated[str, Personal("address")] = ""
    postcode: Annotated[str, Personal("address")] = ""
    country: Country
    phone: Annotated[str, Personal("contact")] = ""


class Customer(Record):
    """Who bought. `id` is the channel's own; `accepts_sms` is the consent to text messages that it has on record."""

    id: str = ""
    first_name: Annotated[str, Personal("name")] = ""
    last_name: Annotated[str, Personal("name")] = ""
    email: Annotated[str, Personal("contact")] = ""
    phone: Annotated[str, Personal("contact")] = ""
    accepts_sms: bool = False


class OrderLine(Record):
    """One line of an order. `quantity` is what is still to be delivered after edits and refunds, `paid` what the
    customer pays for all of that, after discounts and without tax; None where the channel does not say."""

    id: str
    sku: str = ""
    title: str = ""
    variant: str = ""
    category: str = ""
    quantity: int
    unit_price: Money
    paid: Money | None = None
    needs_shipping: bool = True
    is_gift_card: bool = False
    properties: dict[str, str] = {}


PaymentStatus = Literal[
    "pending", "authorised", "partly_paid", "paid", "partly_refunded", "refunded", "voided", "expired"
]
RiskAdvice = Literal["none", "pending", "accept", "investigate", "cancel"]
RiskLevel = Literal["none", "pending", "low", "medium", "high"]


class Risk(Record):
    """What the channel's fraud analysis says. `score` is 0 to 1 where the channel gives one."""

    advice: RiskAdvice = "none"
    level: RiskLevel = "none"
    score: Decimal | None = None
    facts: list[str] = []


class Order(Record):
    """An order of a sales channel, as it stands now. `copy_of` is what another channel calls the order that this one
    was copied from, its id or its number there; empty where it was made here, or nobody says."""

    id: str
    number: str
    channel: str = ""
    copy_of: str = ""
    created_at: AwareDatetime
    updated_at: AwareDatetime
    cancelled_at: AwareDatetime | None = None
    payment: PaymentStatus
    total: Money
    customer: Customer = Customer()
    ship_to: Address | None = None
    shipping_method: str = ""
    lines: list[OrderLine]
    tags: list[str] = []
    note: Annotated[str, Personal("note")] = ""
    risk: Risk = Risk()
    is_test: bool = False


class OrderRef(Record):
    """Names one order at its sales channel, by the channel's id."""

    id: str


class TagOrder(Record):
    """Tags to add to an order; those it has already stay."""

    id: str
    tags: list[str]


class HoldOrder(Record):
    """Ask the channel not to fulfil an order yet. `handle` is ours, one per reason, so that we release only our own."""

    id: str
    handle: Annotated[str, Field(max_length=64)]
    reason: Literal["address", "stock", "payment", "fraud", "other"]
    note: str = ""


class ReleaseOrder(Record):
    """Take back our own hold with this handle; holds of others stay."""

    id: str
    handle: str


class OrderHolds(Record):
    """Which of our holds an order carries now."""

    id: str
    handles: list[str]


class OrderTags(Record):
    """The tags an order carries now."""

    id: str
    tags: list[str]


class ChangeAddress(Record):
    """Give an order another shipping address, as its customer corrected it."""

    id: str
    address: Address


class AddNote(Record):
    """A line for the shop's staff on the order."""

    id: str
    text: str


class AddressQuestion(Record):
    """An address to verify."""

    address: Address


AddressVerdictCode = Literal["deliverable", "missing_secondary", "corrected", "undeliverable", "unverifiable"]


class AddressVerdict(Record):
    """What a verifier says of an address.

    `missing_secondary`: the building exists, the apartment or unit is missing or wrong. `corrected`: deliverable as
    `suggestion`. `unverifiable`: the service could not tell (its own fault, or a country it does not cover); never a
    reason to trouble the customer.
    """

    verdict: AddressVerdictCode
    reason: str = ""
    codes: list[str] = []
    suggestion: Address | None = None


class StockQuestion(Record):
    """Which of a supplier's articles to ask about."""

    skus: list[str]


class StockLevel(Record):
    """How many of one article a supplier has, and when that was true."""

    sku: str
    available: int
    as_of: AwareDatetime
    unit_cost: Money | None = None


class StockLevels(Record):
    """Stock of several articles."""

    levels: list[StockLevel]


class PurchaseLine(Record):
    """One article on a purchase order, in the supplier's SKU."""

    line_id: str
    sku: str
    supplier_sku: str
    title: str = ""
    quantity: Annotated[int, Field(gt=0)]
    unit_cost: Money | None = None
    properties: dict[str, str] = {}


class NewPurchaseOrder(Record):
    """What to buy from a supplier. `reference` is unique per store, order, supplier and generation. `answer_url` is a
    page on which the supplier may answer, for whom no machine can; it opens to whoever has it."""

    reference: Annotated[str, EffectKey(), Field(min_length=1, max_length=120)]
    order_number: str
    ship_to: Address
    shipping_method: str = ""
    lines: Annotated[list[PurchaseLine], Field(min_length=1)]
    note: str = ""
    answer_url: Annotated[str, Internal()] = ""


PurchaseOrderStatus = Literal["accepted", "requested", "in_production", "shipped", "cancelled", "rejected"]


class PurchaseOrder(Record):
    """What the supplier says of a purchase order. `requested` means received, not yet confirmed. `is_batched`: it was
    laid aside, and its supplier gets it with the next batch."""

    reference: str
    supplier_reference: Annotated[str, Internal()] = ""
    status: PurchaseOrderStatus
    cost: Money | None = None
    reason: str = ""
    is_batched: bool = False


class PurchaseOrderRef(Record):
    """Names one purchase order by our reference."""

    reference: str


class Recall(Record):
    """What came of asking a supplier to stop a purchase order. `requested`: it was told so, and has not said yes. Only
    `cancelled` is its word that nothing of it is sent."""

    reference: str
    state: Literal["requested", "cancelled"]
    reason: Annotated[str, Internal()] = ""


class CustomerEvent(Record):
    """Something that happened to a customer, for the brand's messaging service, which may send a mail about it."""

    unique_id: Annotated[str, EffectKey(), Field(min_length=1)]
    metric: Annotated[str, Field(min_length=1, max_length=127)]
    customer: Customer
    happened_at: datetime | None = None
    value: Money | None = None
    properties: dict[str, Any] = {}


class Accepted(Record):
    """The other side took it; nothing more is known."""

    reference: str = ""
