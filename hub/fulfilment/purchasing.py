"""The hub's own `purchasing` actions that plan: whose stock to ask, and who ships what, with reservations."""

import base64
import hashlib
import re
from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import uuid4

import orjson

from hub.fulfilment.assignment import Choice, choose
from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import Candidate, candidates_for
from hub.fulfilment.decision import (
    AboutOrder,
    Candidates,
    Decision,
    LineDecision,
    PlannedPurchase,
    Proof,
    SupplierSkus,
)
from hub.fulfilment.dividing import cut, open_portions
from hub.fulfilment.kits import parts_of
from hub.fulfilment.line_decisions import Placed, kept_line, line_decision
from hub.fulfilment.margin_guard import refuse_small
from hub.fulfilment.market import Progress, open_market, progress_of
from hub.fulfilment.orders import order_digest
from hub.fulfilment.rules import barred_by, matching, version_of
from hub.fulfilment.screening import shippable
from hub.sdk import Refused
from hub.sdk.commerce import Money, Order, PurchaseLine
from hub.store import orders, portions, purchases, replacements, stock, suppliers
from hub.store.portions import Portion
from hub.store.purchases import StoredDecision, StoredPurchase


async def candidates(asked: AboutOrder, call: OwnCall) -> Candidates:
    """Which suppliers that can be asked sell lines of an order and may have it, and which articles to ask about."""
    order, lines = asked.order, shippable(asked.order)
    specs = {s.connection: s for s in call.suppliers}
    found: defaultdict[str, set[str]] = defaultdict(set)
    articles = await suppliers.articles_for(call.connection, call.store_id, [line.sku for line in lines])
    for line in lines:
        rules = matching(call.rules, order, line)
        for article in articles:
            spec = specs.get(article.supplier)
            if article.sku == line.sku and spec and article.is_available and not barred_by(rules, spec):
                found[article.supplier].add(article.supplier_sku)
    able = sorted(connection for connection in found if call.tells_stock(connection))
    return Candidates(suppliers=[SupplierSkus(connection=c, skus=sorted(found[c])) for c in able])


async def assign(asked: AboutOrder, call: OwnCall) -> Decision:
    """Decide who ships each line that is not bought yet, and reserve the units. Repeated, it says the same again.

    What was planned before and still holds stays; only lines nobody has are decided anew, as after a refusal.
    """
    order = asked.order
    progress = await progress_of(order, call)
    call.link_order(progress.order_id)
    if progress.lines and not _agrees(order, progress.portions):
        # Changed since the order was recorded; only a line that is kept can be claimed.
        kept_lines = [(line.id, line.sku, line.quantity) for line in shippable(order)]
        await orders.keep_lines(call.connection, call.store_id, progress.order_id, kept_lines)
        progress = await progress_of(order, call)
    await _drop(progress.void, call)
    if progress.lines:
        return await _decide(order, progress, call)
    if progress.decision is None:
        raise Refused("cannot-place", "No line of the order needs shipping.")
    return _restated(order, progress.decision, progress.planned)


def purchase_lines(lines: list[dict[str, Any]], order: Order) -> list[PurchaseLine]:
    """Kept lines, part by part, with the words of the order, which are not kept because they may name a customer."""
    of_order = {line.id: line for line in order.lines}
    return [
        PurchaseLine(
            line_id=kept["line_id"],
            sku=kept["sku"],
            supplier_sku=part["supplier_sku"],
            title=of_order[kept["line_id"]].title,
            quantity=part["quantity"],
            unit_cost=Money.model_validate(part["unit_cost"]) if part["unit_cost"] else None,
            properties=of_order[kept["line_id"]].properties,
        )
        for kept in lines
        for part in parts_of(kept)
    ]


def reference_of(order: Order, supplier: str, number: int, call: OwnCall) -> str:
    """A purchase's name for good. The mark tells apart shops with the same order number, and suppliers."""
    readable = re.sub(r"[^A-Za-z0-9_.-]", "", order.number)[:60]
    whole = orjson.dumps([call.store_id, call.source, order.id, supplier])
    mark = base64.b32encode(hashlib.sha256(whole).digest()).decode()[:6].lower()
    return f"{readable}-{number}-{mark}"


def _agrees(order: Order, known: list[Portion]) -> bool:
    """Whether the lines that are kept are as many units as those of the order; of a portion that is bought count those
    that were, which is more than it is kept as where the shop took units back meanwhile."""
    units: defaultdict[str, int] = defaultdict(int)
    for portion in known:
        units[portion.line_id] += portion.quantity if portion.bought is None else portion.bought
    return all(units[line.id] == line.quantity for line in shippable(order))


