"""Purchase orders go out in a file that says what was ordered, runs nothing, and is the same whenever it is written."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.fulfilment.feeds.reading_back import read_back
from hub.sdk.commerce import Address, Money, NewPurchaseOrder, PurchaseLine
from hub.sdk.purchase_files import Batch, ExportColumn, ExportProfile, Unwritable, write_orders

NAMES = {
    "PO": "reference", "Datum": "ordered_on", "Artikel": "supplier_sku", "Text": "title", "Menge": "quantity",
    "Preis": "unit_cost", "Währung": "currency", "Name": "ship_name", "Straße": "ship_address1",
    "Zusatz": "ship_address2", "Ort": "ship_city", "PLZ": "ship_postcode", "Land": "ship_country",
    "Telefon": "ship_phone", "Bemerkung": "note",
}  # fmt: skip
COLUMNS = tuple(ExportColumn.model_validate({"name": name, "holds": holds}) for name, holds in NAMES.items())
PROFILE = ExportProfile(columns=COLUMNS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"])


def order(reference: str = "B-1", **address: str) -> NewPurchaseOrder:
    to = {
        "name": "Ann Lee",
        "line1": "Strasse 5",
        "line2": "Apt 4B",
        "city": "Bonn",
        "postcode": "05113",
        "country": "DE",
    }
    lines = [
        PurchaseLine(
            line_id="1", sku="L", supplier_sku="00123", title="Lamp", quantity=2,
            unit_cost=Money(amount=Decimal("1234.50"), currency="EUR"),
        ),
        PurchaseLine(line_id="2", sku="T", supplier_sku="00124", title="Table, round", quantity=1),
    ]  # fmt: skip
    return NewPurchaseOrder(
        reference=reference, order_number="1001", ship_to=Address.model_validate(to | address), lines=lines
    )


def written(*orders: NewPurchaseOrder, profile: ExportProfile = PROFILE) -> bytes:
    return b"".join(write_orders(Batch(ordered_on=date(2026, 4, 3), orders=orders), profile))


def test_the_same_batch_is_the_same_bytes_in_whatever_order_it_comes() -> None:
    assert written(order("B-1"), order("B-2")) == written(order("B-2"), order("B-1"))


@pytest.mark.row("S2-055")
def test_a_row_says_what_was_ordered_in_the_supplier_s_own_way() -> None:
    profile = ExportProfile(
        columns=COLUMNS,
        encoding="cp1252",
        delimiter=";",
        decimal_mark=",",
        date_format="DD.MM.YYYY",
        line_end="\n",
    )
    lines = written(order(), profile=profile).decode("cp1252").split("\n")
    assert lines[0] == ";".join(NAMES)
    assert lines[1] == "B-1;03.04.2026;00123;Lamp;2;1234,50;EUR;Ann Lee;Strasse 5;Apt 4B;Bonn;05113;DE;;"
    assert lines[2] == "B-1;03.04.2026;00124;Table, round;1;;;Ann Lee;Strasse 5;Apt 4B;Bonn;05113;DE;;"


def test_the_address_arrives_byte_for_byte() -> None:
    row = next(csv.DictReader(io.StringIO(written(order()).decode(), newline="")))
    assert (row["Straße"], row["Zusatz"], row["PLZ"]) == ("Strasse 5", "Apt 4B", "05113")


@pytest.mark.parametrize(
    "hostile",
    [
        "=1+1",
        "+49 30 1234",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=cmd|'/C calc'!A0",
        "'=1",
        ' =HYPERLINK("x")',
        "\uff1d1+1",
    ],
)
def test_a_spreadsheet_runs_nothing_of_it_and_it_comes_back(hostile: str) -> None:
    data = written(order(line1=hostile, city=f'a "b", c\n{hostile}'))
    for cell in next(iter(list(csv.reader(io.StringIO(data.decode(), newline="")))[1:])):
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\uff1d")
    back = next(read_back(data, PROFILE))
    assert (back["ship_address1"], back["ship_city"]) == (hostile, f'a "b", c\n{hostile}')


@settings(max_examples=200)
@given(
    line1=TEXTS,
    line2=TEXTS,
    city=TEXTS,
    encoding=ENCODINGS,
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\r\n", "\n"]),
)
def test_any_address_comes_back_as_it_was(
    line1: str, line2: str, city: str, encoding: str, delimiter: str, end: str
) -> None:
    profile = ExportProfile.model_validate(
        {"columns": COLUMNS, "encoding": encoding, "delimiter": delimiter, "line_end": end}
    )
    data = written(order(line1=line1, line2=line2, city=city), profile=profile)
    for back in read_back(data, profile):
        assert (back["ship_address1"], back["ship_address2"], back["ship_city"]) == (line1, line2, city)


def test_what_the_encoding_cannot_write_is_told_without_the_customer_s_words() -> None:
    profile = ExportProfile(columns=COLUMNS, encoding="cp1252")
    with pytest.raises(Unwritable) as told:
        written(order(city="Łódź"), profile=profile)
    assert str(told.value) == "B-1: 'Ort' has a character that cp1252 cannot write."


def test_a_profile_must_say_order_article_and_quantity() -> None:
    with pytest.raises(ValidationError, match="its reference, the article and the quantity"):
        ExportProfile(columns=COLUMNS[:2])
    with pytest.raises(ValidationError, match="Date formats are"):
        ExportProfile(columns=COLUMNS, date_format="D MONTH YYYY")
