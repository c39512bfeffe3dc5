"""Numbers, days and codes are read as they were written, or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.fulfilment.feeds.amounts import Mark, decide_mark, mark_shown, read_amount, read_count
from hub.fulfilment.feeds.codes import read_code
from hub.fulfilment.feeds.dates import FORMATS, formats_of, read_date
from hub.fulfilment.feeds.faults import BadRow
from hub.fulfilment.feeds.formulas import is_formula
from hub.sdk.purchase_files import DATE_FORMATS, write_date
from hub.sdk.spreadsheets import neutralised, restored

PRICES = st.decimals(min_value="0.01", max_value="9999999", places=2)
STYLES: dict[str, tuple[str, Mark]] = {
    "german": (".", ","),
    "english": (",", "."),
    "french": ("\u202f", ","),
    "polish": (" ", ","),
    "swiss": ("'", "."),
    "plain": ("", "."),
}


def written(price: Decimal, group: str, mark: str) -> str:
    whole, _, cents = f"{price:,.2f}".partition(".")
    return f"{whole.replace(',', group)}{mark}{cents}"


@pytest.mark.parametrize(("group", "mark"), STYLES.values(), ids=STYLES.keys())
@given(price=PRICES)
def test_a_price_of_any_country_is_read_and_shows_its_own_mark(
    price: Decimal, group: str, mark: Mark
) -> None:
    text = written(price, group, mark)
    assert mark_shown(text) == mark
    assert read_amount(text, mark).value == price
    assert read_amount(f"€ {text}", mark).currency == read_amount(f"{text} EUR", mark).currency == "EUR"
    assert read_amount(f"({text})", mark).value == read_amount(f"-{text}", mark).value == -price


@given(price=PRICES, group=st.sampled_from([".", ","]))
def test_a_price_by_the_other_mark_is_never_read_as_another_price(price: Decimal, group: str) -> None:
    mark: Mark = "," if group == "." else "."
    other: Mark = "." if mark == "," else ","
    with pytest.raises(BadRow):
        read_amount(written(price, group, mark), other)


@given(whole=st.integers(1, 999), rest=st.integers(0, 999), mark=st.sampled_from([".", ","]))
def test_what_may_be_a_thousand_or_a_fraction_is_not_read_without_a_mark(
    whole: int, rest: int, mark: str
) -> None:
    text = f"{whole}{mark}{rest:03}"
    assert mark_shown(text) is None
    with pytest.raises(BadRow, match="thousand or a fraction"):
        read_amount(text, None)


@pytest.mark.parametrize(
    "text", ["1.2.3", "12 34", "1,23,4", "twelve", "1.2E+03", "--5", "5..", "1'23", "0x10", "٣"]
)
def test_what_is_no_number_is_none_under_either_mark(text: str) -> None:
    marks: tuple[Mark | None, ...] = (".", ",", None)
    for mark in marks:
        with pytest.raises(BadRow):
            read_amount(text, mark)


def test_price_tags_and_units() -> None:
    assert read_amount("12,-", ",").value == read_amount("12.-", ".").value == 12
    assert read_amount("12,5 %", ",").is_percent
    assert read_amount("$5.00", ".").currency == ""
    assert read_count("1.250 Stück", ",") == 1250
    assert read_count("5,00", ",") == 5
    with pytest.raises(BadRow, match="whole number"):
        read_count("5,5", ",")


def test_two_thirds_decide_the_mark_and_a_draw_is_asked() -> None:
    assert decide_mark(["1,50", "2,50", "3.50"]) == (",", "")
    mark, doubt = decide_mark(["1,50", "2.50"])
    assert mark is None
    assert "2.50 has a decimal point, 1,50 a decimal comma" in doubt


@pytest.mark.parametrize("form", DATE_FORMATS)
@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_written_in_a_format_is_read_in_it_and_the_format_is_among_those_found(
    form: str, day: date
) -> None:
    text = write_date(day, form)
    assert read_date(text, form) == day
    found = formats_of([text])
    assert form in found or any(read_date(text, other) == day for other in found)


@given(first=st.integers(1, 12), second=st.integers(1, 12), sign=st.sampled_from("/-"))
def test_a_day_that_may_be_a_month_is_never_one_of_them_alone(first: int, second: int, sign: str) -> None:
    assert len(formats_of([f"{first:02}{sign}{second:02}{sign}2026"] * 9)) == 2


def test_one_later_day_settles_it_and_a_contradiction_unsettles_it() -> None:
    assert formats_of(["03/04/2026", "25/04/2026"]) == ["DD/MM/YYYY"]
    assert formats_of(["03/04/2026", "04/25/2026"]) == ["MM/DD/YYYY"]
    assert set(formats_of(["25/04/2026", "26/04/2026", "04/25/2026"])) == {"DD/MM/YYYY", "MM/DD/YYYY"}


def test_a_time_beside_a_day_and_months_by_name() -> None:
    day = date(2026, 4, 3)
    assert read_date("2026-04-03T10:00:00.123Z", "YYYY-MM-DD") == day
    assert read_date("2026-04-03 09:50:26 +0200", "YYYY-MM-DD") == day
    for text in ("3. April 2026", "3 de abril de 2026", "03-Apr-2026", "3 kwietnia 2026", "3 avril 2026"):
        assert formats_of([text]) == ["D MONTH YYYY"]
        assert read_date(text, "D MONTH YYYY") == day
    assert read_date("Apr 3, 2026", "MONTH D YYYY") == day


@pytest.mark.parametrize("form", FORMATS)
@given(text=st.text(max_size=30))
def test_no_text_breaks_the_reading_of_days(form: str, text: str) -> None:
    try:
        found = read_date(text, form)
    except BadRow:
        return
    assert date(1000, 1, 1) <= found <= date(2999, 12, 31) + timedelta(days=1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("00123", "00123"),
        ("'00123", "00123"),
        ("'t-1", "'t-1"),
        (" A 1 ", "A 1"),
        ("'=A1", "=A1"),
        ("12E5", "12E5"),
    ],
)
def test_codes_stay_as_they_are(cell: str, code: str) -> None:
    assert read_code(cell) == code


@pytest.mark.parametrize(
    "cell",
    [
        "1.23E+12",
        "1,23e+12",
        "4.00638E+12",
        "9.40011E+21",
        "4006381333931.0",
        "2-Mar",
        "Jan-02",
        "#N/A",
        "#WERT!",
        "###",
    ],
)
def test_codes_that_a_spreadsheet_has_damaged_are_refused(cell: str) -> None:
    with pytest.raises(BadRow, match=r"spreadsheet"):
        read_code(cell)


@given(text=st.text(max_size=60))
def test_what_is_neutralised_is_never_run_and_comes_back(text: str) -> None:
    safe = neutralised(text)
    assert restored(safe) == text
    assert not is_formula(safe)
    assert safe[:1] not in tuple("=+-@\t\r\0")
