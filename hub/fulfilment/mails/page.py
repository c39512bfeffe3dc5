"""A mail's text as a person sees it: lines in their order, and what lies side by side in a table. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LINES = 3_000
SIGNS = 200_000
"""A longer page is a catalogue or an attack; what follows is not read."""
WIDTH = 2_000
"""Signs of a line that are read."""
SIGNATURE = "--"
"""The line above a signature, as mail programs write it."""

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
)
_NUMBER_SIGN = re.compile(r"\u2116\s?|(?<![^\W_])[Nn][\u00ba\u00b0]\s?(?=\d)")
_STUCK = re.compile(r"(?<![^\W_])([Nn]r|no|(?:[Nn]o|[Nn]r|[Nn]ro|[Nn]um|n|PO|P\.O)\.)(?=\d{4})")
_ADDRESS = re.compile(r"<?(https?://[^\s<>\"'\])}]{3,2000})>?", re.IGNORECASE)
_ACROSS = re.compile(r"\t+|\s+\|\s*|\s*\|\s+|\s{3,}")
_RULE = re.compile(r"[\s|+=_*~.\-\u2500-\u257f]*")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}(?!\w)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. Lines of one `row` lie side by side; `table` is 0 outside of tables."""

    text: str
    row: int
    column: int = 0
    table: int = 0
    links: tuple[str, ...] = ()


Page = tuple[Line, ...]


def clean(text: str) -> str:
    """One way to write each sign: full-width digits are digits, every space is a space, the invisible is gone."""
    # `№1001` and `Nº1001`, normalized, and `Nr.1001` would be one word with their number.
    text = _STUCK.sub(r"\1 ", _NUMBER_SIGN.sub("No ", text))
    return re.sub(r"[^\S\n\t]", " ", unicodedata.normalize("NFKC", text.translate(_INVISIBLE)))


def from_text(text: str) -> Page:
    """A plain text as a page. Columns are told by tabs, bars or wide gaps, addresses are links."""
    lines: list[Line] = []
    table = width = 0
    for row, raw in enumerate(_columned(clean(text[:SIGNS]).splitlines()[:LINES])):
        written, links = _without_links(raw[:WIDTH])
        cells = [cell.strip() for cell in _ACROSS.split(written.strip(" |\t"))]
        if _RULE.fullmatch(written) and not links and raw.rstrip() != SIGNATURE:
            # A drawn line parts a table's heading from its body and is no row of it; an empty line ends it.
            width = width if written.strip() else 0
            continue
        if len(cells) > 1 and len(cells) != width:
            table += 1
        width = len(cells) if len(cells) > 1 else 0
        lines += _row(cells, row, table if width else 0, links)
    return tuple(lines)


def _columned(rows: list[str]) -> list[str]:
    """Rows of a separated file that somebody pasted: the same number of semicolons or commas, row under row."""
    counts = [(row.count(";"), row.count(",") if ", " not in row else 0) for row in rows]
    found = list(rows)
    for place, row in enumerate(rows):
        near = [*counts[max(0, place - 1) : place], *counts[place + 1 : place + 2]]
        for kind, mark in enumerate(";,"):
            if counts[place][kind] and any(other[kind] == counts[place][kind] for other in near):
                found[place] = row.replace(mark, "\t")
                break
    return found


def joined(pages: Iterable[Page]) -> Page:
    """Pages one after another, with rows and tables of their own."""
    lines: list[Line] = []
    for page in pages:
        row = lines[-1].row + 1 if lines else 0
        table = max((line.table for line in lines), default=0)
        lines += [
            Line(one.text, one.row + row, one.column, one.table + table if one.table else 0, one.links)
            for one in page
        ]
    return tuple(lines)


def _row(cells: list[str], row: int, table: int, links: tuple[str, ...]) -> list[Line]:
    return [
        Line(_EMPHASIS.sub("", text), row, column, table, () if column else links)
        for column, text in enumerate(cells)
        if text or (links and not column)
    ]


def _without_links(text: str) -> tuple[str, tuple[str, ...]]:
    links = tuple(match[1] for match in _ADDRESS.finditer(text))
    return (_ADDRESS.sub(" ", text), links) if links else (text, ())
