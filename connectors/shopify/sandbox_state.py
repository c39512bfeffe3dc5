"""What the sandbox remembers of a shop: orders as people describe them, fulfilment orders, holds."""

from datetime import datetime
from decimal import Decimal
from itertools import count

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

OUR_APP = "faros"
"""Who holds when the request carries our token."""


class Seed(BaseModel):
    """A part of an order, as given to `add_order`; a misspelt field is an error."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class LineSeed(Seed):
    """A line. `current_quantity` is what edits and refunds leave; None leaves all."""

    id: int = 0
    sku: str | None = "GLW-SERUM-30"
    title: str = "Glow serum"
    variant: str | None = None
    quantity: int = 1
    current_quantity: int | None = None
    price: Decimal = Decimal("24.00")
    requires_shipping: bool = True
    gift_card: bool = False
    product_type: str = ""
    properties: dict[str, str] = Field(default_factory=dict)
    location: str = "Main warehouse"
    """Which location sends it: lines of one location make one fulfilment order."""

    def left(self) -> int:
        """How many are still wanted."""
        return self.quantity if self.current_quantity is None else self.current_quantity


class AddressSeed(Seed):
    """Where it goes."""

    name: str = "Ada Byron"
    company: str | None = None
    address1: str | None = "350 5th Ave"
    address2: str | None = None
    city: str | None = "New York"
    province_code: str | None = "NY"
    zip: str | None = "10118"
    country_code: str | None = "US"
    phone: str | None = None


class CustomerSeed(Seed):
    """Who bought."""

    id: int = 0
    first_name: str | None = "Ada"
    last_name: str | None = "Byron"
    email: str | None = None
    phone: str | None = None


class AssessmentSeed(Seed):
    """One provider's view of the risk."""

    level: str = "LOW"
    facts: list[tuple[str, str]] = Field(default_factory=list)
    """Sentiment and description."""


class OrderSeed(Seed):
    """An order. Without more it is paid, of low risk, for one line to New York."""

    id: int = 0
    name: str = ""
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None
    test: bool = False
    financial_status: str = "PAID"
    currency: str = "USD"
    email: str | None = "ada@example.com"
    phone: str | None = None
    note: str | None = None
    tags: list[str] = Field(default_factory=list)
    customer: CustomerSeed | None = Field(default_factory=CustomerSeed)
    shipping_address: AddressSeed | None = Field(default_factory=AddressSeed)
    shipping_method: str | None = "Standard"
    recommendation: str = "ACCEPT"
    assessments: list[AssessmentSeed] = Field(default_factory=lambda: [AssessmentSeed()])
    lines: list[LineSeed] = Field(default_factory=lambda: [LineSeed()])

    def total(self) -> Decimal:
        """What the lines that are left cost."""
        return sum((line.price * line.left() for line in self.lines), Decimal(0))


class Hold(BaseModel):
    """A hold; the handle is unique per app and fulfilment order."""

    id: str
    app: str
    handle: str | None
    reason: str
    notes: str | None = None


class FulfilmentOrderState(BaseModel):
    """One location's part of an order."""

    id: str
    location: str
    status: str = "OPEN"
    holds: list[Hold] = Field(default_factory=list)


class ShopState:
    """One shop's orders, by id, and their fulfilment orders."""

    def __init__(self) -> None:
        self.orders: dict[int, OrderSeed] = {}
        self.fulfilment: dict[int, list[FulfilmentOrderState]] = {}
        self._numbers = count(1001)
        self._ids = count(5_830_112_420_101)

    def add(self, order: OrderSeed, now: datetime) -> OrderSeed:
        """Remember an order, giving it whatever numbers and moments it lacks."""
        order.id = order.id or next(self._ids)
        if order.id in self.orders:
            raise ValueError(f"There is an order {order.id} already.")
        order.name = order.name or f"#{next(self._numbers)}"
        order.created_at = order.created_at or now
        order.updated_at = order.updated_at or order.created_at
        self.number(order)
        self.orders[order.id] = order
        places = dict.fromkeys(x.location for x in order.lines if x.requires_shipping and not x.gift_card)
        self.fulfilment[order.id] = [
            FulfilmentOrderState(id=self.gid("FulfillmentOrder"), location=p) for p in places
        ]
        return order

    def number(self, order: OrderSeed) -> None:
        """Give the customer and the lines of an order the ids they lack."""
        if order.customer is not None:
            order.customer.id = order.customer.id or next(self._ids)
        for line in order.lines:
            line.id = line.id or next(self._ids)

    def cancel(self, order_id: int) -> None:
        """Nothing of a cancelled order is to be sent any more."""
        for part in self.fulfilment[order_id]:
            part.status = "CANCELLED"
            part.holds.clear()

    def gid(self, kind: str) -> str:
        """A new global id."""
        return f"gid://shopify/{kind}/{next(self._ids)}"

    def find(self, gid: str) -> OrderSeed | None:
        """An order by its global id."""
        kind, _, number = gid.rpartition("/")
        return self.orders.get(int(number)) if kind == "gid://shopify/Order" and number.isdecimal() else None

    def find_fulfilment(self, gid: str) -> tuple[OrderSeed, FulfilmentOrderState] | None:
        """A fulfilment order and its order, by the former's global id."""
        for number, parts in self.fulfilment.items():
            for part in parts:
                if part.id == gid:
                    return self.orders[number], part
        return None
