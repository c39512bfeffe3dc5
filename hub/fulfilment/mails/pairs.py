"""Which parcel belongs to which order. Pure.

With one order in the mail there is no question. With several, a pair stands in one row, or orders and numbers take
turns down the page; where neither is so, nobody guesses.
"""

from collections.abc import Sequence
from typing import NamedTuple

from hub.fulfilment.carriers import tidy
from hub.fulfilment.mails.numbers import Number
from hub.fulfilment.mails.page import Page
from hub.fulfilment.mails.references import Reference


class Pair(NamedTuple):
    """A parcel and its order; None where that is not said."""

    order: str | None
    number: Number


class _Mention(NamedTuple):
    row: int
    order: str
    number: str


def paired(page: Page, orders: Sequence[Reference], numbers: Sequence[Number]) -> list[Pair]:
    """Each parcel with its order."""
    if len(orders) == 1:
        return [Pair(orders[0].text, one) for one in numbers]
    mentions = _mentions(page, orders, numbers)
    by_row, by_turn = _in_rows(mentions), _by_turns(mentions)
    named = {order.text.casefold(): order.text for order in orders}
    return [
        Pair(named.get(one.order.casefold()) or by_row.get(one.number) or by_turn.get(one.number), one)
        for one in numbers
    ]


def _mentions(page: Page, orders: Sequence[Reference], numbers: Sequence[Number]) -> list[_Mention]:
    """Every place where an order or a number stands, in the order of the page."""
    found: list[_Mention] = []
    for line in page:
        low, compact = line.text.casefold(), tidy(line.text)
        links = " ".join(line.links).upper()
        here = [
            *(
                (low.find(one.text.casefold()), one.text, "")
                for one in orders
                if _stands(one.text, line.text)
            ),
            *(
                (max(0, low.find(one.number[:4].casefold())), "", one.number)
                for one in numbers
                if one.number in compact or one.number in links
            ),
        ]
        found += [_Mention(line.row, order, number) for _, order, number in sorted(here)]
    return found


def _stands(order: str, text: str) -> bool:
    low, wanted = text.casefold(), order.casefold()
    place = low.find(wanted)
    if place < 0:
        return False
    after = low[place + len(wanted) : place + len(wanted) + 1]
    before = low[place - 1 : place] if place else ""
    return not before.isalnum() and not after.isalnum()


def _in_rows(mentions: Sequence[_Mention]) -> dict[str, str]:
    rows: dict[int, list[_Mention]] = {}
    for one in mentions:
        rows.setdefault(one.row, []).append(one)
    found: dict[str, set[str]] = {}
    for row in rows.values():
        orders = {one.order for one in row if one.order}
        for one in row:
            if one.number and len(orders) == 1:
                found.setdefault(one.number, set()).update(orders)
    return {number: orders.pop() for number, orders in found.items() if len(orders) == 1}


def _by_turns(mentions: Sequence[_Mention]) -> dict[str, str]:
    """Order, its numbers, the next order, its numbers; or each number with its order behind it."""
    stream = [one for place, one in enumerate(mentions) if place == 0 or one[1:] != mentions[place - 1][1:]]
    if stream and stream[0].number and stream[-1].order:
        stream = stream[::-1]
    found: dict[str, set[str]] = {}
    waiting: list[str] = []
    owner = ""
    for one in stream:
        if one.order:
            waiting = [*waiting, one.order] if one.order not in waiting else waiting
            continue
        if waiting:
            owner = waiting[0] if len(waiting) == 1 else ""
            waiting = []
        found.setdefault(one.number, set()).add(owner)
    return {
        number: next(iter(orders))
        for number, orders in found.items()
        if len(orders) == 1 and "" not in orders
    }
