"""Reading a file under a profile: what it says, and which rows say nothing that can be taken, each with its reason."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from hub.fulfilment.feeds.cells import Cells, Reader
from hub.fulfilment.feeds.codes import is_gtin
from hub.fulfilment.feeds.facts import Answer, Article, Charged, Dispatch, Fact, OrderedLine
from hub.fulfilment.feeds.faults import BadRow, DoesNotFit, TooLarge
from hub.fulfilment.feeds.formulas import is_formula, unwrapped
from hub.fulfilment.feeds.naming import plain
from hub.fulfilment.feeds.profile import Kind, Profile
from hub.fulfilment.feeds.rows import Dialect, Row, damage, rows_of
from hub.fulfilment.feeds.vocabulary import words

MAX_ROWS = 500_000
LISTED = 1000
"""So many bad rows are listed with their reasons; all are counted."""
_HEADER_WITHIN = 60
_FIRST_WORD = re.compile(r"\W*([^\W\d_]+)(?!\w)")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken: its line in the file, and why."""

    line: int
    reason: str


@dataclass
class Reading:
    """What a file says. `total` counts the rows below the header; blank ones are none."""

    facts: list[Fact] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    total: int = 0
    refused: int = 0

    @property
    def accepted(self) -> int:
        """How many rows were taken."""
        return self.total - self.refused

    def refuse(self, line: int, reason: str) -> None:
        """Put one row aside."""
        self.refused += 1
        if len(self.rejected) < LISTED:
            self.rejected.append(Rejected(line, reason))


def read(data: bytes, profile: Profile, *, is_proposal: bool = False) -> Reading:
    """What the file says under a confirmed profile; raises `DoesNotFit` if it is not such a file.

    With a proposal, which nobody has confirmed, words are taken as listed and every row is judged by itself.
    """
    reading = Reading()
    places, rows = _opened(data, profile)
    seen: dict[tuple[str, ...], Fact] = {}
    torn: dict[tuple[str, ...], str] = {}
    reader = Reader(profile, is_proposal)
    read_fact = _READERS[profile.kind]
    for row in rows:
        if row.is_blank:
            continue
        reading.total += 1
        if reading.total > MAX_ROWS:
            raise TooLarge(f"The file has more than {MAX_ROWS:,} rows.")
        try:
            cells = Cells(_texts(row, places, profile), reader)
            fact = read_fact(row.line, cells)
        except BadRow as bad:
            reading.refuse(row.line, bad.reason)
            continue
        if fact is not None:
            _keep(fact, seen, torn, reading)
    reading.facts = [fact for key, fact in seen.items() if key not in torn]
    for key, reason in torn.items():
        reading.refuse(seen[key].line, reason)
    reading.rejected.sort(key=lambda rejected: rejected.line)
    if not is_proposal and reading.refused * 2 > reading.total:
        worst = reading.rejected[0]
        raise DoesNotFit(
            f"{reading.refused} of {reading.total} rows do not fit the profile, the first on line {worst.line}:"
            f" {worst.reason} Nothing was taken."
        )
    return reading


def _keep(
    fact: Fact, seen: dict[tuple[str, ...], Fact], torn: dict[tuple[str, ...], str], reading: Reading
) -> None:
    """The same said twice is said once; two rows that contradict each other are both put aside."""
    before = seen.setdefault(fact.key, fact)
    if before is fact or _says(before) == _says(fact):
        return
    name = " ".join(part for part in fact.key if part)[:60]
    torn.setdefault(fact.key, f"Line {fact.line} says otherwise of {name}.")
    reading.refuse(fact.line, f"Line {before.line} says otherwise of {name}.")


def _says(fact: Fact) -> tuple[object, ...]:
    return tuple(getattr(fact, name) for name in type(fact).__slots__ if name != "line")


def _opened(data: bytes, profile: Profile) -> tuple[list[int], Iterator[Row]]:
    """Which place each of the profile's columns has in this file, and the rows below the header."""
    dialect = Dialect(profile.encoding, profile.delimiter, profile.quote)
    if not profile.has_header:
        return list(range(len(profile.columns))), rows_of(data, dialect, after=profile.skip_lines)
    rows = rows_of(data, dialect)
    wanted = _numbered([column.name for column in profile.columns])
    needed = [(name, c.name) for name, c in zip(wanted, profile.columns, strict=True) if c.meaning]
    nearest, nearest_line = [shown for _, shown in needed], 0
    for row in islice(rows, _HEADER_WITHIN):
        here = _numbered(row.cells)
        missing = [shown for name, shown in needed if name not in here]
        if not missing and not row.fault:
            return [here.index(name) if name in here else -1 for name in wanted], rows
        if len(missing) < len(nearest):
            nearest, nearest_line = missing, row.line
    names = ", ".join(map(repr, nearest))
    if nearest_line:
        raise DoesNotFit(f"Line {nearest_line} is the header, but these columns are missing in it: {names}.")
    raise DoesNotFit(
        f"None of the first {_HEADER_WITHIN} rows is the header that the profile describes: {names}."
    )


def _numbered(names: Sequence[str]) -> list[tuple[str, int]]:
    """Each name with which of its kind it is: a header may have two columns of one name."""
    counts: Counter[str] = Counter()
    found = []
    for name in names:
        key = name.strip().casefold()
        counts[key] += 1
        found.append((key, counts[key]))
    return found


