"""What suppliers charge, in the words that every connector translates to."""

import hashlib
from datetime import date
from decimal import Decimal
from typing import Annotated

import orjson
from pydantic import AfterValidator, Field

from hub.sdk.commerce import Currency, Internal, Record
from hub.sdk.events import Event

MOST = Decimal(100_000_000)
"""A larger amount on one line of an invoice is a slip until a person says otherwise."""


def _believable(amount: Decimal) -> Decimal:
    if not amount.is_finite() or abs(amount) > MOST:
        raise ValueError(f"an amount is a number of at most {MOST:,}")
    if amount.as_tuple().exponent < -4:  # type: ignore[operator]  # a finite number's exponent is a number
        raise ValueError("an amount has at most four decimal places")
    return amount


Amount = Annotated[Decimal, AfterValidator(_believable)]
"""An amount in the invoice's currency; less than nothing is a credit."""


class InvoiceLine(Record):
    """What is charged for one purchase, or for one article of it.

    `reference` is our name of the purchase as the supplier wrote it, `supplier_reference` its own; a line of neither is
    for no purchase in particular. Without a `sku` it is for all of the purchase, or for what is no article.
    """

    reference: str = ""
    supplier_reference: Annotated[str, Internal()] = ""
    sku: str = ""
    quantity: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    articles: Amount = Decimal(0)
    shipping: Amount = Decimal(0)
    fees: Amount = Decimal(0)

    @property
    def amount(self) -> Decimal:
        """All that the line charges."""
        return self.articles + self.shipping + self.fees


class SupplierInvoice(Record):
    """A supplier's invoice, or its credit note. `number` is its own, once for good.

    `shipping` and `fees` are charged for the whole of it, on no line. `total` is missing where the supplier names none;
    without tax.
    """

    number: Annotated[str, Field(min_length=1, max_length=100)]
    issued_on: date | None = None
    currency: Currency
    lines: Annotated[tuple[InvoiceLine, ...], Field(max_length=20_000)]
    shipping: Amount = Decimal(0)
    fees: Amount = Decimal(0)
    total: Amount | None = None

    @property
    def charged(self) -> Decimal:
        """What the lines and the charges on no line come to."""
        return sum((line.amount for line in self.lines), self.shipping + self.fees)

    def digest(self) -> str:
        """The same for the same charges, in whatever order the lines stand, `4.2` or `4.20`."""
        lines = sorted(orjson.dumps(_plain(line)) for line in self.lines)
        head = self.model_copy(update={"lines": ()})
        return hashlib.sha256(b"\n".join([orjson.dumps(_plain(head)), *lines])).hexdigest()


def _plain(said: Record) -> dict[str, str]:
    return {
        name: f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) for name, value in said
    }


class InvoiceIssued(Event):
    """A supplier charges, or gives credit. One that is issued again with other figures is another event. Without an
    `invoice`, `problem` says why it cannot be read."""

    match_fields = ("number",)

    number: str
    digest: str
    invoice: Annotated[SupplierInvoice | None, Internal()] = None
    problem: str = ""

    @classmethod
    def of(cls, invoice: SupplierInvoice) -> "InvoiceIssued":
        """The event that tells of an invoice."""
        return cls(number=invoice.number, digest=invoice.digest(), invoice=invoice)

    def key(self) -> str:
        return f"{self.number}@{self.digest}"

    def subject(self) -> str | None:
        return self.number
