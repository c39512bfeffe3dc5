"""Looking at a supplier's file for the first time: a proposal for its profile, and the questions that remain."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from hub.fulfilment.feeds.amounts import currency_of, decide_mark, is_ambiguous, mark_of_counts
from hub.fulfilment.feeds.codes import is_error
from hub.fulfilment.feeds.columns import Question, understand
from hub.fulfilment.feeds.contents import is_figure, share
from hub.fulfilment.feeds.dates import formats_of
from hub.fulfilment.feeds.delimiters import Table, find_table
from hub.fulfilment.feeds.encodings import find_encoding
from hub.fulfilment.feeds.faults import DoesNotFit
from hub.fulfilment.feeds.formulas import is_formula
from hub.fulfilment.feeds.header import find_header
from hub.fulfilment.feeds.profile import Column, Profile
from hub.fulfilment.feeds.rows import Row, lines_of, rows_of
from hub.fulfilment.feeds.words import at_least, status_word, stock_word

_LINES = 300
_ROWS = 5000
"""So many rows are looked at for the decimal mark, dates and words."""
_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_OTHER_FILES = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{", "JSON"),
    (b"<", "HTML or XML"),
    (b"\x89PNG", "a picture"),
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A proposal. `header_line` is 0 where there is no header."""

    profile: Profile
    questions: tuple[Question, ...]
    header_line: int


def sniff(data: bytes) -> Sniffed:
    """What a file seems to be. Nothing of it may be applied until somebody has confirmed the profile."""
    _raise_if_no_list(data)
    encoding = find_encoding(data)
    questions = [Question(about="encoding", text=encoding.doubt)] if encoding.doubt else []
    first = list(islice(lines_of(data, encoding.name), _LINES))
    named = _SEPARATOR.fullmatch(first[0][1]) if first else None
    table = find_table(first[1:] if named else first, encoding.name, named[1] if named else None)
    if not table.rows:
        raise DoesNotFit("There is nothing in the file.")
    at = find_header(table.rows, table.width)
    header = table.rows[at] if at is not None else None
    rows = _rows_below(data, table, header)
    names = _names(header, rows)
    cells = _columns(rows, len(names) if names is not None else table.width)
    columns, kind, asked = understand(names, cells)
    draft = Profile(
        kind=kind,
        encoding=encoding.name,
        delimiter=table.dialect.delimiter,
        quote="'" if table.dialect.quote == "'" else '"',
        has_header=header is not None,
        skip_lines=0 if header else table.rows[0].line - 1,
        columns=columns,
    )
    profile, more = _with_formats(draft, cells)
    return Sniffed(profile, (*questions, *asked, *more), header.line if header else 0)


def _raise_if_no_list(data: bytes) -> None:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise DoesNotFit("There is nothing in the file.")
    for mark, what in _OTHER_FILES:
        if start.startswith(mark):
            raise DoesNotFit(f"This is {what}, not a list in text. Ask for CSV.")


def _rows_below(data: bytes, table: Table, header: Row | None) -> list[Row]:
    if header is None:
        rows = rows_of(data, table.dialect, after=table.rows[0].line - 1)
    else:
        # A header may take several lines itself, so rows are counted from its own line.
        rows = islice(rows_of(data, table.dialect, after=header.line - 1), 1, None)
    return [row for row in islice(rows, _ROWS) if not row.fault and not row.is_blank]


def _names(header: Row | None, rows: Sequence[Row]) -> list[str] | None:
    """The header's names, without empty ones at the end that stand over nothing."""
    if header is None:
        return None
    names = [name.strip() for name in header.cells]
    while (
        names
        and not names[-1]
        and not any(cell.strip() for row in rows for cell in row.cells[len(names) - 1 :])
    ):
        names.pop()
    return names


def _columns(rows: Sequence[Row], width: int) -> list[list[str]]:
    fitting = [
        row for row in rows if len(row.cells) >= width and not any(c.strip() for c in row.cells[width:])
    ]
    return [[row.cells[at].strip() for row in fitting] for at in range(width)]


