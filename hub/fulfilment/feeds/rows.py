"""From bytes to rows of cells: RFC 4180 as it is really written, in bounded time and memory."""

import io
from collections import deque
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
    waiting: deque[tuple[int, str]] = deque()
    while True:
        number, line = waiting.popleft() if waiting else next(lines, (0, ""))
        if not number:
            return
        row = _Cells(dialect)
        row.take(line)
        taken: list[tuple[int, str]] = []
        size = len(line)
        while row.is_open and len(taken) < MAX_ROW_LINES and size < MAX_ROW:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            taken.append(more)
            size += len(more[1])
            row.take(more[1])
        if row.fault or row.is_open:
            # What was swallowed is read again on its own.
            waiting.extendleft(reversed(taken))
            why = row.fault or "A quote is opened and never closed."
            yield Row(number, (line.rstrip("\r\n")[:200],), why)
        else:
            yield _checked(number, row.cells)


class _Cells:
    """The cells of one row, line by line. `is_open`: a quoted cell goes on in the next line."""

    def __init__(self, dialect: Dialect) -> None:
        self._quote = dialect.quote
        self._delimiter = dialect.delimiter
        self._part: list[str] | None = None
        self.cells: list[str] = []
        self.fault = ""

    @property
    def is_open(self) -> bool:
        """Whether the row wants another line."""
        return self._part is not None

    def take(self, line: str) -> None:
        """Read one more line, its end included."""
        if self._part is not None:
            self._resume(line)
        elif self._delimiter is None:
            self.cells.append(line.rstrip("\r\n"))
        elif self._quote not in line:
            self.cells += line.rstrip("\r\n").split(self._delimiter)
        else:
            self._read(line, 0)

    def _read(self, line: str, at: int) -> None:
        """Cells from one that begins here to the line's end, or to a quote that the line does not close."""
        end = len(line.rstrip("\r\n"))
        while at >= 0:
            start = _quoted_from(line, at, self._quote)
            if start < 0:
                stop = line.find(self._delimiter or "", at, end)
                self.cells.append(line[at : end if stop < 0 else stop])
                at = stop + 1 if stop >= 0 else -1
                continue
            close = _closing(line, start, self._quote)
            if close < 0:
                self._part = [line[start:]]
                return
            at = self._close(line, [line[start:close]], close)

    def _resume(self, line: str) -> None:
        assert self._part is not None
        close = _closing(line, 0, self._quote)
        if close < 0:
            self._part.append(line)
            return
        parts, self._part = [*self._part, line[:close]], None
        at = self._close(line, parts, close)
        if at >= 0:
            self._read(line, at)

    def _close(self, line: str, parts: list[str], close: int) -> int:
        """Keep a quoted cell; where the next one begins, or -1 if there is none."""
        self.cells.append("".join(parts).replace(self._quote * 2, self._quote))
        at, end = close + 1, len(line.rstrip("\r\n"))
        while at < end and line[at] == " ":
            at += 1
        if at >= end:
            return -1
        if line[at] == self._delimiter:
            return at + 1
        self.fault = "A quote within a quoted cell is not doubled."
        return -1


def _quoted_from(line: str, at: int, quote: str) -> int:
    """Where a quoted cell's text begins; -1 if the cell is not quoted. Spaces before the quote are forgiven."""
    while line.startswith(" ", at):
        at += 1
    return at + 1 if line.startswith(quote, at) else -1


def _closing(line: str, at: int, quote: str) -> int:
    while (found := line.find(quote, at)) >= 0 and line.startswith(quote, found + 1):
        at = found + 2
    return found


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
