"""Purchase orders as a file for a supplier's portal. The same batch under the same profile is the same bytes."""

import codecs
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from hub.sdk.commerce import NewPurchaseOrder, PurchaseLine, Record
from hub.sdk.effects import EffectKey
from hub.sdk.errors import HubError
from hub.sdk.spreadsheets import neutralised

OrderField = Literal[
    "reference", "order_number", "ordered_on", "line_id", "sku", "supplier_sku", "title", "quantity", "unit_cost",
    "currency", "ship_name", "ship_company", "ship_address1", "ship_address2", "ship_city", "ship_region",
    "ship_postcode", "ship_country", "ship_phone", "shipping_method", "note", "fixed",
]  # fmt: skip
"""What a column may hold. `fixed` is the column's own text, the same in each row."""

ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii", "cp1250", "cp1251", "cp1252", "cp1253",
    "cp1254", "cp1257", "iso8859-1", "iso8859-2", "iso8859-15", "cp850", "cp852", "cp866", "koi8-r", "mac-roman",
    "cp932", "euc-jp", "cp949", "gb18030", "big5",
)  # fmt: skip
"""Encodings of suppliers' files, by Python's names. `utf-8-sig` has a mark at the front, as spreadsheets want it."""

DATE_FORMATS = (
    "YYYY-MM-DD", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY",
    "MM-DD-YYYY", "DD MM YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YY", "MM-DD-YY",
)  # fmt: skip
"""How days are written in suppliers' files."""


class Unwritable(HubError):
    """The batch holds something that the supplier's encoding cannot write. Nothing was written."""


class ExportColumn(Record):
    """A column under the supplier's name for it. `text` is what a `fixed` one holds."""

    name: str
    holds: OrderField
    text: str = ""


class ExportProfile(Record):
    """How a supplier's portal wants purchase orders. `neutralise` puts an apostrophe before cells that a spreadsheet
    would run; only a supplier whose machine alone reads the file may go without."""

    columns: Annotated[tuple[ExportColumn, ...], Field(min_length=1)]
    encoding: str = "utf-8"
    delimiter: Literal[",", ";", "\t", "|"] = ","
    decimal_mark: Literal[".", ","] = "."
    date_format: str = "YYYY-MM-DD"
    line_end: Literal["\r\n", "\n"] = "\r\n"
    has_header: bool = True
    neutralise: bool = True

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, encoding: str) -> str:
        if encoding not in ENCODINGS:
            raise ValueError(f"Encodings are {', '.join(ENCODINGS)}.")
        return encoding

    @field_validator("date_format")
    @classmethod
    def _is_a_format(cls, form: str) -> str:
        if form not in DATE_FORMATS:
            raise ValueError(f"Date formats are {', '.join(DATE_FORMATS)}.")
        return form

    @model_validator(mode="after")
    def _names_the_order(self) -> "ExportProfile":
        held = {column.holds for column in self.columns}
        if (
            not {"reference", "order_number"} & held
            or not {"sku", "supplier_sku"} & held
            or "quantity" not in held
        ):
            raise ValueError(
                "A purchase order needs columns for its reference, the article and the quantity."
            )
        return self


class Batch(Record):
    """Orders that go out in one file. `ordered_on` is the batch's own day, so that a later export says the same."""

    ordered_on: date
    orders: Annotated[tuple[NewPurchaseOrder, ...], Field(min_length=1)]


