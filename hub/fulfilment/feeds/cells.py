"""One row's cells by their meaning, each read as what it should be; one wrong cell makes the row a bad one."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from hub.fulfilment.feeds.amounts import CURRENCIES, currency_of, read_amount, read_count
from hub.fulfilment.feeds.codes import is_error, read_code
from hub.fulfilment.feeds.dates import read_date
from hub.fulfilment.feeds.faults import BadRow
from hub.fulfilment.feeds.profile import Profile
from hub.fulfilment.feeds.vocabulary import words
from hub.fulfilment.feeds.words import LineStatus, at_least, status_word, stock_word, word_key
from hub.sdk.spreadsheets import restored

T = TypeVar("T")

MOST_PIECES = 1_000_000
HIGHEST_PRICE = Decimal(1_000_000)
"""More of either in one row is a slip of the keyboard until a person says otherwise."""


class Reader:
    """What a profile says of cells, made ready once for all rows of a file."""

    def __init__(self, profile: Profile, is_proposal: bool) -> None:
        self.profile = profile
        self.is_proposal = is_proposal
        self.cost_column = "cost" if profile.has("cost") else "price"
        self.stock_words = {word_key(word): count for word, count in profile.stock_words.items()}
        self.status_words = {word_key(word): status for word, status in profile.status_words.items()}


class Cells:
    """A row under a profile."""

    def __init__(self, texts: Mapping[str, Sequence[str]], reader: Reader) -> None:
        self._texts = texts
        self._reader = reader
        self._profile = reader.profile

    def text(self, meaning: str) -> str:
        """A text as it is; empty if there is none."""
        return restored(next(iter(self._texts.get(meaning, ())), ""))

    def has(self, meaning: str) -> bool:
        """Whether the file has such a column."""
        return meaning in self._texts

    def all(self) -> tuple[tuple[str, str], ...]:
        """Every meaning with its text."""
        return tuple((meaning, self.text(meaning)) for meaning in self._texts)

    def code(self, meaning: str) -> str:
        """An article's, order's or parcel's number; empty if there is none."""
        found = self._told(meaning, read_code, self.text(meaning))
        return "" if _is_nothing(found) else found

    def pieces(self) -> tuple[int | None, bool]:
        """How many there are, over all places, and whether that is a number and not the least there are."""
        cells = [restored(cell) for cell in self._texts.get("stock", ())]
        if not any(cell.strip() for cell in cells):
            return None, True
        counts = [self._told("stock", self._stock, cell) for cell in cells if cell.strip()]
        total = sum(count for count, _ in counts)
        if total > MOST_PIECES:
            raise BadRow(f"A stock of {total:,} is not believed.")
        return total, all(is_exact for _, is_exact in counts)

    def quantity(self) -> int | None:
        """How many were ordered, taken or sent."""
        cell = self.text("quantity")
        if _is_nothing(cell):
            return None
        count = self._told("quantity", self._count, cell)
        if not 0 <= count <= MOST_PIECES:
            raise BadRow(f"A quantity of {count:,} is not believed.")
        return count

    def cost(self) -> tuple[Decimal | None, str]:
        """The buyer's price and its currency, as the file or the profile names it; empty if neither does."""
        meaning = self._reader.cost_column
        cell = self.text(meaning)
        if _is_nothing(cell):
            return None, ""
        found = self._told(meaning, lambda text: read_amount(text, self._profile.decimal_mark), cell)
        name = self._profile.named(meaning)
        if found.is_percent or not 0 < found.value <= HIGHEST_PRICE:
            word = "percentage" if found.is_percent else "negative price" if found.value < 0 else "price"
            raise BadRow(f"{name}: a {word} of {cell.strip()[:40]} is not believed.")
        return found.value, self._currency(found.currency)

    def charge(self, meaning: str) -> tuple[Decimal | None, str]:
        """What is charged, or given back where it is less than nothing, and the currency beside it; None if empty."""
        cell = self.text(meaning)
        if _is_nothing(cell):
            return None, ""
        found = self._told(meaning, lambda text: read_amount(text, self._profile.decimal_mark), cell)
        if found.is_percent or abs(found.value) > HIGHEST_PRICE:
            raise BadRow(f"{self._profile.named(meaning)}: a charge of {cell.strip()[:40]} is not believed.")
        return found.value, found.currency

    def currency(self, beside: str) -> str:
        """The currency that stands beside a figure, or that the row or the profile names; empty if none does."""
        return self._currency(beside)

    def status(self) -> LineStatus | None:
        """What the supplier says of an order; None if the cell is empty. A word nobody has confirmed is no answer."""
        cell = self.text("status").strip()
        if not cell:
            return None
        found = self._reader.status_words.get(word_key(cell))
        found = found or (status_word(cell) if self._reader.is_proposal else None)
        if found is None:
            raise BadRow(f"{self._profile.named('status')}: what {cell[:40]!r} means is not known.")
        return found

    def day(self, meaning: str = "ship_date") -> date | None:
        """When it was sent, or issued. Where the format is still asked for, no day is read."""
        cell = self.text(meaning).strip()
        form = self._profile.date_format
        if _is_nothing(cell) or form is None:
            return None
        return self._told(meaning, lambda text: read_date(text, form), cell)

    def parcels(self) -> tuple[str, ...]:
        """Tracking numbers; several may stand in one cell."""
        cell = self.code("tracking_number")
        parts = [part.strip() for part in re.split(r"[,;|\n]|\s[/+&]\s", cell) if part.strip()]
        for part in parts:
            if (
                len(part) < 5
                or not re.fullmatch(r"[\w ./-]+", part)
                or not any(sign.isdigit() for sign in part)
            ):
                raise BadRow(
                    f"{self._profile.named('tracking_number')}: {part[:40]!r} is no tracking number."
                )
        return tuple(parts)

    def _stock(self, cell: str) -> tuple[int, bool]:
        if cell.isascii() and cell.isdecimal() and len(cell) < 10:
            return int(cell), True
        count = self._reader.stock_words.get(word_key(cell), at_least(cell))
        if count is None and self._reader.is_proposal:
            count = stock_word(cell)
        if count is not None:
            return count, False
        if not any(sign.isdigit() for sign in cell):
            raise BadRow(f"how many {cell.strip()[:40]!r} stands for is not known.")
        count = self._count(cell)
        if count < 0:
            raise BadRow(f"a negative stock of {count} is not believed.")
        return count, True

    def _count(self, cell: str) -> int:
        if is_error(cell):
            raise BadRow(f"{cell.strip()} is a spreadsheet's error.")
        return read_count(cell, self._profile.decimal_mark)

    def _currency(self, beside: str) -> str:
        cell = self.text("currency").strip()
        stated = cell.upper() if cell.upper() in CURRENCIES else currency_of(cell)
        if cell and not stated:
            raise BadRow(f"{self._profile.named('currency')}: {cell[:20]!r} is not a currency.")
        named = {
            code.replace("RMB", "CNY") for code in (beside, stated, self._profile.currency or "") if code
        }
        if len(named) > 1:
            raise BadRow(f"The price is in {' and in '.join(sorted(named))} at once.")
        return named.pop() if named else ""

    def _told(self, meaning: str, read: Callable[[str], T], cell: str) -> T:
        """Read a cell; what is wrong with it names its column."""
        try:
            return read(cell)
        except BadRow as bad:
            raise BadRow(f"{self._profile.named(meaning)}: {bad.reason}") from None


def _is_nothing(cell: str) -> bool:
    text = cell.strip().casefold()
    return not text or text in words("nothing")
