"""Portions of lines: what of an order is open, and how what suppliers share is cut. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from itertools import chain, count

from hub.fulfilment.kits import Kept
from hub.sdk.commerce import Money, OrderLine
from hub.store.portions import Portion

Key = tuple[str, int]
"""(line, its portion)"""
_CENT = Decimal("0.01")


def key_of(kept: Kept) -> Key:
    """Which portion a line of a purchase is; purchases of whole lines say none."""
    return kept["line_id"], kept.get("portion", 0)


def still_hold(lines: Iterable[Kept], portions: Iterable[Portion]) -> bool:
    """Whether these lines, planned and not bought yet, are portions that are as they were when they were planned."""
    open_now = {(p.line_id, p.number): p.quantity for p in portions if p.bought is None}
    return all(open_now.get(key_of(kept)) == kept["quantity"] for kept in lines)


def is_bought(lines: Iterable[Kept], portions: Iterable[Portion]) -> bool:
    """Whether a purchase has any of these lines' portions."""
    bought = {(p.line_id, p.number) for p in portions if p.bought is not None}
    return any(key_of(kept) in bought for kept in lines)


def open_portions(portions: Iterable[Portion], planned: Iterable[Kept]) -> dict[str, list[Portion]]:
    """By line, the portions that are neither bought nor planned to be."""
    held = {key_of(kept) for kept in planned}
    found: defaultdict[str, list[Portion]] = defaultdict(list)
    for portion in portions:
        if portion.bought is None and (portion.line_id, portion.number) not in held:
            found[portion.line_id].append(portion)
    return dict(found)


def open_lines(
    lines: Iterable[OrderLine], portions: Sequence[Portion], planned: Sequence[Kept]
) -> list[OrderLine]:
    """Of an order's lines those that are not all bought or planned to be, each of as many units as are not."""
    known = {portion.line_id for portion in portions}
    still_open = open_portions(portions, planned)
    taken: defaultdict[str, int] = defaultdict(int)
    for portion in portions:
        taken[portion.line_id] += portion.bought or 0
    for kept in planned:
        taken[kept["line_id"]] += kept["quantity"]
    return [
        of_units(line, line.quantity - taken[line.id])
        for line in lines
        if (line.id not in known or line.id in still_open) and line.quantity > taken[line.id]
    ]


def of_units(line: OrderLine, quantity: int) -> OrderLine:
    """The same line, but of so many units, and with their share of what is paid for it."""
    if quantity == line.quantity:
        return line
    paid = line.paid
    if paid is not None:
        share = paid.amount * quantity / line.quantity
        paid = Money(amount=share.quantize(_CENT, ROUND_FLOOR), currency=paid.currency)
    return line.model_copy(update={"quantity": quantity, "paid": paid})


def cut(portions: Iterable[Portion], still_open: Sequence[Portion], sizes: Sequence[int]) -> list[Portion]:
    """The open portions of a line as pieces of these sizes, in their order, and what is left over empty after them.

    `portions` are all of the order's. One that has the right size stays as it is; what is cut off gets a number of its
    own.
    """
    old = min(still_open, key=lambda portion: portion.number)
    last = max(portion.number for portion in portions if portion.line_id == old.line_id)
    spare = sorted(still_open, key=lambda portion: (portion.quantity == 0, portion.number))
    fitting: list[Portion | None] = []
    for size in sizes:
        fitting.append(next((portion for portion in spare if portion.quantity == size), None))
        spare = [portion for portion in spare if portion != fitting[-1]]
    fresh = (replace(old, number=number, quantity=0) for number in count(last + 1))
    free = chain(spare, fresh)
    pieces = [
        replace(next(free) if fits is None else fits, quantity=size)
        for size, fits in zip(sizes, fitting, strict=True)
    ]
    used = {piece.number for piece in pieces}
    return [*pieces, *(replace(portion, quantity=0) for portion in spare if portion.number not in used)]
