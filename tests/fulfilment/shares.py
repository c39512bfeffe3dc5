"""Ten of an article of which nobody has ten: what a test of shared lines does to the trade, and looks at afterwards."""

from hub.fulfilment.decision import Decision, PlannedPurchase
from hub.sdk.commerce import Order
from tests.fulfilment.trade import Trade, line, order, usd

TEN = order(lines=[line(quantity=10, paid=usd(100))])
BOUGHT = """select coalesce(sum(c.quantity), 0) from purchase_claims c
join order_lines l using (order_id, line_id, portion, generation) where c.store_id = $1 and c.released_at is null"""
STANDING = """select string_agg(portion || ': ' || quantity || ' in ' || generation, ', ' order by portion)
from order_lines where store_id = $1"""


async def stock(trade: Trade, **units: int) -> None:
    for name, available in units.items():
        await trade.has(name, available=available)


def split(decision: Decision) -> dict[str, int]:
    return {p.supplier: p.lines[0].quantity for p in decision.purchases}


async def bought(trade: Trade, it: Order = TEN) -> dict[str, PlannedPurchase]:
    """Everything that is planned of an order is bought, and its suppliers take it."""
    decision = await trade.assign(it)
    await trade.verify(it)
    for purchase in decision.purchases:
        await trade.claim(it, purchase)
        await trade.confirm(purchase.reference)
    return {p.supplier: p for p in decision.purchases}
