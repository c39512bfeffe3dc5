"""The hub's own `stock.substitutes`: what may be sent in place of a line that cannot be had, and where it is."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated, Literal

from hub.fulfilment.call import OwnCall
from hub.fulfilment.candidates import STOCK_STANDINGS, Market, candidates_for
from hub.fulfilment.decision import CandidateFigures, SupplierSkus
from hub.fulfilment.kits import articles_of
from hub.fulfilment.market import look_at_market, progress_of
from hub.fulfilment.plan import line_score
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from hub.sdk.commerce import Internal, Money, Order, OrderLine, Record
from hub.store.suppliers import Substitute, substitutes_for

ABLE = {"possible", "refused-before", *STOCK_STANDINGS}
"""Standings of a supplier that would ship a line if it had it."""


class AskSubstitutes(Record):
    """An order, and its lines that cannot be had."""

    order: Order
    lines: list[str]


class Source(Record):
    """A supplier that can ship it now, with what it has left."""

    supplier: Annotated[str, Internal()]
    supplier_sku: Annotated[str, Internal()]
    available: int
    unit_cost: Annotated[Money | None, Internal()] = None


class Offer(Record):
    """A substitute that is in stock. `sources` are the suppliers that may ship it, the best first."""

    sku: str
    note: str
    sources: list[Source]


class LineSubstitutes(Record):
    """What there is for one line, in the merchant's order. `reason` says what was found, and of the rest why not."""

    line_id: str
    sku: str
    quantity: int
    equal: list[Offer]
    similar: list[Offer]
    reason: Annotated[str, Internal()]


class Substitutes(Record):
    """What there is for each line, and the store's policies on it.

    `to_ask` are the substitutes' articles at the suppliers that may ship them: figures older than the store trusts do
    not count, so ask these for their stock first.
    """

    lines: list[LineSubstitutes]
    to_ask: list[SupplierSkus]
    oos: Literal["substitute_then_choice", "cancel_now"]
    consent: Literal["tell", "ask"]
    similar_price: Literal["free", "refund_difference"]


@dataclass(frozen=True, slots=True)
class _Look:
    """One substitute for one line: the suppliers within the store's scope, and whether any other sells it."""

    line: OrderLine
    substitute: Substitute
    figures: list[CandidateFigures]
    is_sold_elsewhere: bool


async def substitutes(asked: AskSubstitutes, call: OwnCall) -> Substitutes:
    """Look up what may take the place of lines that cannot be had, and where it is in stock; nothing is reserved.

    What several lines would take of one substitute is counted together.
    """
    order = asked.order
    progress = await progress_of(order, call)
    # Of a line that is bought in part, only what nobody has is replaced.
    still_open = {line.id: line for line in progress.lines}
    lines = [still_open.get(line.id, line) for line in order.lines if line.id in asked.lines]
    if len(lines) < len(set(asked.lines)):
        raise Refused("cannot-place", f"Order {order.number} has not all of these lines.")
    listed = await substitutes_for(call.connection, call.store_id, [line.sku for line in lines])
    pairs = [(line, substitute) for line in lines for substitute in listed if substitute.sku == line.sku]
    wanted = [*lines, *(_in_place_of(line, substitute) for line, substitute in pairs)]
    looks = _looks(order, pairs, await look_at_market(order, wanted, progress, call))
    return Substitutes(
        lines=[_told(line, [x for x in looks if x.line is line], call.policies) for line in lines],
        to_ask=_to_ask(looks, call),
        oos=call.policies.oos,
        consent=call.policies.substitute_consent,
        similar_price=call.policies.similar_price,
    )


def _in_place_of(line: OrderLine, substitute: Substitute) -> OrderLine:
    """The line as it would be. Its id is another, so that refusals of the original do not count."""
    id = f"{line.id}>{substitute.substitute_sku}"
    return line.model_copy(update={"id": id, "sku": substitute.substitute_sku})


def _looks(order: Order, pairs: list[tuple[OrderLine, Substitute]], market: Market) -> list[_Look]:
    sold = {article.sku for article in market.articles}
    stand_ins = [_in_place_of(line, s) for line, s in pairs if s.substitute_sku in sold]
    found = candidates_for(order, stand_ins, market)
    looks = []
    for line, substitute in pairs:
        own = _own_supplier(order, line, market) if line.sku in sold else None
        figures = [c.figures for c in found.get(_in_place_of(line, substitute).id, [])]
        inside = [f for f in figures if _is_in_scope(f.supplier, own, market.policies)]
        looks.append(_Look(line, substitute, inside, len(inside) < len(figures)))
    return looks


def _own_supplier(order: Order, line: OrderLine, market: Market) -> str | None:
    """Who would ship the line itself, if it had it."""
    able = [c.figures for c in candidates_for(order, [line], market)[line.id] if c.figures.standing in ABLE]
    return min(able, key=lambda f: _score(f, line, market.policies)).supplier if able else None


def _is_in_scope(supplier: str, own: str | None, policies: Policies) -> bool:
    match policies.substitute_scope:
        case "any":
            return True
        case "backup":
            return supplier != own
        case "same":
            return supplier == own


def _told(line: OrderLine, looks: list[_Look], policies: Policies) -> LineSubstitutes:
    offers: dict[str, list[Offer]] = {"equal": [], "similar": []}
    said = []
    for look in looks:
        possible = [f for f in look.figures if f.standing == "possible"]
        sources = [_source(f) for f in sorted(possible, key=lambda f: _score(f, line, policies))]
        name = f"{look.substitute.substitute_sku} ({look.substitute.kind})"
        if sources:
            offer = Offer(sku=look.substitute.substitute_sku, note=look.substitute.note, sources=sources)
            offers[look.substitute.kind].append(offer)
            said.append(f"{name}: {', '.join(f'{s.supplier} has {s.available}' for s in sources)}.")
        else:
            said.append(f"{name}: {_why_not(look, policies)}")
    return LineSubstitutes(
        line_id=line.id,
        sku=line.sku,
        quantity=line.quantity,
        equal=offers["equal"],
        similar=offers["similar"],
        reason=" ".join(said) or f"No substitute is listed for {line.sku}.",
    )


def _why_not(look: _Look, policies: Policies) -> str:
    if look.figures:
        return " ".join(f"{f.supplier}: {f.why}" for f in look.figures)
    if look.is_sold_elsewhere:
        return f"No supplier within substitute_scope {policies.substitute_scope} sells it."
    return "No supplier sells it."


def _source(f: CandidateFigures) -> Source:
    return Source(
        supplier=f.supplier,
        supplier_sku=f.supplier_sku,
        available=f.available or 0,
        unit_cost=f.unit_cost,
    )


def _score(f: CandidateFigures, line: OrderLine, policies: Policies) -> tuple[object, ...]:
    return *line_score(f, line.quantity, policies), f.supplier


def _to_ask(looks: list[_Look], call: OwnCall) -> list[SupplierSkus]:
    articles: defaultdict[str, set[str]] = defaultdict(set)
    for look in looks:
        for f in look.figures:
            if f.standing in ABLE and call.tells_stock(f.supplier):
                articles[f.supplier].update(articles_of(f))
    return [SupplierSkus(connection=name, skus=sorted(articles[name])) for name in sorted(articles)]
