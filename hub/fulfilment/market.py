"""The market as it is for an order now: who sells its lines, what is left there, who refused them before."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import Market, currency_of
from hub.sdk.commerce import Order, OrderLine
from hub.store import purchases, suppliers
from hub.store.database import Connection
from hub.store.stock import Article, Level

Levels = Callable[[Connection, str, Sequence[Article], datetime], Awaitable[dict[Article, Level]]]
"""How stock is read: locked by who will reserve it, or only looked at."""


async def open_market(
    order: Order, lines: list[OrderLine], order_id: UUID, call: OwnCall, levels: Levels
) -> Market:
    """Everything that decides who can ship these lines."""
    specs = {s.connection: s for s in call.suppliers}
    articles = await suppliers.articles_for(call.connection, call.store_id, [line.sku for line in lines])
    offered = [a for a in articles if a.supplier in specs]
    wanted = [(a.supplier, a.supplier_sku) for a in offered]
    return Market(
        suppliers=specs,
        articles=offered,
        levels=await levels(call.connection, call.store_id, wanted, call.now),
        refused=await purchases.refusals_of(call.connection, order_id),
        rules=call.rules,
        policies=call.policies,
        now=call.now,
        currency=currency_of(offered, order),
    )
