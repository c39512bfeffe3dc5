"""Numbers as people write them, and which sign is the decimal mark. Pure; nothing ambiguous is read."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from hub.fulfilment.feeds.faults import BadRow
from hub.fulfilment.feeds.vocabulary import by_word, words

Mark = Literal[".", ","]

_SPACES = re.compile(r"(?<=[0-9])[\s'\u2019`\u00b4](?=[0-9]{3}(?![0-9]))")
_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"),
    ",": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?"),
}
_PLAIN = {".": re.compile(r"[0-9]*\.?[0-9]+"), ",": re.compile(r"[0-9]*,?[0-9]+")}
_MARKS: tuple[Mark, Mark] = (".", ",")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_WRAPPED = re.compile(
    r"(-?[^\d.,+-]*?)\s*([+-]?\s?[.,]?\d(?:[\d.,'\u2019`\u00b4\s]*\d)?(?:[.,]?-)?)\s*([^\d]*)"
)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, the currency that stands beside it (empty if none), and whether it is a percentage."""

    value: Decimal
    currency: str = ""
    is_percent: bool = False


@dataclass(frozen=True, slots=True)
class _Parts:
    core: str
    currency: str
    is_percent: bool
    is_negative: bool


def parts_of(text: str) -> _Parts | None:
    """What is the figure and what stands around it; None if it is no figure."""
    cell = unicodedata.normalize("NFKC", text).strip()
    if len(cell) > _LONGEST or not any("0" <= sign <= "9" for sign in cell):
        return None
    bracketed = cell.startswith("(") and cell.endswith(")")
    cell = cell[1:-1].strip() if bracketed else cell
    before, core, after = _around(cell)
    if core is None:
        return None
    currency, percent = "", False
    for word in (before, after):
        if word == "%":
            percent = True
        elif (meant := _currency(word)) is None:
            return None
        else:
            currency = currency or meant
    negative = core.startswith("-") or (core.endswith("-") and core[-2:-1] not in (",", "."))
    # `12,-` and `12.-` are whole amounts on price tags.
    core = _SPACES.sub("", re.sub(r"[.,]-$", "", core)).strip("+-").strip()
    return _Parts(core, currency, percent, negative or bracketed)


def _around(cell: str) -> tuple[str, str | None, str]:
    """Words before, the figure, words after. Typographic minus signs count as minus."""
    cell = re.sub("[−–—]", "-", cell)  # noqa: RUF001 - as typographers write it
    found = _WRAPPED.fullmatch(cell)
    if found is None:
        return "", None, ""
    before, core, after = found.groups()
    if before.startswith("-"):
        if core[0] in "+-":
            return "", None, ""
        before, core = before[1:], f"-{core}"
    return before.strip(), core, after.strip()


def _currency(word: str) -> str | None:
    """The currency's code, empty if it is a currency without saying which, None if it is none."""
    lower = word.casefold().rstrip(".")
    if not word or lower in words("pieces"):
        return ""
    if (meant := by_word("sign").get(lower)) is not None:
        # `$` is a dollar of some country.
        return meant.replace("?", "")
    return word.upper() if word.upper() in CURRENCIES else None


CURRENCIES = words("currencies")
"""ISO 4217 codes that suppliers price in, and RMB, which Chinese suppliers write."""


def mark_shown(text: str) -> Mark | None:
    """The decimal mark that a figure proves by itself; None if it proves nothing, as `1,234` does."""
    found = parts_of(text)
    if found is None:
        return None
    core = found.core
    points, commas = core.count("."), core.count(",")
    if points and commas:
        return _last_of_both(core)
    if points + commas != 1:
        # Two of a kind are thousands, so the other one is the mark.
        several = "." if points > 1 else "," if commas > 1 else None
        return None if several is None or not _GROUPED[_other(several)].fullmatch(core) else _other(several)
    sign: Mark = "." if points else ","
    whole, _, fraction = core.partition(sign)
    is_thousands = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return None if is_thousands else sign


