"""A supplier's invoices, by the settings' field names. Pure; an invoice that cannot be read is told of as such."""

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from pydantic import ValidationError

from connectors.supplier_api.settings import InvoiceFields
from connectors.supplier_api.values import read_decimal
from hub.sdk import InvoiceIssued, Unreadable
from hub.sdk.invoices import InvoiceLine, SupplierInvoice
from hub.sdk.paths import read_path, read_text


def read_invoices(body: Any, names: InvoiceFields) -> list[InvoiceIssued]:
    """The invoices of an answer. One that cannot be read keeps none of the others from being taken."""
    found = read_path(body, names.items)
    if not isinstance(found, list):
        raise Unreadable(f"{names.items!r} is not a list of invoices.")
    return [_event(one, names) for one in found]


def _event(body: Any, names: InvoiceFields) -> InvoiceIssued:
    try:
        return InvoiceIssued.of(_invoice(body, names))
    except ValidationError as error:
        # The figures themselves stay out of it: what is wrong, and where, is enough to find them.
        where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"])
        problem = f"Its {where} cannot be taken: {error.errors(include_input=False)[0]['msg']}."
    except Unreadable as error:
        problem = str(error)
    number = _plain(body, names.number)
    digest = hashlib.sha256(orjson.dumps(body, default=str)).hexdigest()
    return InvoiceIssued(number=number, digest=digest, problem=problem)


def _plain(body: Any, path: str) -> str:
    try:
        return read_text(body, path)[:100]
    except Unreadable:
        return ""


def _invoice(body: Any, names: InvoiceFields) -> SupplierInvoice:
    lines = read_path(body, names.lines)
    if not isinstance(lines, list):
        raise Unreadable(f"Its {names.lines!r} is not a list.")
    amount = _amounts(body)
    return SupplierInvoice(
        number=read_text(body, names.number),
        issued_on=_day(read_text(body, names.issued_on)),
        currency=read_text(body, names.currency),
        lines=tuple(_line(line, names) for line in lines),
        shipping=amount(names.shipping) or Decimal(0),
        fees=amount(names.fees) or Decimal(0),
        total=amount(names.total),
    )


def _line(body: Any, names: InvoiceFields) -> InvoiceLine:
    amount = _amounts(body)
    quantity = amount(names.quantity)
    if quantity is not None and quantity != int(quantity):
        raise Unreadable(f"A line whose {names.quantity!r} is not a whole number.")
    return InvoiceLine(
        reference=read_text(body, names.reference),
        supplier_reference=read_text(body, names.supplier_reference),
        sku=read_text(body, names.sku),
        quantity=None if quantity is None else int(quantity),
        articles=amount(names.line_articles) or Decimal(0),
        shipping=amount(names.line_shipping) or Decimal(0),
        fees=amount(names.line_fees) or Decimal(0),
    )


def _amounts(body: Any) -> Callable[[str], Decimal | None]:
    return lambda path: read_decimal(read_text(body, path))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise Unreadable(f"{text[:40]!r} is not a day.") from None
