"""Which sign sets a file's cells apart: the one that makes a table of it, with a header that means something."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from hub.fulfilment.feeds.forms import form_of
from hub.fulfilment.feeds.meanings import meaning_of
from hub.fulfilment.feeds.rows import Dialect, Row, split

DELIMITERS = (",", ";", "\t", "|", "^", "~")
_ROWS = 200


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows by a delimiter, and how much they look like a table."""

    dialect: Dialect
    rows: tuple[Row, ...]
    width: int
    score: float


def find_table(lines: Sequence[tuple[int, str]], encoding: str, named: str | None) -> Table:
    """The best reading of the first lines; `named` is the delimiter that the file itself names."""
    choices = [named] if named else list(DELIMITERS)
    found = [
        _table(lines, Dialect(encoding, sign, quote)) for sign in choices for quote in _quotes(lines, sign)
    ]
    best = max(found, key=lambda table: table.score)
    return best if best.width > 1 or named else _table(lines, Dialect(encoding))


def _table(lines: Sequence[tuple[int, str]], dialect: Dialect) -> Table:
    rows = tuple(row for row in split(iter(lines[:_ROWS]), dialect) if not row.is_blank)
    widths = Counter(len(row.cells) for row in rows if not row.fault)
    if not widths:
        return Table(dialect, rows, 1, 0.0)
    width = _usual(widths)
    fitting = [row for row in rows if not row.fault and _filled(row) <= width <= len(row.cells)]
    share = len(fitting) / len(rows)
    score = share * _tidiness(fitting) * (1 - 1 / (width + 1)) + _meant(rows, width)
    return Table(dialect, rows, width, score if width > 1 else 0.0)


def _filled(row: Row) -> int:
    """How many cells there are without empty ones at the end."""
    count = len(row.cells)
    while count > 1 and not row.cells[count - 1].strip():
        count -= 1
    return count


def _usual(widths: Counter[int]) -> int:
    """The width that most rows have; of equals the larger one, since titles and totals are narrow."""
    return max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))[0]


def _tidiness(rows: Sequence[Row]) -> float:
    """The share of cells that hold one thing."""
    forms = [form_of(cell) for row in rows for cell in row.cells]
    weights = {"odd": 0.0, "text": 0.8, "empty": 0.7}
    return sum(weights.get(form, 1.0) for form in forms) / len(forms) if forms else 0.0


def _meant(rows: Sequence[Row], width: int) -> float:
    """How much of the best of the first rows is known as a header."""
    hits = (sum(meaning_of(cell) is not None for cell in row.cells) for row in rows[:20] if not row.fault)
    most = max(hits, default=0)
    return most / width if most > 1 else 0.0


def _quotes(lines: Sequence[tuple[int, str]], delimiter: str) -> tuple[str, ...]:
    """The apostrophe is a quote only where most lines have whole cells within two of them."""
    sign = re.escape(delimiter)
    cell = re.compile(rf"(?:^|{sign})'[^']*'(?={sign}|\s*$)")
    wrapped = sum(cell.search(line) is not None for _, line in lines)
    return ("'",) if wrapped * 2 > len(lines) else ('"',)
