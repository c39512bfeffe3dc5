"""A supplier's invoices are asked for once each, in its own words, and nonsense keeps none of the others back."""

import json
from decimal import Decimal
from typing import Any

import pytest

from connectors.supplier_api.sandbox import example_order
from hub.sdk import Answer, InvoiceIssued, NotDone, Page, Unreadable
from tests.connectors.supplier_api.desk import ORDER, Desk


async def ask(desk: Desk, cursor: str | None = None) -> Page[InvoiceIssued]:
    found: Page[InvoiceIssued] = await desk.supplier.invoice_issued(cursor, desk.call())
    return found


async def hear(said: Any, **settings: Any) -> list[InvoiceIssued]:
    """What is made of this answer."""
    desk = Desk(**settings)
    desk.wire.without_acting = Answer(200, {}, json.dumps(said).encode())
    return (await ask(desk)).events


def invoice(**changes: Any) -> dict[str, Any]:
    line = {"reference": "r-1", "sku": "MUG-11", "quantity": 2, "amount": "8.40", "shipping": "4.00"}
    return {"number": "R-1", "currency": "USD", "lines": [line], "total": "12.40", **changes}


def lines(**changes: Any) -> dict[str, Any]:
    return invoice(lines=[{"reference": "r-1", "amount": "8.40", **changes}])


async def test_what_was_bought_is_charged_and_told_of_once() -> None:
    desk = Desk()
    await desk.buy()
    desk.warehouse.bill(ORDER.reference)

    first = await ask(desk)
    (event,) = first.events
    assert event.invoice is not None
    (line,) = event.invoice.lines
    assert (line.reference, line.supplier_reference, line.quantity) == (ORDER.reference, "S-000001", 2)
    assert (line.articles, line.shipping, event.invoice.total) == (
        Decimal("8.40"),
        Decimal("4.00"),
        Decimal("12.40"),
    )
    assert (await ask(desk, first.cursor)).events == []


async def test_many_invoices_come_page_by_page() -> None:
    desk = Desk()
    for number in range(5):
        order = example_order(f"main:{number}:warehouse:1")
        await desk.buy(order)
        desk.warehouse.bill(order.reference)

    numbers: list[str] = []
    cursor, more = None, True
    while more:
        page = await ask(desk, cursor)
        cursor, more = page.cursor, page.more
        numbers += [event.number for event in page.events]
    assert numbers == [f"R-{n:06}" for n in range(1, 6)]


async def test_what_was_never_bought_is_not_charged_by_the_warehouse() -> None:
    with pytest.raises(KeyError):
        Desk().warehouse.bill("main:1:nobody:1")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lines(amount="NaN"), "not a number"),
        (lines(amount="1e999"), "amount"),
        (lines(amount="0.000001"), "decimal places"),
        (lines(quantity="1.5"), "whole number"),
        (lines(quantity=-1), "quantity"),
        (invoice(currency="dollars"), "currency"),
        (invoice(currency=""), "currency"),
        (invoice(number=""), "number"),
        (invoice(issued_on="yesterday"), "not a day"),
        (invoice(lines="none"), "not a list"),
        (invoice(total=["12"]), "not a text or a number"),
    ],
)
async def test_an_invoice_that_is_nonsense_is_told_of_and_keeps_none_of_the_others(
    said: Any, why: str
) -> None:
    odd, good = await hear({"invoices": [said, invoice(number="R-2")], "next": "2"})

    assert odd.invoice is None and why in odd.problem
    assert good.invoice is not None and good.number == "R-2"


async def test_the_same_nonsense_is_one_event_and_other_nonsense_another() -> None:
    one, again, other = await hear(
        {"invoices": [lines(amount="NaN"), lines(amount="NaN"), lines(amount="Infinity")]}
    )
    assert one.key() == again.key() != other.key()


async def test_an_answer_without_a_list_is_not_taken_for_none() -> None:
    with pytest.raises(Unreadable):
        await hear({"error": "later"})


async def test_a_question_that_is_not_answered_is_asked_again() -> None:
    desk = Desk()
    with pytest.raises(NotDone):
        await ask(desk, "no-such-place")


async def test_a_supplier_that_cannot_be_asked_is_not_asked() -> None:
    desk = Desk(endpoints={})
    assert ((await ask(desk)).events, desk.warehouse.requests) == ([], 0)


async def test_a_supplier_in_its_own_words_is_understood() -> None:
    names = {"items": "data", "number": "no", "lines": "rows", "line_articles": "net", "reference": "po"}
    said = {"data": [{"no": "7", "currency": "EUR", "rows": [{"po": "r-1", "net": 5}]}]}
    (event,) = await hear(said, fields={"invoice": names})

    assert event.invoice is not None
    assert [(line.reference, line.articles) for line in event.invoice.lines] == [("r-1", Decimal(5))]
