"""Rows of a supplier's file as invoices: those of one number are one invoice. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from pydantic import ValidationError

from hub.fulfilment.feeds.facts import Charged
from hub.fulfilment.feeds.reading import Reading
from hub.sdk.invoices import InvoiceLine, SupplierInvoice


def invoices_of(rows: Iterable[Charged], reading: Reading) -> list[SupplierInvoice]:
    """The invoices; rows of one that contradict each other are all put aside."""
    by_number: defaultdict[str, list[Charged]] = defaultdict(list)
    for row in rows:
        by_number[row.invoice].append(row)
    found = []
    for number, of_it in by_number.items():
        try:
            if problem := _contradiction(of_it):
                raise ValueError(problem)
            found.append(_invoice(number, of_it))
        except ValueError as error:
            for row in of_it:
                reading.refuse(row.line, _why(error))
    return found


def _contradiction(rows: list[Charged]) -> str:
    """What is of the whole invoice must be the same in each of its rows."""
    for name, said in (("currency", "currencies"), ("issued_on", "days"), ("total", "totals")):
        if len({getattr(row, name) for row in rows}) > 1:
            return f"The rows of invoice {rows[0].invoice} say different {said}."
    return ""


def _invoice(number: str, rows: list[Charged]) -> SupplierInvoice:
    lines = tuple(
        InvoiceLine(
            reference=row.order_reference,
            supplier_reference=row.supplier_reference,
            sku=row.sku,
            quantity=row.quantity,
            articles=row.articles,
            shipping=row.shipping,
            fees=row.fees,
        )
        for row in rows
    )
    head = rows[0]
    return SupplierInvoice(
        number=number, issued_on=head.issued_on, currency=head.currency, lines=lines, total=head.total
    )


def _why(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        return f"Its {'.'.join(map(str, first['loc']))} cannot be taken: {first['msg']}."
    return str(error)
