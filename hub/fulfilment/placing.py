"""The hub's own questions before anything is promised: can these lines be had now? Nothing is reserved."""

from hub.fulfilment.assignment import choose
from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import OUT_OF_STOCK, Candidate, Market, candidates_for
from hub.fulfilment.decision import Standing
from hub.fulfilment.dividing import of_units
from hub.fulfilment.market import Progress, look_at_market, progress_of
from hub.fulfilment.screening import shippable
from hub.sdk import Refused
from hub.sdk.commerce import Order, OrderLine, Record
from hub.sdk.parcels import ShippedLine

COUNTED: frozenset[Standing] = frozenset({"possible", "low-stock", "oos"})
"""Only what stands in the way of these suppliers is how many they have; their figure is worth telling."""


class AskPlace(Record):
    """Lines by id, or all of the purchase with this reference that are still wanted, or else all that nobody has."""

    order: Order
    reference: str = ""
    lines: list[str] = []


class Placeable(Record):
    """Whether Assign would find suppliers for all of them. `code` and `reason` are those of its refusal.

    `units` are how many there are of the scarcest line at whoever has most of it and may ship it.
    """

    ok: bool
    code: str = ""
    reason: str = ""
    units: int = 0


class MissingLine(Record):
    """A line that nobody can ship now, and why."""

    line_id: str
    sku: str
    quantity: int
    code: str
    reason: str


class AskMissing(Record):
    """An order, and those of its open lines that are not wanted any more, whether they can be had or not."""

    order: Order
    given_up: list[str] = []


class Missing(Record):
    """The open lines of an order, by whether somebody can ship them now; `taken` are planned or bought already.

    `to_refund` are those that are given up or sold out, as a refund names them: what waits for something else than
    stock is not among them. `is_all`: nothing else is left of the order.
    """

    missing: list[MissingLine]
    placeable: list[str]
    taken: list[str]
    to_refund: list[ShippedLine]
    is_all: bool


async def can_place(asked: AskPlace, call: OwnCall) -> Placeable:
    """Say whether lines would find a supplier now, by stock, rules and earlier refusals; nothing is reserved."""
    order = asked.order
    found: dict[str, list[Candidate]] = {}
    try:
        progress = await progress_of(order, call)
        lines = _meant(asked, progress)
        market = await look_at_market(order, lines, progress, call)
        found = candidates_for(order, lines, market)
        choose(found, call.policies)
    except Refused as refused:
        return Placeable(ok=False, code=refused.code, reason=refused.reason, units=_units(found))
    return Placeable(ok=True, units=_units(found))


async def missing(asked: AskMissing, call: OwnCall) -> Missing:
    """Sort the lines nobody has yet into those that somebody can ship now and those that nobody can, each with why."""
    order = asked.order
    progress = await progress_of(order, call)
    call.link_order(progress.order_id)
    given_up = [line for line in progress.lines if line.id in asked.given_up]
    wanted = [line for line in progress.lines if line.id not in asked.given_up]
    market = await look_at_market(order, wanted, progress, call)
    placeable, lacking = _sorted(order, wanted, market)
    to_refund = [
        *(ShippedLine(line_id=line.id, quantity=line.quantity) for line in given_up),
        *(ShippedLine(line_id=m.line_id, quantity=m.quantity) for m in lacking if m.code == OUT_OF_STOCK),
    ]
    open_lines = {line.id for line in progress.lines}
    wanted_units = {line.id: line.quantity for line in order.lines if line.quantity > 0}
    return Missing(
        missing=lacking,
        placeable=[line.id for line in placeable],
        taken=[line.id for line in shippable(order) if line.id not in open_lines],
        to_refund=to_refund,
        is_all={x.line_id: x.quantity for x in to_refund} == wanted_units,
    )


def _sorted(
    order: Order, lines: list[OrderLine], market: Market
) -> tuple[list[OrderLine], list[MissingLine]]:
    """The lines that somebody can ship, and those that nobody can."""
    placeable: list[OrderLine] = []
    lacking: list[MissingLine] = []
    for line in lines:
        # With those before it: together they may need more than there is, or more parcels than are allowed.
        refused = _refusal(order, [*placeable, line], market)
        if refused is None:
            placeable.append(line)
        else:
            lacking.append(
                MissingLine(
                    line_id=line.id,
                    sku=line.sku,
                    quantity=line.quantity,
                    code=refused.code,
                    reason=refused.reason,
                )
            )
    return placeable, lacking


def _meant(asked: AskPlace, progress: Progress) -> list[OrderLine]:
    units = {line.id: line.quantity for line in progress.lines}
    bought = _bought_by(asked.reference, progress)
    named = set(asked.lines) or bought.keys() or units.keys()
    # As many units as that purchase had of it, or else as nobody has.
    lines = [
        of_units(line, min(line.quantity, bought.get(line.id) or units.get(line.id, line.quantity)))
        for line in shippable(asked.order)
        if line.id in named
    ]
    if not lines or (asked.lines and len(lines) < len(named)):
        raise Refused("cannot-place", "The order does not want these lines, or not any more.")
    return lines


def _bought_by(reference: str, progress: Progress) -> dict[str, int]:
    """By line, how many units a purchase had."""
    if not reference:
        return {}
    found = [p for p in progress.purchases if p.reference == reference]
    if not found:
        raise Refused("cannot-place", f"The order has no purchase {reference}.")
    return {x["line_id"]: int(x["quantity"]) for x in found[0].lines}


def _refusal(order: Order, lines: list[OrderLine], market: Market) -> Refused | None:
    try:
        choose(candidates_for(order, lines, market), market.policies)
    except Refused as refused:
        return refused
    return None


def _units(found: dict[str, list[Candidate]]) -> int:
    most = [
        max((c.figures.available or 0 for c in of_line if c.figures.standing in COUNTED), default=0)
        for of_line in found.values()
    ]
    return max(0, min(most, default=0))
