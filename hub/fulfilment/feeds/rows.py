"""From bytes to rows of cells: RFC 4180 as it is really written, in bounded time and memory."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from hub.fulfilment.feeds.encodings import DAMAGED
from hub.fulfilment.feeds.faults import DoesNotFit, TooLarge

MAX_BYTES = 64 * 1024 * 1024
"""A million articles are about half of this."""
MAX_LINE = 1_000_000
MAX_CELLS = 1000
MAX_ROW_LINES = 200
MAX_ROW = 200_000
"""Signs in one row: a quote that is opened by mistake must not swallow the file."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are set apart. Without a delimiter a line is one cell."""

    encoding: str
    delimiter: str | None = None
    quote: str = '"'


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and the line of the file that it begins on, counted from 1. `fault`: why it cannot be told into cells."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not self.fault and not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class _Open:
    """A quoted cell that the line does not end."""


def lines_of(data: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers and their ends; CR, LF and CRLF all end one. Raises `TooLarge`."""
    if len(data) > MAX_BYTES:
        raise TooLarge(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are read.")
    text = io.TextIOWrapper(io.BytesIO(data), encoding, "faros-mark", newline="")
    number = 0
    while line := text.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise DoesNotFit(f"Line {number} is longer than {MAX_LINE:,} signs; this is no list.")
        yield number, line.removeprefix("\ufeff") if number == 1 else line


def rows_of(data: bytes, dialect: Dialect, *, after: int = 0) -> Iterator[Row]:
    """The rows that begin after line number `after`; blank lines are rows too."""
    return split(islice(lines_of(data, dialect.encoding), after, None), dialect)


def split(lines: Iterator[tuple[int, str]], dialect: Dialect) -> Iterator[Row]:
    """Put lines together to rows. A quote opened by mistake costs its own line and no other."""
    waiting: list[tuple[int, str]] = []
    while True:
        number, line = waiting.pop(0) if waiting else next(lines, (0, ""))
        if not number:
            return
        cells = _cells(line.rstrip("\r\n"), dialect)
        taken: list[tuple[int, str]] = []
        if isinstance(cells, _Open):
            cells, taken = _continued(line, waiting, lines, dialect)
        if isinstance(cells, str):
            # What was swallowed is read again on its own.
            waiting = taken + waiting
            yield Row(number, (line.rstrip("\r\n")[:200],), cells)
        else:
            yield _checked(number, cells)


def _continued(
    line: str, waiting: list[tuple[int, str]], lines: Iterator[tuple[int, str]], dialect: Dialect
) -> tuple[list[str] | str, list[tuple[int, str]]]:
    """The cells once a later line closes the quote, or the fault, and the lines that were taken for it."""
    taken: list[tuple[int, str]] = []
    parts, size = [line], len(line)
    while len(taken) < MAX_ROW_LINES and size < MAX_ROW:
        more = waiting.pop(0) if waiting else next(lines, None)
        if more is None:
            break
        taken.append(more)
        parts.append(more[1])
        size += len(more[1])
        # Only a line with a quote in it can close one.
        if dialect.quote not in more[1]:
            continue
        if not isinstance(cells := _cells("".join(parts).rstrip("\r\n"), dialect), _Open):
            return cells, taken
    return "A quote is opened and never closed.", taken


def _cells(line: str, dialect: Dialect) -> list[str] | str | _Open:
    """The cells of a line; a sentence if its quotes make no sense."""
    quote, delimiter = dialect.quote, dialect.delimiter
    if delimiter is None:
        return [line]
    if quote not in line:
        return line.split(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        start = _quoted_from(line, at, quote)
        if start < 0:
            end = line.find(delimiter, at)
            cells.append(line[at:] if end < 0 else line[at:end])
        else:
            close = _closing(line, start, quote)
            if close < 0:
                return _Open()
            end = _delimiter_after(line, close + 1, delimiter)
            if end == -2:
                return "A quote within a quoted cell is not doubled."
            cells.append(line[start:close].replace(quote * 2, quote))
        if end < 0:
            return cells
        at = end + len(delimiter)


def _quoted_from(line: str, at: int, quote: str) -> int:
    """Where a quoted cell's text begins; -1 if the cell is not quoted. Spaces before the quote are forgiven."""
    while line.startswith(" ", at):
        at += 1
    return at + 1 if line.startswith(quote, at) else -1


def _closing(line: str, at: int, quote: str) -> int:
    while (found := line.find(quote, at)) >= 0 and line.startswith(quote, found + 1):
        at = found + 2
    return found


def _delimiter_after(line: str, at: int, delimiter: str) -> int:
    """The next delimiter with nothing but spaces before it; -1 at the line's end, -2 if text follows."""
    while line.startswith(" ", at) and delimiter != " ":
        at += 1
    if at >= len(line):
        return -1
    return at if line.startswith(delimiter, at) else -2


def _checked(number: int, cells: list[str]) -> Row:
    if len(cells) > MAX_CELLS:
        return Row(number, tuple(cells[:5]), f"It has {len(cells):,} cells.")
    return Row(number, tuple(cells))


def damage(row: Row, encoding: str) -> str:
    """Why a row is not text: bytes that are none in the encoding, or a NUL; empty if it is."""
    if row.fault:
        return row.fault
    for cell in row.cells:
        if DAMAGED in cell:
            return f"It has bytes that are not text in {encoding}."
        if "\0" in cell:
            return "It has a NUL byte."
    return ""
