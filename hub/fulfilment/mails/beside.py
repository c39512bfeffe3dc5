"""Numbers in a text, and the words beside them that say what they are. Pure.

A number belongs to the nearest label before it: in its line, in the cell to its left, over its column, or in the line
above. One that stands beside `Phone` or `Invoice` is nothing else, however much it looks like a tracking number.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hub.fulfilment.carriers import detect, tidy
from hub.fulfilment.check_digits import gs1
from hub.fulfilment.mails.groups import whole_numbers
from hub.fulfilment.mails.masking import masked
from hub.fulfilment.mails.naming import carriers_named
from hub.fulfilment.mails.page import Line, Page
from hub.fulfilment.mails.words import Said, fold, longest, said

LABELS = ("tracking", "shipment", "order", "order-word", "reference", "elsewhere", "code", "barcode")
_REACH = {
    "tracking": 60,
    "shipment": 14,
    "order": 24,
    "order-word": 4,
    "reference": 14,
    "elsewhere": 8,
    "code": 8,
    "barcode": 8,
}
"""How many signs may lie between a label and its number."""
_TIGHT = re.compile(
    r"[\s:#.=()\[\]/\-\u2010-\u2015\uff1a*\"'«»“”„º°]*(?:is|ist|est|es|è|no|nr|id)?[\s:#(*\"']*"
)
_LIST = re.compile(r"[\s,;/&+\u3001]*(?:and|und|et|y|e|en|i|och|og|oraz|ja|a|or)?[\s,;#]*")
_STOP = re.compile(r"[.!?;]\s|[。!?]")
_AFTER = re.compile(r"[\s:#.=()\[\]\-\u2010-\u2015*s>\u25bc\u2193]*")
_AFTERWARDS = 40
"""Signs behind a number in which Turkish and Hungarian say what it is."""
_ARTICLES = (8, 12, 13, 14)
"""Digits of a GTIN, the number of an article."""
_HEADING = 60
_RUN = 6


@dataclass(frozen=True, slots=True)
class Value:
    """A number as it stands in a line. `label` is what it is called there; empty if nothing is said of it."""

    text: str
    line: int
    start: int
    end: int
    label: str = ""
    why: str = ""


@lru_cache(maxsize=20_000)
def labels_in(text: str) -> tuple[Said, ...]:
    """The labels of a line; within a longer one, a shorter counts for nothing."""
    found = longest(said(fold(text), *LABELS))
    of_a_parcel = any(one.what in ("tracking", "shipment") for one in found)
    return tuple(
        replace(one, what="shipment" if of_a_parcel else "barcode") if one.what == "code" else one
        for one in found
    )


def values(page: Page) -> list[Value]:
    """Every number of a page with its label."""
    headings = _headings(page)
    found: list[Value] = []
    for place, line in enumerate(page):
        in_line: list[Value] = []
        for text, start, end in whole_numbers(masked(line.text)):
            value = Value(text, place, start, end)
            in_line.append(_labelled(value, in_line, page, headings, found))
        found += in_line
    return found


def _labelled(
    value: Value, before: list[Value], page: Page, headings: dict[tuple[int, int], str], earlier: list[Value]
) -> Value:
    line = page[value.line]
    label = _in_line(line.text, value, before)
    if label:
        return _named(value, label, "beside it")
    if not _is_first(line.text, value, before):
        return value
    if over := headings.get((line.table, line.column)):
        return _named(value, over, "over its column")
    if label := _in_run(value, page):
        return _named(value, label, "in the run of labels above")
    for near in _near(page, value.line):
        if label := closing_label(near.text):
            return _named(value, label, "before it")
    return _as_the_one_above(value, page, earlier)


def _named(value: Value, label: str, where: str) -> Value:
    return Value(value.text, value.line, value.start, value.end, label, f"'{label}' {where}")


def _in_line(text: str, value: Value, before: Sequence[Value]) -> str:
    """The label in the same line that reaches this value, passing over those that other values have."""
    if before and _LIST.fullmatch(text[before[-1].end : value.start]):
        return "shipment" if _is_parcel_of(value, before[-1], text) else before[-1].label
    for label in reversed(_labels_before(text, value.start)):
        gap = text[label.end : value.start]
        taken = any(label.end <= one.start and one.label == label.what for one in before)
        if taken or len(gap) > _REACH[label.what] or _STOP.search(gap):
            continue
        if label.what in ("tracking", "order", "shipment", "reference") or _TIGHT.fullmatch(gap):
            return label.what
    behind = said(fold(text[value.end : value.end + _AFTERWARDS]), "order-after", "tracking-after")
    return behind[0].what.removesuffix("-after") if behind and behind[0].start <= 1 else ""


def _labels_before(text: str, place: int) -> list[Said]:
    """The labels before a number; where one reaches into it, as in `Order ID-1001`, what is one without its help."""
    labels = labels_in(text)
    if any(one.start < place < one.end for one in labels):
        labels = labels_in(text[:place])
    return [one for one in labels if one.end <= place]


def _is_parcel_of(value: Value, order: Value, text: str) -> bool:
    """Whether a row is an order and its parcel: `order 1001  1Z999AA10123456784`, and nothing behind it."""
    if order.label not in ("order", "order-word") or not text[order.end : value.start].isspace():
        return False
    number = tidy(value.text)
    is_article = number.isdigit() and len(number) in _ARTICLES and gs1(number)
    has_form = any(one.confidence != "possible" for one in detect(number).candidates)
    is_last = not any(sign.isalnum() for sign in text[value.end :])
    return is_last and has_form and not is_article and len(number) >= len(tidy(order.text)) + 3


def _is_first(text: str, value: Value, before: Sequence[Value]) -> bool:
    """Whether the line begins with the value, or says no more before it than whose it is."""
    if before:
        return False
    ahead = text[: value.start]
    return len(ahead) <= 25 and (sum(s.isalpha() for s in ahead) <= 3 or bool(carriers_named(ahead)))


def _near(page: Page, place: int) -> Iterator[Line]:
    """Where a label may stand: above in the cell, in the cell to the left, in the line above."""
    line = page[place]
    left = [
        one for one in page[max(0, place - 12) : place] if one.row == line.row and one.column < line.column
    ]
    if place and page[place - 1].row == line.row and page[place - 1].column == line.column:
        yield page[place - 1]
    elif left and line.table:
        yield left[-1]
    elif place:
        yield page[place - 1]
        # Between a label and its number may stand whose number it is.
        if place > 1 and len(page[place - 1].text) <= 30 and carriers_named(page[place - 1].text):
            yield page[place - 2]


def closing_label(text: str) -> str:
    """The label a line ends with, as `Your tracking number is:` does."""
    labels = labels_in(text)
    if not labels or len(text) > 120:
        return ""
    last = labels[-1]
    if not _AFTER.fullmatch(re.sub(r"\(?s?\)?\s*(?:is|ist|est|es|è|är|:)?\s*$", "", text[last.end :])):
        return ""
    if last.what in ("order-word", "shipment", "elsewhere", "reference") and len(text) > _HEADING:
        return ""
    return "order" if last.what == "order-word" and last.start <= 12 else last.what


def _headings(page: Page) -> dict[tuple[int, int], str]:
    """What stands over each column: the first row of a table that has a label and no number."""
    rows: dict[tuple[int, int], list[Line]] = {}
    for line in page:
        if line.table:
            rows.setdefault((line.table, line.row), []).append(line)
    found: dict[tuple[int, int], str] = {}
    seen: set[int] = set()
    for (table, _), cells in rows.items():
        if table in seen or len(cells) < 2:
            continue
        over = {cell.column: labels_in(cell.text) for cell in cells if len(cell.text) <= 40}
        if not any(over.values()) or any(sign.isdigit() for cell in cells for sign in cell.text):
            continue
        seen.add(table)
        for column, labels in over.items():
            if labels:
                what = labels[-1].what
                found[table, column] = "order" if what == "order-word" else what
    return {
        key: what
        for key, what in found.items()
        if what == "tracking" or sum(table == key[0] for table, _ in found) > 1
    }


def _as_the_one_above(value: Value, page: Page, earlier: list[Value]) -> Value:
    """Under `Tracking numbers:` each line may hold one."""
    if earlier and earlier[-1].line == value.line - 1 and not page[value.line].table:
        above = earlier[-1]
        alone = len(page[above.line].text) - len(above.text) <= 25
        if alone and above.label and "before" in above.why:
            return _named(value, above.label, "before it, for several")
    return value


def _in_run(value: Value, page: Page) -> str:
    """Under several labels, one a line, stand as many values, one a line: the first is the first label's."""
    if page[value.line].table:
        return ""
    first = value.line
    while first and value.line - first < _RUN and not _is_label_line(page[first - 1]):
        first -= 1
    start = first
    while start and first - start < _RUN and _is_label_line(page[start - 1]):
        start -= 1
    count = first - start
    below = page[first : first + count]
    if (
        count < 2
        or value.line - first >= count
        or not all(any(s.isdigit() for s in one.text) for one in below)
    ):
        return ""
    return closing_label(page[start + value.line - first].text)


def _is_label_line(line: Line) -> bool:
    return not line.table and len(line.text) <= 40 and bool(closing_label(line.text))
