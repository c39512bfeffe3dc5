"""What there is to decide on an order now, and the market for it: who sells, what is left there, who refused before."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.fulfilment.call import OwnCall, is_sealed
from hub.fulfilment.candidates import Market, currency_of
from hub.fulfilment.dividing import open_lines, still_hold
from hub.fulfilment.orders import order_digest, order_key
from hub.fulfilment.screening import shippable
from hub.sdk import Refused
from hub.sdk.commerce import Order, OrderLine
from hub.store import orders, portions, purchases, risks, silences, stock, suppliers
from hub.store.database import Connection
from hub.store.portions import Portion
from hub.store.purchases import StoredDecision, StoredPurchase
from hub.store.risks import Kept
from hub.store.silences import Standing
from hub.store.stock import Article, Level

Levels = Callable[[Connection, str, Sequence[Article], datetime], Awaitable[dict[Article, Level]]]
"""How stock is read: locked by who will reserve it, or only looked at."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an order is. `planned` purchases still hold, `void` ones do not. `lines` are those nobody has yet, of as
    many units as nobody has; `portions` are all there are of each line.
    """

    order_id: UUID
    decision: StoredDecision | None
    purchases: list[StoredPurchase]
    planned: list[StoredPurchase]
    void: list[StoredPurchase]
    lines: list[OrderLine]
    portions: list[Portion]


async def progress_of(order: Order, call: OwnCall) -> Progress:
    """Lock an order and see how far it is. Refused where nothing of it may be bought."""
    connection = call.connection
    stored = await orders.lock(connection, order_key(order, call))
    if stored is None or stored.cancel_requested_at is not None:
        raise Refused("cannot-place", "The order was cancelled." if stored else "The order was not recorded.")
    if stored.mirrors is not None:
        raise Refused("mirrored", f"Order {order.number} is bought as another channel's.")
    decision = await purchases.current_decision(connection, stored.id)
    kept = await purchases.purchases_of(connection, stored.id)
    is_same = decision is not None and is_sealed(decision.lines_digest, order_digest(order), call.sealer)
    known = await portions.of_order(connection, stored.id)
    unsent = [p for p in kept if p.state == "planned"]
    planned = [p for p in unsent if is_same and p.reserved_until > call.now and still_hold(p.lines, known)]
    return Progress(
        order_id=stored.id,
        decision=decision,
        purchases=kept,
        planned=planned,
        void=[p for p in unsent if p not in planned],
        lines=open_lines(shippable(order), known, [x for p in planned for x in p.lines]),
        portions=known,
    )


async def open_market(
    order: Order, lines: list[OrderLine], order_id: UUID, call: OwnCall, levels: Levels
) -> Market:
    """Everything that decides who can ship these lines."""
    specs = {s.connection: s for s in call.suppliers}
    articles = await suppliers.articles_for(call.connection, call.store_id, [line.sku for line in lines])
    offered = [a for a in articles if a.supplier in specs]
    wanted = [(a.supplier, a.supplier_sku) for a in offered]
    names = sorted({a.supplier for a in offered})
    return Market(
        suppliers=specs,
        articles=offered,
        levels=await levels(call.connection, call.store_id, wanted, call.now),
        refused=await purchases.refusals_of(call.connection, order_id),
        rules=call.rules,
        policies=call.policies,
        now=call.now,
        currency=currency_of(offered, order),
        silent=await _silent(names, call),
        risks=await _risks(names, call),
    )


async def _silent(names: list[str], call: OwnCall) -> dict[str, list[Standing]]:
    """By supplier, what should have been heard of it and was not."""
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    for silence in await silences.of_suppliers(call.connection, call.store_id, names):
        found[silence.about].append(silence)
    return found


async def _risks(names: list[str], call: OwnCall) -> dict[str, Kept]:
    """By supplier, how it kept its promises; nobody asks where the store sets no price on that."""
    if call.policies.promise_risk.price is None:
        return {}
    return {kept.supplier: kept for kept in await risks.of_suppliers(call.connection, call.store_id, names)}


async def look_at_market(order: Order, lines: list[OrderLine], progress: Progress, call: OwnCall) -> Market:
    """The market as Assign would find it, without reserving: plans that no longer hold do not count."""
    void = [p.id for p in progress.void]

    async def levels(
        connection: Connection, store_id: str, articles: Sequence[Article], now: datetime
    ) -> dict[Article, Level]:
        return await stock.read_levels(connection, store_id, articles, now, void)

    return await open_market(order, lines, progress.order_id, call, levels)