def _with_formats(draft: Profile, cells: Sequence[Sequence[str]]) -> tuple[Profile, list[Question]]:
    """The proposal with decimal mark, dates, currency and words."""
    asked: list[Question] = []
    mark, doubt = _mark(draft.columns, cells)
    if doubt:
        asked.append(Question(about="decimal_mark", text=doubt))
    form, doubt = _date_format(_of(draft, cells, "ship_date"))
    if doubt:
        asked.append(Question(about="date_format", text=doubt))
    prices = [name for name in ("cost", "price") if draft.has(name)]
    currency = None if draft.has("currency") else _currency(draft, cells)
    if prices and currency is None and not draft.has("currency"):
        asked.append(
            Question(about="currency", text="The file does not say in which currency its prices are.")
        )
    stock_words, unknown = _stock_words(_of(draft, cells, "stock")) if draft.kind == "stock" else ({}, [])
    asked += [Question(about="stock_words", text=f"How many does {word!r} stand for?") for word in unknown]
    answers = {word: status_word(word) for word in _distinct(_of(draft, cells, "status"))}
    statuses = {
        word: status for word, status in answers.items() if status and draft.kind == "acknowledgements"
    }
    if draft.kind == "acknowledgements":
        strange = [word for word, status in answers.items() if status is None][:20]
        asked += [
            Question(about="status_words", text=f"What does the status {word!r} mean?") for word in strange
        ]
    if draft.kind == "stock":
        asked.append(
            Question(about="is_full", text="Does the file always list every article of the supplier?")
        )
    found = {
        "decimal_mark": mark,
        "date_format": form,
        "currency": currency,
        "stock_words": stock_words,
        "status_words": statuses,
    }
    return draft.model_copy(update=found), asked


def _of(draft: Profile, cells: Sequence[Sequence[str]], meaning: str) -> list[str]:
    columns = zip(draft.columns, cells, strict=True)
    return [cell for column, here in columns if column.meaning == meaning for cell in here]


def _distinct(cells: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(cell for cell in cells if cell))[:200]


_FIGURES = ("price", "cost", "retail_price", "stock", "quantity")


def _mark(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> tuple[str | None, str]:
    """Prices tell the decimal mark best; else counts, whose groups of three are thousands; else any figures."""
    numeric = [(column.meaning, here) for column, here in zip(columns, cells, strict=True)]
    prices = [
        cell for meaning, here in numeric if meaning in ("price", "cost", "retail_price") for cell in here
    ]
    others = [
        cell
        for meaning, here in numeric
        if meaning in ("stock", "quantity") or (meaning not in _FIGURES and share(here, is_figure) >= 0.8)
        for cell in here
    ]
    mark, doubt = decide_mark(prices)
    if mark is None and not doubt:
        mark, doubt = decide_mark(others)
    counts = [here for meaning, here in numeric if meaning in ("stock", "quantity")]
    if mark is None and not doubt:
        mark = next((found for here in counts if (found := mark_of_counts(here))), None)
    ambiguous = [cell for here in (prices, *counts) for cell in here if is_ambiguous(cell)]
    if mark is None and not doubt and ambiguous:
        doubt = f"Is {ambiguous[0]} more than a thousand, or a number with three decimals?"
    return mark, doubt


def _date_format(cells: Sequence[str]) -> tuple[str | None, str]:
    shown = [cell for cell in cells if cell]
    if not shown:
        return None, ""
    formats = formats_of(shown[:1000])
    if not formats:
        return None, f"How are dates such as {shown[0][:40]!r} written?"
    if len(formats) > 1:
        return None, f"Is {shown[0][:40]} written as {' or as '.join(formats)}?"
    return formats[0], ""


def _currency(draft: Profile, cells: Sequence[Sequence[str]]) -> str | None:
    """The one currency that stands beside the prices or in their column's name."""
    priced = [
        (c.name, here) for c, here in zip(draft.columns, cells, strict=True) if c.meaning in ("cost", "price")
    ]
    found = {code for name, here in priced for text in (name, *here[:500]) if (code := currency_of(text))}
    return found.pop() if len(found) == 1 else None


def _stock_words(cells: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """The words among the figures with what they stand for, and those that nobody has listed."""
    words = [cell for cell in _distinct(cells) if not is_figure(cell) and at_least(cell) is None]
    known = {word: count for word in words if (count := stock_word(word)) is not None}
    strange = [word for word in words if word not in known and len(word) <= 40 and _is_word(word)]
    return known, strange[:20]


def _is_word(cell: str) -> bool:
    return not is_error(cell) and not is_formula(cell) and not any(sign.isdigit() for sign in cell)
