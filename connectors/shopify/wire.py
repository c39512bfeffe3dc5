"""Shopify's JSON as it comes over the wire: what is read of it, and nothing more. Statuses stay text here."""

from decimal import Decimal
from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class Wire(BaseModel):
    """GraphQL's camel case; fields that were not asked for do no harm."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Snake(BaseModel):
    """The snake case of tokens and webhooks; anything may be added to them at any time."""

    model_config = ConfigDict(extra="ignore", frozen=True)


# Around every answer.


class Token(Snake):
    """What the client-credentials grant gives; `expires_in` is in seconds."""

    access_token: str = Field(min_length=1, repr=False)
    expires_in: float


class Throttle(Wire):
    """The bucket after this answer, in points and points a second."""

    maximum_available: Decimal
    currently_available: Decimal
    restore_rate: Decimal


class Cost(Wire):
    """What an answer cost."""

    requested_query_cost: Decimal = Decimal(0)
    throttle_status: Throttle

    def wait_for(self, cost: float, elapsed: float) -> float:
        """Seconds until the bucket can hold `cost`, this long after the answer; 0 if it can now."""
        bucket = self.throttle_status
        rate = max(float(bucket.restore_rate), 0.001)
        lacking = min(cost, float(bucket.maximum_available)) - float(bucket.currently_available)
        return max(lacking / rate - elapsed, 0.0)


class Extensions(Wire):
    """Beside the data."""

    cost: Cost | None = None


class GraphqlError(Wire):
    """One of an answer's top-level errors. Its message may quote data, so it is never passed on."""

    path: list[str | int] | None = None
    extensions: dict[str, Any] = {}

    @property
    def code(self) -> str:
        """Shopify's code; without a path and a known code the document itself was refused, before running."""
        code = str(self.extensions.get("code") or "")
        if code.isupper():
            return "INVALID_DOCUMENT" if code == "INVALID_VARIABLE" else code
        # Validation errors carry camel-case codes (undefinedField) and a path into the document, not the
        # data.
        if code:
            return "INVALID_DOCUMENT"
        return "INTERNAL_SERVER_ERROR" if self.path else "INVALID_DOCUMENT"

    def names(self) -> tuple[str, ...]:
        """The path without list positions."""
        return tuple(p for p in self.path or () if isinstance(p, str))


class GraphqlAnswer(Wire):
    """Every answer of the GraphQL address. Data and errors can come together."""

    data: dict[str, Any] | None = None
    errors: list[GraphqlError] = []
    extensions: Extensions | None = None


class UserError(Wire):
    """A refusal inside a mutation's payload; several mutations give no code."""

    field: list[str] | None = None
    code: str | None = None


class PageInfo(Wire):
    """Whether there is more, and after which cursor."""

    has_next_page: bool
    end_cursor: str | None = None


class Connection(Wire, Generic[T]):
    """One page of a list."""

    nodes: list[T]
    page_info: PageInfo


# Orders.


class Amount(Wire):
    """An amount in one currency."""

    amount: Decimal
    currency_code: str


class MoneyBag(Wire):
    """An amount in the shop's currency; the customer's is not asked for."""

    shop_money: Amount


class EmailAddress(Wire):
    """A customer's e-mail address."""

    email_address: str


class PhoneNumber(Wire):
    """A customer's telephone number."""

    phone_number: str
    marketing_state: str = ""


class CustomerNode(Wire):
    """A customer, as far as the app may know."""

    legacy_resource_id: str
    first_name: str | None = None
    last_name: str | None = None
    default_email_address: EmailAddress | None = None
    default_phone_number: PhoneNumber | None = None


class AddressNode(Wire):
    """A postal address; any part of it may be missing."""

    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: str | None = None
    zip: str | None = None
    country_code_v2: str | None = Field(None, alias="countryCodeV2")
    phone: str | None = None


class ProductNode(Wire):
    """A product."""

    product_type: str = ""


class Attribute(Wire):
    """Something the buyer or the shop's theme said about a line."""

    key: str
    value: str | None = None


class LineNode(Wire):
    """A line of an order."""

    id: str
    sku: str | None = None
    title: str
    variant_title: str | None = None
    current_quantity: int
    requires_shipping: bool
    is_gift_card: bool
    custom_attributes: list[Attribute] = []
    discounted_unit_price_after_all_discounts_set: MoneyBag
    price_after_all_discounts_before_taxes_set: MoneyBag
    product: ProductNode | None = None


class Fact(Wire):
    """One finding of a fraud analysis."""

    description: str
    sentiment: str


class Assessment(Wire):
    """What one provider says; the level is PENDING until it has looked."""

    risk_level: str
    facts: list[Fact] = []


class RiskNode(Wire):
    """What all providers together advise."""

    recommendation: str
    assessments: list[Assessment] = []


class ShippingLine(Wire):
    """How the buyer wanted it sent."""

    title: str = ""


class OrderNode(Wire):
    """An order."""

    legacy_resource_id: str
    name: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    cancelled_at: AwareDatetime | None = None
    test: bool
    source_identifier: str | None = None
    display_financial_status: str | None
    email: str | None = None
    phone: str | None = None
    note: str | None = None
    tags: list[str]
    current_total_price_set: MoneyBag
    customer: CustomerNode | None = None
    shipping_address: AddressNode | None
    shipping_line: ShippingLine | None = None
    risk: RiskNode
    line_items: Connection[LineNode]


class OrderAnswer(Wire):
    """Data of FarosOrder; null when there is no such order, or it is older than the app may read."""

    order: OrderNode | None


class LinesNode(Wire):
    """More lines of an order, and when it last changed."""

    updated_at: AwareDatetime
    line_items: Connection[LineNode]


class LinesAnswer(Wire):
    """Data of FarosOrderLines."""

    order: LinesNode | None


class CustomerId(Wire):
    """Only who."""

    legacy_resource_id: str


class ChangedNode(Wire):
    """An order in a list of changed ones."""

    legacy_resource_id: str
    name: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    cancelled_at: AwareDatetime | None = None
    display_financial_status: str | None
    email: str | None = None
    customer: CustomerId | None = None


class OrdersAnswer(Wire):
    """Data of FarosOrdersUpdated."""

    orders: Connection[ChangedNode]
