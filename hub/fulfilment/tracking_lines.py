"""Tracking numbers that a person pastes, line by line: read, and fitted to what was bought. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hub.fulfilment.carriers import detect
from hub.fulfilment.parcel_contents import essence

MOST = 500
"""Lines that may be pasted at once."""

Outcome = Literal["ready", "known", "wrong", "applied"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was pasted. `order` is an order's number, or our reference of one of its purchases."""

    number: int
    order: str
    tracking: str
    carrier: str = ""


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase that may get a number. `parcels` are the numbers it has."""

    order: str
    reference: str
    supplier: str
    parcels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """What is known of the orders that were named: their numbers without `#`, each with how many orders carry it; what
    was bought for them, whose a tracking number is, and which purchases still wait for one."""

    orders: Mapping[str, int]
    bought: Sequence[Bought]
    owners: Mapping[str, str]
    """Essence of a tracking number to the order it belongs to."""
    told: frozenset[tuple[str, str]]
    """(reference, tracking number) that were told before, and are perhaps not recorded yet."""
    awaited: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would be done with a line, and why not if it is nothing."""

    line: Line
    outcome: Outcome
    detail: str = ""
    purchase: Bought | None = None


def read_lines(text: str) -> list[Line]:
    """The lines of a text: order, tracking number and perhaps a carrier, between commas, semicolons or tabs.

    Empty lines and a line of column names are left out.
    """
    found: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        cells = [cell.strip().strip('"').strip() for cell in re.split(r"[,;\t]", raw)]
        if not any(cells) or (not found and not any(sign.isdigit() for sign in raw)):
            continue
        order, tracking, carrier, *_ = [*cells, "", ""]
        found.append(Line(number, order, tracking, carrier))
    return found


def fit(lines: Sequence[Line], books: Books) -> list[Verdict]:
    """What would be done with each line, in their order."""
    return list(_fit(lines, books))


def mark_of(verdicts: Sequence[Verdict]) -> str:
    """A short hash of what would be done: it changes when anything else would be."""
    said = [
        (v.line.number, v.outcome, v.purchase.reference if v.purchase else "", v.line.tracking)
        for v in verdicts
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _fit(lines: Sequence[Line], books: Books) -> Iterator[Verdict]:
    seen: dict[str, Line] = {}
    for line in lines:
        before = seen.setdefault(essence(line.tracking), line)
        if before is line:
            yield _one(line, books)
        elif before.order.lstrip("#") == line.order.lstrip("#"):
            yield Verdict(line, "known", f"Line {before.number} says the same.")
        else:
            yield Verdict(line, "wrong", f"Line {before.number} gives this number to order {before.order}.")


def _one(line: Line, books: Books) -> Verdict:
    fault = _fault(line)
    if fault:
        return Verdict(line, "wrong", fault)
    purchases = [b for b in books.bought if b.reference == line.order]
    order = purchases[0].order if purchases else line.order
    count = 1 if purchases else books.orders.get(order.lstrip("#"), 0)
    purchases = purchases or [b for b in books.bought if b.order.lstrip("#") == order.lstrip("#")]
    if count == 0:
        return Verdict(line, "wrong", "There is no order of this number.")
    if count > 1:
        return Verdict(
            line, "wrong", "Several orders have this number; name the purchase's reference instead."
        )
    return _of_order(line, order, purchases, books)


def _of_order(line: Line, order: str, purchases: Sequence[Bought], books: Books) -> Verdict:
    owner = books.owners.get(essence(line.tracking))
    if owner is not None and owner.lstrip("#") != order.lstrip("#"):
        return Verdict(line, "wrong", f"This number is a parcel's of order {owner}.")
    if owner is not None or any((b.reference, line.tracking) in books.told for b in purchases):
        return Verdict(line, "known", "The order has this number already.")
    if not purchases:
        return Verdict(line, "wrong", "Nothing is bought for this order.")
    without = [b for b in purchases if not b.parcels] or list(purchases)
    if len(without) > 1:
        references = ", ".join(b.reference for b in without)
        return Verdict(line, "wrong", f"Name which purchase it is of instead of the order: {references}.")
    (purchase,) = without
    if purchase.reference not in books.awaited:
        return Verdict(line, "wrong", f"No flow waits for news of purchase {purchase.reference} any more.")
    detail = f"A further parcel beside {', '.join(purchase.parcels)}." if purchase.parcels else ""
    return Verdict(line, "ready", detail, purchase)


def _fault(line: Line) -> str:
    number = essence(line.tracking)
    if not line.order or not number:
        return "A line is an order's number and a tracking number with a comma between them."
    if not 8 <= len(number) <= 40 or not number.isascii() or not any(sign.isdigit() for sign in number):
        return "This is no tracking number: they have 8 to 40 letters and digits."
    found = detect(line.tracking, word=line.carrier)
    if found.mistyped and not found.candidates:
        return f"A digit is wrong: it looks like {found.mistyped[0]}, and its check digit does not fit."
    return ""


def applied(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same once what was ready is done."""
    return [replace(v, outcome="applied") if v.outcome == "ready" else v for v in verdicts]
