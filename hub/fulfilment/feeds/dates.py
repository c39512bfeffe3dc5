"""Dates as people write them. What may be the third of April or the fourth of March is asked, never guessed. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from hub.fulfilment.feeds.faults import BadRow
from hub.fulfilment.feeds.naming import plain
from hub.fulfilment.feeds.vocabulary import by_word
from hub.sdk.purchase_files import DATE_FORMATS

FORMATS = (*DATE_FORMATS, "D MONTH YYYY", "MONTH D YYYY")
"""The formats that are known. A time may follow. Leading zeros may be missing, except in YYYYMMDD; MONTH is a name."""

_TIME = (
    r"(?:[T ,]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"\s?(?:[AaPp]\.?[Mm]\.?)?\s?(?:Z|UTC|GMT|[+-][0-9:]{2,5})?)?"
)
_PARTS = {
    "YYYY": r"(?P<y>[12][0-9]{3})", "YY": r"(?P<y>[0-9]{2})", "MM": r"(?P<m>[0-9]{1,2})", "DD": r"(?P<d>[0-9]{1,2})",
    "D": r"(?P<d>[0-9]{1,2})(?:\.|st|nd|rd|th|er|º|ª)?", "MONTH": r"(?:de |of )?(?P<name>[^\W\d_]{3,12})\.?(?: de)?",
}  # fmt: skip
_EAST = re.compile(r"([0-9]{4})\s?[年년]\s?([0-9]{1,2})\s?[月월]\s?([0-9]{1,2})\s?[日일]?")


@lru_cache(maxsize=len(FORMATS))
def _pattern(form: str) -> re.Pattern[str]:
    if form == "YYYYMMDD":
        return re.compile(rf"(?P<y>[12][0-9]{{3}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}}){_TIME}")
    separator = next((sign for sign in "-/. " if sign in form), "")
    parts = [_PARTS[part] for part in form.split(separator)]
    between = r"[ ,-]{1,2}" if "MONTH" in form else rf"{re.escape(separator)}\s?"
    end = r"\.?" if separator == "." else ""
    return re.compile(between.join(parts) + end + _TIME)


def read_date(text: str, form: str) -> date:
    """The day that a cell names in this format; a time beside it is left out. Raises `BadRow`."""
    shown = text.strip()[:40]
    found = _pattern(form).fullmatch(_tidy(shown))
    day = _day(found) if found else None
    if day is None:
        raise BadRow(f"{shown!r} is not a date as {form}.")
    return day


def _tidy(text: str) -> str:
    tidy = unicodedata.normalize("NFKC", text).strip()
    return _EAST.sub(r"\1-\2-\3", tidy)


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    month = parts.get("m") or by_word("months").get(plain(parts.get("name") or ""), "0")
    year = int(parts["y"])
    try:
        return date(year + 2000 if len(parts["y"]) == 2 else year, int(month), int(parts["d"]))
    except ValueError:
        return None


def formats_of(cells: Sequence[str]) -> list[str]:
    """The formats in which most of these cells are dates; several, where the cells do not tell them apart."""
    shown = [cell for cell in cells if cell.strip()]
    counts = {form: sum(_fits(cell, form) for cell in shown) for form in FORMATS}
    most = max(counts.values(), default=0)
    if not shown or most * 3 < len(shown) * 2:
        return []
    best = [form for form, count in counts.items() if count == most]
    swapped = best[0].replace("DD", "?").replace("MM", "DD").replace("?", "MM")
    return [best[0], swapped] if len(best) == 1 and _disagree(shown, best[0], swapped) else best


def _disagree(cells: Sequence[str], form: str, swapped: str) -> bool:
    """Whether some cells prove the one order of day and month and too many the other."""
    if swapped not in FORMATS or swapped == form:
        return False
    one = sum(_fits(cell, form) and not _fits(cell, swapped) for cell in cells)
    other = sum(_fits(cell, swapped) and not _fits(cell, form) for cell in cells)
    return other * 4 > one


def _fits(cell: str, form: str) -> bool:
    found = _pattern(form).fullmatch(_tidy(cell.strip()[:40]))
    return found is not None and _day(found) is not None
