"""What files say, once read: articles, answers, parcels, ordered lines, charges. `line` is where it stands."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hub.fulfilment.feeds.words import LineStatus


@dataclass(frozen=True, slots=True)
class Article:
    """What a supplier has of an article. `is_exact`: a number, not `in stock` or `>50`, which are the least there are.

    `available` is None where the file says nothing of stock, `cost` where it names no price. `cost` is the buyer's own
    price where the file has one, else its only price.
    """

    line: int
    sku: str
    supplier_sku: str
    gtin: str
    warehouse: str = ""
    available: int | None = None
    is_exact: bool = True
    cost: Decimal | None = None
    currency: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows speak of one thing."""
        return (self.sku, self.supplier_sku, self.gtin, self.warehouse)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a supplier says of an order or one line of it. `order_reference` is ours, `supplier_reference` theirs."""

    line: int
    order_reference: str
    supplier_reference: str
    sku: str
    line_id: str
    status: LineStatus
    quantity: int | None = None
    cost: Decimal | None = None
    currency: str = ""
    reason: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows speak of one thing."""
        return (self.order_reference, self.supplier_reference, self.sku, self.line_id)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Parcels that left for an order. `carrier` is the supplier's word for it. Without a SKU: of the whole order."""

    line: int
    order_reference: str
    supplier_reference: str
    tracking_numbers: tuple[str, ...]
    carrier: str = ""
    ship_date: date | None = None
    sku: str = ""
    line_id: str = ""
    quantity: int | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows speak of one thing: an order may leave in many parcels, a parcel may hold many orders."""
        return (self.order_reference, self.supplier_reference, self.sku, self.line_id, *self.tracking_numbers)


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of a purchase order as somebody exported it."""

    line: int
    order_reference: str
    sku: str
    line_id: str
    quantity: int
    cells: tuple[tuple[str, str], ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows speak of one thing."""
        return (self.order_reference, self.sku, self.line_id, str(self.line))


@dataclass(frozen=True, slots=True)
class Charged:
    """A row of an invoice: what is charged for an order, or for an article of it. `issued_on` and `total` are of the
    whole invoice, where the file says them."""

    line: int
    invoice: str
    order_reference: str
    supplier_reference: str
    sku: str
    quantity: int | None
    currency: str
    articles: Decimal
    shipping: Decimal
    fees: Decimal
    issued_on: date | None = None
    total: Decimal | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two rows speak of one thing: nothing does, for what is charged twice stands there twice."""
        return (self.invoice, self.order_reference, self.sku, str(self.line))


Fact = Article | Answer | Dispatch | OrderedLine | Charged