def _last_of_both(core: str) -> Mark | None:
    mark: Mark = "." if core.rfind(".") > core.rfind(",") else ","
    return mark if _GROUPED[mark].fullmatch(core) else None


def _other(mark: str) -> Mark:
    return "," if mark == "." else "."


def decide_mark(cells: Iterable[str]) -> tuple[Mark | None, str]:
    """The decimal mark that two thirds of the telling figures prove, and the doubt, if there is any."""
    shown = [(cell, mark) for cell in cells if (mark := mark_shown(cell)) is not None]
    points = sum(mark == "." for _, mark in shown)
    commas = len(shown) - points
    if not shown:
        return None, ""
    if max(points, commas) * 3 >= len(shown) * 2:
        return "." if points > commas else ",", ""
    one = next(cell for cell, found in shown if found == ".")
    other = next(cell for cell, found in shown if found == ",")
    return None, f"{one.strip()} has a decimal point, {other.strip()} a decimal comma. Which is right?"


def is_ambiguous(text: str) -> bool:
    """Whether it may be a thousand or a fraction."""
    found = parts_of(text)
    return found is not None and re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", found.core) is not None


def mark_of_counts(cells: Iterable[str]) -> Mark | None:
    """The decimal mark that whole numbers show: where `3` stands beside `1,250`, the comma sets thousands apart."""
    cores = [found.core for cell in cells if (found := parts_of(cell))]
    grouped = {core[-4] for core in cores if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", core)}
    plain = any(re.fullmatch(r"[0-9]{1,3}", core) for core in cores)
    return _other(grouped.pop()) if plain and len(grouped) == 1 else None


def read_amount(text: str, mark: Mark | None) -> Amount:
    """A number with this decimal mark; without one only what is unambiguous anyway. Raises `BadRow`."""
    shown = text.strip()[:_LONGEST]
    if shown.isascii() and shown.isdecimal():
        return Amount(Decimal(shown))
    if _SCIENTIFIC.fullmatch(shown):
        raise BadRow(f"{shown} is in scientific notation: a spreadsheet has changed it.")
    found = parts_of(text)
    if found is None:
        raise BadRow(f"{shown!r} is not a number.")
    value = _value(found.core, mark, shown)
    return Amount(-value if found.is_negative else value, found.currency, found.is_percent)


def _value(core: str, mark: Mark | None, shown: str) -> Decimal:
    if re.fullmatch(r"[0-9]+", core):
        return Decimal(core)
    if mark is not None and (_PLAIN[mark].fullmatch(core) or _GROUPED[mark].fullmatch(core)):
        return Decimal(core.replace(_other(mark), "").replace(mark, "."))
    if not any(_PLAIN[each].fullmatch(core) or _GROUPED[each].fullmatch(core) for each in _MARKS):
        raise BadRow(f"{shown!r} is not a number.")
    if mark is None:
        raise BadRow(f"{shown} may be a thousand or a fraction: the file does not show its decimal mark.")
    raise BadRow(f"{shown} does not fit a decimal {'point' if mark == '.' else 'comma'}.")


def read_count(text: str, mark: Mark | None) -> int:
    """A whole number of pieces; `2,00` is 2. Raises `BadRow`."""
    found = read_amount(text, mark)
    if found.is_percent or found.currency or found.value != found.value.to_integral_value():
        raise BadRow(f"{text.strip()[:_LONGEST]} is not a whole number of pieces.")
    return int(found.value)


def currency_of(text: str) -> str:
    """The currency named in a price or in a column's name; empty if none, or more than one, is."""
    named = re.findall(r"[^\W\d_]{0,3}\$|[€£₺₽₹₩₴₪]|[^\W\d_]+", text)
    found = {code for word in named if (code := _currency(word))}
    return found.pop() if len(found) == 1 else ""