class OrderBatch(Record):
    """Purchase orders that were laid aside and go out together, by their references. `batch` names them for good."""

    batch: Annotated[str, EffectKey(), Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
    references: Annotated[list[str], Field(min_length=1, max_length=10_000)]


class SentBatch(Record):
    """The batch was taken, as a file of this name."""

    batch: str
    file: str


def join_orders(files: Sequence[bytes], profile: ExportProfile) -> bytes:
    """Files of `write_orders` as one: its head once, and the rows of each in the given order. Raises `Unwritable` for
    what is none of them."""
    head = _row([column.name for column in profile.columns], profile) if profile.has_header else ""
    pages = [file.decode(profile.encoding) for file in files]
    if not all(page.startswith(head) and page.endswith(profile.line_end) for page in pages):
        raise Unwritable("A file that was laid aside is not as it was written.")
    return (head + "".join(page.removeprefix(head) for page in pages)).encode(profile.encoding)


def write_orders(batch: Batch, profile: ExportProfile) -> Iterator[bytes]:
    """The file in pieces, a row for each line of each order, orders by reference (RFC 4180). Raises `Unwritable`."""
    encode = codecs.getincrementalencoder(profile.encoding)().encode
    page = _row([column.name for column in profile.columns], profile) if profile.has_header else ""
    for order in sorted(batch.orders, key=lambda order: order.reference):
        page += "".join(_row(_cells(batch, order, line, profile), profile) for line in order.lines)
        try:
            yield encode(page)
        except UnicodeEncodeError:
            raise Unwritable(_unwritable(batch, order, profile)) from None
        page = ""


def _row(cells: Sequence[str], profile: ExportProfile) -> str:
    """RFC 4180, and quotes around spaces at the edge too. The csv module leaves a lone CR bare before Python 3.13."""
    return profile.delimiter.join(_quoted(cell, profile.delimiter) for cell in cells) + profile.line_end


def _quoted(cell: str, delimiter: str) -> str:
    is_bare = cell == cell.strip() and not any(sign in cell for sign in (delimiter, '"', "\r", "\n"))
    return cell if is_bare else '"' + cell.replace('"', '""') + '"'


def _cells(batch: Batch, order: NewPurchaseOrder, line: PurchaseLine, profile: ExportProfile) -> list[str]:
    cells = [column.text if column.holds == "fixed" else "" for column in profile.columns]
    values = _values(batch, order, line, profile)
    cells = [values.get(column.holds, cell) for column, cell in zip(profile.columns, cells, strict=True)]
    return [neutralised(cell) for cell in cells] if profile.neutralise else cells


def _values(
    batch: Batch, order: NewPurchaseOrder, line: PurchaseLine, profile: ExportProfile
) -> dict[OrderField, str]:
    to = order.ship_to
    return {
        "reference": order.reference,
        "order_number": order.order_number,
        "ordered_on": write_date(batch.ordered_on, profile.date_format),
        "line_id": line.line_id,
        "sku": line.sku,
        "supplier_sku": line.supplier_sku,
        "title": line.title,
        "quantity": str(line.quantity),
        "unit_cost": write_number(line.unit_cost.amount, profile.decimal_mark) if line.unit_cost else "",
        "currency": line.unit_cost.currency if line.unit_cost else "",
        "ship_name": to.name,
        "ship_company": to.company,
        "ship_address1": to.line1,
        "ship_address2": to.line2,
        "ship_city": to.city,
        "ship_region": to.region,
        "ship_postcode": to.postcode,
        "ship_country": to.country,
        "ship_phone": to.phone,
        "shipping_method": order.shipping_method,
        "note": order.note,
    }


def write_number(value: Decimal, mark: Literal[".", ","]) -> str:
    """A number without thousands and never in scientific notation."""
    return f"{value:f}".replace(".", mark)


def write_date(day: date, form: str) -> str:
    """A day in one of `DATE_FORMATS`."""
    parts = {
        "YYYY": f"{day.year:04}",
        "YY": f"{day.year % 100:02}",
        "MM": f"{day.month:02}",
        "DD": f"{day.day:02}",
    }
    for part, written in parts.items():
        form = form.replace(part, written)
    return form


def _unwritable(batch: Batch, order: NewPurchaseOrder, profile: ExportProfile) -> str:
    """Which field of the order it is; its text is a customer's and is not told."""
    for line in order.lines:
        for column, cell in zip(profile.columns, _cells(batch, order, line, profile), strict=True):
            try:
                cell.encode(profile.encoding)
            except UnicodeEncodeError:
                return f"{order.reference}: {column.name!r} has a character that {profile.encoding} cannot write."
    return f"{order.reference} has a character that {profile.encoding} cannot write."
