"""Where the header stands: below titles, above the rows, or nowhere."""

from collections.abc import Sequence

from hub.fulfilment.feeds.forms import form_of
from hub.fulfilment.feeds.meanings import named
from hub.fulfilment.feeds.rows import Row

_TITLES = 40
"""So many lines may stand above a header."""


def find_header(rows: Sequence[Row], width: int) -> int | None:
    """The header's place among the first rows: the first row of names that are known, else of words above figures."""
    for at, row in enumerate(rows[:_TITLES]):
        if _is_known(row, rows[at + 1 :], width):
            # A header of two lines has its groups above and its names below.
            return at + 1 if _says_more(rows, at, width) else at
    for at, row in enumerate(rows[:_TITLES]):
        if _stands_over_figures(row, rows[at + 1 :], width):
            return at
    return None


def _filled(row: Row) -> list[tuple[int, str]]:
    return [(at, cell.strip()) for at, cell in enumerate(row.cells) if cell.strip()]


def _is_known(row: Row, below: Sequence[Row], width: int) -> bool:
    filled = _filled(row)
    if (
        row.fault
        or len(filled) * 2 < width
        or (width > 1 and len(filled) < 2)
        or _figures(filled) * 4 > len(filled)
    ):
        return False
    hits = sum(
        len(cell) <= 60 and named(cell) is not None and not _recurs(at, cell, below) for at, cell in filled
    )
    exact = sum((found := named(cell)) is not None and found.close == "exact" for _, cell in filled)
    return (hits >= 2 and hits * 3 >= len(filled) and exact >= 1) or (hits == len(filled) and exact >= 1)


def _says_more(rows: Sequence[Row], at: int, width: int) -> bool:
    if at + 1 >= len(rows) or not _is_known(rows[at + 1], rows[at + 2 :], width):
        return False
    above, below = (sum(named(cell) is not None for _, cell in _filled(row)) for row in rows[at : at + 2])
    return below > above


def _figures(filled: Sequence[tuple[int, str]]) -> int:
    return sum(form_of(cell) in ("number", "date") for _, cell in filled)


def _recurs(at: int, cell: str, below: Sequence[Row]) -> bool:
    """A name is no value: it does not come again and again in its own column."""
    here = [row.cells[at].strip() for row in below if at < len(row.cells)]
    return here.count(cell) * 3 > len(here) > 0


def _stands_over_figures(row: Row, below: Sequence[Row], width: int) -> bool:
    filled = _filled(row)
    if row.fault or width < 2 or len(filled) * 5 < width * 4 or _figures(filled):
        return False
    if len({cell for _, cell in filled}) < len(filled):
        return False
    fitting = [other for other in below if not other.fault and len(other.cells) == len(row.cells)]
    return any(_is_figures([other.cells[at] for other in fitting]) for at, _ in filled)


def _is_figures(cells: Sequence[str]) -> bool:
    shown = [cell for cell in cells if cell.strip()]
    return bool(shown) and sum(form_of(cell) in ("number", "date") for cell in shown) * 10 >= len(shown) * 7