def _texts(row: Row, places: Sequence[int], profile: Profile) -> dict[str, list[str]]:
    """The cells by meaning. Raises `BadRow` for a row that is none."""
    if fault := damage(row, profile.encoding):
        raise BadRow(fault)
    _check_width(row, places, profile)
    texts: dict[str, list[str]] = {}
    header = True
    for column, place in zip(profile.columns, places, strict=True):
        if place < 0:
            continue
        cell = row.cells[place]
        # A formula never begins with a letter or a figure.
        if not cell[:1].isalnum() and is_formula(cell := unwrapped(cell)):
            raise BadRow(f"{column.name or f'Column {place + 1}'} has a formula, which is never read.")
        header = header and cell.strip().casefold() == column.name.strip().casefold()
        if column.meaning:
            texts.setdefault(column.meaning, []).append(cell)
    if header:
        raise BadRow("It repeats the header.")
    if _is_total(row, texts):
        raise BadRow("It is a line of totals.")
    return texts


def _check_width(row: Row, places: Sequence[int], profile: Profile) -> None:
    """A row with a cell too many or too few may have its cells in the wrong places, so none of them is believed."""
    width = max(len(profile.columns), max(places, default=0) + 1)
    wrong = len(row.cells) < width or any(cell.strip() for cell in row.cells[width:])
    if wrong:
        raise BadRow(f"It has {len(row.cells)} cells where {width} are expected.")


def _is_total(row: Row, texts: dict[str, list[str]]) -> bool:
    """The first word of the row is one for totals, and it is no article's name beside a number."""
    first = next((cell for cell in row.cells if cell.strip()), "")
    begins = _FIRST_WORD.match(first)
    if begins is None or plain(begins[1]) not in words("totals"):
        return False
    codes = [
        texts[meaning][0]
        for meaning in ("sku", "supplier_sku", "gtin", "order_reference")
        if meaning in texts
    ]
    return not any(code.strip() and code != first for code in codes)


def _article(line: int, cells: Cells) -> Article:
    sku, supplier_sku, gtin = (cells.code(meaning) for meaning in ("sku", "supplier_sku", "gtin"))
    if not (sku or supplier_sku or gtin):
        raise BadRow("It names no article.")
    if gtin and not (sku or supplier_sku) and not is_gtin(gtin):
        raise BadRow(
            f"{gtin} is no GTIN: its length or its check digit is wrong, as when a zero at the front is lost."
        )
    available, is_exact = cells.pieces()
    cost, currency = cells.cost()
    if available is None and (cells.has("stock") or cost is None):
        raise BadRow(
            "It says neither how many there are nor what they cost."
            if not cells.has("stock")
            else "It has no stock."
        )
    return Article(
        line, sku, supplier_sku, gtin, cells.text("warehouse"), available, is_exact, cost, currency
    )


def _answer(line: int, cells: Cells) -> Answer:
    ours, theirs = cells.code("order_reference"), cells.code("supplier_reference")
    if not (ours or theirs):
        raise BadRow("It names no order.")
    status = cells.status()
    if status is None:
        if cells.has("status") or not (ours and theirs):
            raise BadRow("It does not say whether the order is accepted.")
        status = "requested"
    cost, currency = cells.cost()
    return Answer(
        line, ours, theirs, cells.code("sku") or cells.code("supplier_sku"), cells.code("line_id"), status,
        cells.quantity(), cost, currency, cells.text("reason"),
    )  # fmt: skip


def _dispatch(line: int, cells: Cells) -> Dispatch:
    ours, theirs = cells.code("order_reference"), cells.code("supplier_reference")
    if not (ours or theirs):
        raise BadRow("It names no order.")
    parcels = cells.parcels()
    if not parcels:
        raise BadRow("It has no tracking number.")
    return Dispatch(
        line, ours, theirs, parcels, cells.text("carrier").strip(), cells.day(),
        cells.code("sku") or cells.code("supplier_sku"), cells.code("line_id"), cells.quantity(),
    )  # fmt: skip


def _ordered(line: int, cells: Cells) -> OrderedLine:
    ours = cells.code("order_reference")
    quantity = cells.quantity()
    if not ours:
        raise BadRow("It names no order.")
    if not quantity:
        raise BadRow("It does not say how many are ordered.")
    sku = cells.code("sku") or cells.code("supplier_sku")
    return OrderedLine(line, ours, sku, cells.code("line_id"), quantity, cells.all())


def _charged(line: int, cells: Cells) -> Charged:
    number = cells.code("invoice_number")
    if not number:
        raise BadRow("It names no invoice.")
    found = {
        name: cells.charge(name) for name in ("charge", "shipping_charge", "fee_charge", "invoice_total")
    }
    articles, shipping, fees, total = (amount for amount, _ in found.values())
    if articles is None and shipping is None and fees is None:
        raise BadRow("It charges nothing.")
    beside = {currency for _, currency in found.values() if currency}
    if len(beside) > 1:
        raise BadRow(f"It charges in {' and in '.join(sorted(beside))} at once.")
    currency = cells.currency(beside.pop() if beside else "")
    if not currency:
        raise BadRow("It does not say in which currency it charges.")
    none = Decimal(0)
    return Charged(
        line, number, cells.code("order_reference"), cells.code("supplier_reference"),
        cells.code("sku") or cells.code("supplier_sku"), cells.quantity(), currency,
        articles or none, shipping or none, fees or none, cells.day("invoiced_on"), total,
    )  # fmt: skip


def _unknown(line: int, cells: Cells) -> None:
    """Of a file whose kind is not known, only what is damaged can be told."""
    for meaning in ("sku", "supplier_sku", "gtin", "order_reference", "tracking_number"):
        cells.code(meaning)


_READERS: dict[Kind | None, Callable[[int, Cells], Fact | None]] = {
    "stock": _article,
    "acknowledgements": _answer,
    "tracking": _dispatch,
    "orders": _ordered,
    "invoices": _charged,
    None: _unknown,
}