async def _drop(void: list[StoredPurchase], call: OwnCall) -> None:
    if ids := [p.id for p in void]:
        await purchases.drop(call.connection, ids, call.now)
        await stock.settle_reservations(call.connection, ids, "released", call.now)


async def _decide(order: Order, progress: Progress, call: OwnCall) -> Decision:
    order_id, lines = progress.order_id, progress.lines
    market = await open_market(order, lines, order_id, call, stock.lock_levels)
    found = candidates_for(order, lines, market)
    choice = choose(found, call.policies)
    await refuse_small(lines, choice.chosen, market.currency, order_id, call)
    placed = [
        Placed(share, portion, choice.chosen[line.id], found[line.id])
        for line in lines
        for share, portion in await _portions_for(choice.chosen[line.id], progress, call)
    ]
    originals = await replacements.originals(call.connection, order_id)
    decided = [line_decision(one, originals, call.policies) for one in placed]
    tags = sorted({t for line in lines for rule in matching(call.rules, order, line) for t in rule.tags})
    decision = StoredDecision(
        id=uuid4(),
        rules_version=version_of(call.rules, call.policies),
        lines_digest=call.sealer.seal(order_digest(order)),
        lines=[d.model_dump(mode="json") for d in decided],
        tags=tags,
        proof=_proof(choice, market.currency).model_dump(mode="json"),
    )
    await purchases.keep_decision(call.connection, decision, (call.store_id, order_id, call.run_id), call.now)
    fresh = _plan(order, placed, decision, progress, call)
    for purchase in fresh:
        await _keep(purchase, call)
    # What was planned before and not sent yet goes with the new decision: whoever follows it buys all that is left.
    return _restated(order, decision, [*progress.planned, *fresh])


async def _keep(purchase: StoredPurchase, call: OwnCall) -> None:
    """Write down a planned purchase, with its units set aside."""
    await purchases.insert(call.connection, call.store_id, purchase)
    units = [
        stock.Reservation(purchase.supplier, part["supplier_sku"], x["line_id"], part["quantity"])
        for x in purchase.lines
        for part in parts_of(x)
    ]
    owner = (purchase.order_id, purchase.id)
    await stock.reserve(call.connection, call.store_id, owner, units, purchase.reserved_until)


async def _portions_for(
    shares: list[Candidate], progress: Progress, call: OwnCall
) -> list[tuple[Candidate, Portion]]:
    """Each share of a line with its portion. Those that are open are divided or joined where they are not just that."""
    line, sizes = shares[0].line.id, [c.line.quantity for c in shares]
    planned = [kept for purchase in progress.planned for kept in purchase.lines]
    before = open_portions(progress.portions, planned)[line]
    pieces = cut(progress.portions, before, sizes)
    is_cut = set(pieces) == set(before) or await portions.divide(
        call.connection, progress.order_id, before, pieces
    )
    if not is_cut:
        raise Refused("cannot-place", f"The units of line {line} are not those that nobody has yet.")
    return list(zip(shares, pieces, strict=False))


def _proof(choice: Choice, currency: str) -> Proof:
    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount=amount, currency=currency)

    return Proof(
        found_by=choice.found_by,
        is_best=choice.is_best,
        cost=Money(amount=choice.cost, currency=currency),
        bound=money(choice.bound),
        line_by_line=money(choice.line_by_line),
    )


def _plan(
    order: Order, placed: list[Placed], decision: StoredDecision, progress: Progress, call: OwnCall
) -> list[StoredPurchase]:
    by_supplier: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in placed:
        by_supplier[one.share.figures.supplier].append(kept_line(one))
    plans = []
    for supplier in sorted(by_supplier):
        number = 1 + max((p.number for p in progress.purchases if p.supplier == supplier), default=0)
        plan = StoredPurchase(
            id=uuid4(),
            order_id=progress.order_id,
            decision_id=decision.id,
            supplier=supplier,
            number=number,
            reference=reference_of(order, supplier, number, call),
            state="planned",
            lines=by_supplier[supplier],
            tags=decision.tags,
            reserved_until=call.now + call.policies.reservation_lasts,
            claimed_by=None,
        )
        plans.append(plan)
    return plans


def _restated(order: Order, decision: StoredDecision, planned: list[StoredPurchase]) -> Decision:
    return Decision(
        id=str(decision.id),
        rules_version=decision.rules_version,
        purchases=[
            PlannedPurchase(
                supplier=p.supplier,
                reference=p.reference,
                lines=purchase_lines(p.lines, order),
                tags=p.tags,
            )
            for p in planned
        ],
        lines=[LineDecision.model_validate(line) for line in decision.lines],
        tags=decision.tags,
        proof=Proof.model_validate(decision.proof) if decision.proof else None,
    )
