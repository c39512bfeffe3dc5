"""A supplier's file of invoices: good rows are charges, bad ones are put aside with their line and their reason."""

from base64 import b64encode
from decimal import Decimal

import pytest

from hub.fulfilment import feed_files
from hub.fulfilment.feed_files import FileRead, ReadFile
from hub.fulfilment.feeds.profile import Column, Profile
from tests.fulfilment.trade import Trade, refusal

COLUMNS = {
    "invoice": "invoice_number", "date": "invoiced_on", "po": "order_reference", "sku": "supplier_sku",
    "qty": "quantity", "goods": "charge", "freight": "shipping_charge", "fee": "fee_charge", "total": "invoice_total",
    "cur": "currency",
}  # fmt: skip
HEAD = f"{','.join(COLUMNS)}\n"
PROFILE = Profile(
    kind="invoices",
    columns=tuple(Column.model_validate({"name": n, "meaning": m}) for n, m in COLUMNS.items()),
    decimal_mark=".",
    date_format="YYYY-MM-DD",
)


async def read(trade: Trade, rows: str, profile: Profile = PROFILE) -> FileRead:
    file = ReadFile(
        connection="a", profile=profile, content=b64encode((HEAD + rows).encode()), received_at=trade.now
    )
    return await trade.ask(feed_files.read, file)


async def test_rows_of_one_number_are_one_invoice(trade: Trade) -> None:
    found = await read(
        trade,
        "R-1,2026-03-02,1001-1-abc,A1,2,20.50,4.00,,29.50,USD\n"
        "R-1,2026-03-02,1002-1-abc,A2,1,5.00,,,29.50,USD\n"
        "R-2,2026-03-02,1001-1-abc,A1,2,(20.50),-4.00,,,USD\n",
    )
    first, credit = found.invoices
    assert (first.number, str(first.issued_on), first.total) == ("R-1", "2026-03-02", Decimal("29.50"))
    assert [(one.reference, one.sku, one.quantity, one.amount) for one in first.lines] == [
        ("1001-1-abc", "A1", 2, Decimal("24.50")),
        ("1002-1-abc", "A2", 1, Decimal("5.00")),
    ]
    assert credit.charged == Decimal("-24.50")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",2026-03-02,1001,A1,1,5.00,,,,USD", "names no invoice"),
        ("R-9,2026-03-02,1001,A1,1,,,,,USD", "charges nothing"),
        ("R-9,2026-03-02,1001,A1,1,5.00,,,,", "in which currency"),
        ("R-9,2026-03-02,1001,A1,1,5.00,,,,gold", "not a currency"),
        ("R-9,2026-03-02,1001,A1,1,NaN,,,,USD", "charges nothing"),
        ("R-9,2026-03-02,1001,A1,1,five,,,,USD", "not a number"),
        ("R-9,2026-03-02,1001,A1,1,1E+12,,,,USD", "scientific notation"),
        ("R-9,2026-03-02,1001,A1,1,99999999,,,,USD", "not believed"),
        ("R-9,2026-03-02,1001,A1,1,5 %,,,,USD", "not believed"),
        ("R-9,2026-03-02,1001,A1,1.5,5.00,,,,USD", "whole number"),
        ("R-9,02/03/2026,1001,A1,1,5.00,,,,USD", "not a date"),
        ("R-9,2026-03-02,1001,A1,1,=SUM(A1),,,,USD", "formula"),
        ("R-9,2026-03-02,1001,A1,1,$5.00,€1.00,,,USD", "at once"),
        ("R-9,2026-03-02,1001,A1,1,5.00", "cells"),
    ],
)
async def test_a_bad_row_is_put_aside_with_its_line_and_the_rest_counts(
    trade: Trade, row: str, why: str
) -> None:
    good = "R-1,2026-03-02,1001,A1,1,5.00,,,,USD\n"
    found = await read(trade, f"{good}{row}\nR-2,2026-03-02,1001,A1,1,6.00,,,,USD\n")

    assert [invoice.number for invoice in found.invoices] == ["R-1", "R-2"]
    assert [rejected.line for rejected in found.rejected] == [3]
    assert why in found.rejected[0].reason


@pytest.mark.parametrize("other", ["2026-03-02,1,,,,5.00,,,9.00,EUR", "2026-03-03,1,,,,5.00,,,9.00,USD"])
async def test_rows_that_contradict_each_other_are_all_put_aside(trade: Trade, other: str) -> None:
    good = "R-1,2026-03-02,1,,,5.00,,,,USD\nR-2,2026-03-02,1,,,5.00,,,,USD\nR-4,2026-03-02,1,,,5.00,,,,USD\n"
    found = await read(
        trade, f"{good}R-3,2026-03-02,1,,,4.00,,,9.00,USD\nR-3,{other}\n".replace(",,,,5.00", ",,,5.00")
    )

    assert [invoice.number for invoice in found.invoices] == ["R-1", "R-2", "R-4"]
    assert [rejected.line for rejected in found.rejected] == [5, 6]


async def test_a_row_that_stands_there_twice_is_charged_twice(trade: Trade) -> None:
    row = "R-1,2026-03-02,1001,A1,1,5.00,,,,USD\n"
    (invoice,) = (await read(trade, row + row)).invoices
    assert invoice.charged == Decimal("10.00")


async def test_a_file_of_nonsense_is_not_taken_at_all(trade: Trade) -> None:
    refused = await refusal(read(trade, "x,y,z,,,,,,,\n,,,,,,,,,\nR-1,,,,,abc,,,,USD\n"))
    assert refused.code == "does-not-fit"
