"""The hub's own `purchasing` actions about margins: an order that leaves too little is a person's to decide."""

from collections.abc import Sequence
from uuid import UUID

from hub.fulfilment.assignment import choose
from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import candidates_for
from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.margins import Margin, margin_of
from hub.fulfilment.market import look_at_market, progress_of
from hub.fulfilment.orders import order_key
from hub.fulfilment.plan import Chosen
from hub.sdk import Refused
from hub.sdk.commerce import Money, Order, OrderLine, Record
from hub.store import allowances, orders
from hub.store.allowances import Allowance


class AllowMargin(Record):
    """An order, and the margin that a person saw."""

    order: Order
    margin: Margin


class Allowed(Record):
    """Up to how much those lines may cost; missing where nobody knew what they cost."""

    cost: Money | None = None


async def margin(asked: AboutOrder, call: OwnCall) -> Margin:
    """Reckon what an order would leave if the lines nobody has yet were bought now; nothing is reserved."""
    progress = await progress_of(asked.order, call)
    call.link_order(progress.order_id)
    if not progress.lines:
        raise Refused("cannot-place", "Every line of the order is planned or bought.")
    market = await look_at_market(asked.order, progress.lines, progress, call)
    choice = choose(candidates_for(asked.order, progress.lines, market), call.policies)
    generations = await orders.generations(call.connection, progress.order_id)
    least = call.policies.smallest_margin
    return margin_of(progress.lines, choice.chosen, generations, market.currency, least)


async def allow(asked: AllowMargin, call: OwnCall) -> Allowed:
    """Let lines be bought for what they cost when a person saw their margin, or for less; dearer, he is asked again."""
    stored = await orders.lock(call.connection, order_key(asked.order, call))
    if stored is None:
        raise Refused("not-recorded", f"Order {asked.order.number} was not recorded.")
    call.link_order(stored.id)
    cost = asked.margin.cost
    lines = _generations(asked.margin)
    new = Allowance(lines, cost.amount if cost else None, cost.currency if cost else None)
    await allowances.put(call.connection, (call.store_id, stored.id, call.run_id), new, call.now)
    return Allowed(cost=cost)


async def refuse_small(
    lines: Sequence[OrderLine], chosen: Chosen, currency: str, order_id: UUID, call: OwnCall
) -> None:
    """Refuse a plan that leaves too little, unless a person has let just these lines cost so much."""
    least = call.policies.smallest_margin
    if not least.is_set:
        return
    generations = await orders.generations(call.connection, order_id)
    found = margin_of(lines, chosen, generations, currency, least)
    if found.is_enough:
        return
    allowed = await allowances.of_order(call.connection, order_id)
    if allowed is None or not _covers(allowed, found):
        raise Refused("small-margin", found.reason)


def _generations(margin: Margin) -> dict[str, int]:
    return {line.line_id: line.generation for line in margin.lines}


def _covers(allowed: Allowance, found: Margin) -> bool:
    """A line that is bought once more is another line: whoever let it cost so much meant it once."""
    if allowed.lines != _generations(found):
        return False
    if found.cost is None or allowed.cost is None:
        return found.cost is None and allowed.cost is None
    return found.cost.currency == allowed.currency and found.cost.amount <= allowed.cost
