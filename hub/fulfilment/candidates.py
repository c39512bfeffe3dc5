"""Every supplier of a line with its figures, and what speaks against it. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hub.fulfilment.decision import CandidateFigures, Part, Standing
from hub.fulfilment.kits import Offer, makes, offers_of, whole_cost
from hub.fulfilment.policies import Policies
from hub.fulfilment.promise_risk import risk_of
from hub.fulfilment.rules import Rule, barred_by, matching, preference
from hub.fulfilment.supplier import SupplierSpec, max_age, shipping_cost, threshold, zone
from hub.sdk import Refused
from hub.sdk.commerce import Address, Money, Order, OrderLine
from hub.store.risks import Kept
from hub.store.silences import Standing as Silence
from hub.store.stock import Level
from hub.store.suppliers import Article

STOCK_STANDINGS: frozenset[Standing] = frozenset(
    {"quarantined", "doubted-stock", "stock-unknown", "stale-stock", "low-stock", "oos"}
)
"""What speaks against a supplier only until somebody vouches for its stock; all else speaks against it for good."""

OUT_OF_STOCK = "out-of-stock"
MENDABLE = frozenset({"address-invalid", OUT_OF_STOCK})
"""Refusals that are not for good: an address can be corrected, and a shelf filled."""


@dataclass(frozen=True, slots=True)
class Market:
    """What is known when an order is assigned. `levels` are what is left after reservations, by supplier and SKU."""

    suppliers: dict[str, SupplierSpec]
    articles: list[Article]
    levels: dict[tuple[str, str], Level]
    refused: dict[tuple[str, str], str]
    """(line, supplier) to the reason."""
    rules: list[Rule]
    policies: Policies
    now: datetime
    currency: str
    """All costs are compared in this one."""
    silent: Mapping[str, Sequence[Silence]] = field(default_factory=dict)
    """By supplier, what should have been heard of it and was not."""
    risks: Mapping[str, Kept] = field(default_factory=dict)
    """By supplier, how it kept its promises."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One supplier's figures for one line."""

    line: OrderLine
    figures: CandidateFigures


def currency_of(articles: list[Article], order: Order) -> str:
    """The currency costs are compared in: the order's if any supplier has it, else the only one there is."""
    found = {a.currency for a in articles if a.currency is not None}
    if order.total.currency in found:
        return order.total.currency
    if len(found) > 1:
        raise Refused("cannot-place", f"Costs are in {', '.join(sorted(found))} and cannot be compared.")
    return found.pop() if found else order.total.currency


def candidates_for(order: Order, lines: list[OrderLine], market: Market) -> dict[str, list[Candidate]]:
    """By line id, every supplier whose article the SKU map names, best known or not."""
    needed: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        needed[line.sku] += line.quantity
    by_sku = offers_of(a for a in market.articles if a.supplier in market.suppliers)
    unknown = sorted({line.sku or line.title for line in lines if line.sku not in by_sku})
    if unknown:
        raise Refused("unknown-sku", f"No supplier is known for {', '.join(unknown)}.")
    return {
        line.id: [
            Candidate(line, _figures(order, line, offer, needed[line.sku], market))
            for offer in by_sku[line.sku]
        ]
        for line in lines
    }


def destination(order: Order) -> Address:
    """Where an order goes; refused where that is not known."""
    if order.ship_to is None:
        raise Refused("cannot-place", "There is no shipping address.")
    return order.ship_to


def _figures(order: Order, line: OrderLine, offer: Offer, needed: int, market: Market) -> CandidateFigures:
    supplier = market.suppliers[offer.supplier]
    rules = matching(market.rules, order, line)
    parts = [_part(article, market) for article in offer.parts]
    cost = whole_cost(parts)
    as_of = min((p.as_of for p in parts if p.as_of is not None), default=None)
    to = destination(order)
    shipping = shipping_cost(supplier, to, order.shipping_method, market.currency, market.policies)
    standing, why = (
        _for_good(line, offer, rules, market)
        or _uncomparable(supplier, cost, shipping, market.currency)
        or _of_stock(line, offer, needed, market)
        or ("possible", "")
    )
    is_short = standing == "oos" and market.policies.may_split_lines
    return CandidateFigures(
        supplier=offer.supplier,
        supplier_sku=offer.name,
        standing=standing,
        why=why,
        available=makes(parts),
        as_of=as_of,
        age_seconds=int((market.now - as_of).total_seconds()) if as_of else None,
        threshold=threshold(supplier, market.policies),
        unit_cost=cost,
        shipping=None if shipping is None else Money(amount=shipping, currency=market.currency),
        fee=supplier.fee,
        risk=risk_of(market.risks.get(offer.supplier), market.policies.promise_risk, market.currency),
        zone=zone(supplier, to),
        preference=preference(rules, supplier),
        share=_share(line, offer, market) if is_short else 0,
        parts=parts if offer.is_kit else [],
    )


def _part(article: Article, market: Market) -> Part:
    level = market.levels.get((article.supplier, article.supplier_sku))
    return Part(
        supplier_sku=article.supplier_sku,
        units=article.units,
        available=level.available if level else None,
        as_of=level.as_of if level else None,
        unit_cost=_unit_cost(article, level),
    )


def _unit_cost(article: Article, level: Level | None) -> Money | None:
    # The supplier's own figure is newer than the map's.
    if level is not None and level.unit_cost is not None and level.currency is not None:
        return Money(amount=level.unit_cost, currency=level.currency)
    if article.unit_cost is not None and article.currency is not None:
        return Money(amount=article.unit_cost, currency=article.currency)
    return None


Found = tuple[Standing, str] | None
_GRAVEST_FIRST: tuple[Standing, ...] = (
    "oos", "quarantined", "doubted-stock", "stock-unknown", "stale-stock", "low-stock"
)  # fmt: skip


def _for_good(line: OrderLine, offer: Offer, rules: list[Rule], market: Market) -> Found:
    if rule := barred_by(rules, market.suppliers[offer.supplier]):
        return "barred-by-rule", f"Rule {rule.id} does not allow it."
    if not all(article.is_available for article in offer.parts):
        return "not-offered", "The SKU map says it is not offered now."
    reason = market.refused.get((line.id, offer.supplier))
    if reason is not None and reason not in MENDABLE:
        return "refused-before", f"It refused this line before: {reason}."
    return None


def _uncomparable(
    supplier: SupplierSpec, cost: Money | None, shipping: Decimal | None, currency: str
) -> Found:
    if other := {money.currency for money in (cost, supplier.fee) if money is not None} - {currency}:
        return (
            "other-currency",
            f"Its costs are in {', '.join(sorted(other))}, compared are those in {currency}.",
        )
    if shipping is None:
        return "no-shipping-quote", f"Its shipping is not quoted in {currency}."
    return None


def _of_stock(line: OrderLine, offer: Offer, needed: int, market: Market) -> Found:
    """What speaks against its stock; of a pack or kit the gravest that speaks against a part, which is named."""
    supplier = market.suppliers[offer.supplier]
    found = []
    for article in offer.parts:
        level = market.levels.get((article.supplier, article.supplier_sku))
        if said := (
            _silent(supplier, level, market)
            or _sold_out(line, supplier, level, market)
            or _stock(supplier, level, needed * article.units, market)
        ):
            found.append((said, article.supplier_sku))
    if not found:
        return None
    (standing, why), part = min(found, key=lambda one: _GRAVEST_FIRST.index(one[0][0]))
    return standing, f"{part}: {why}" if offer.is_kit else why


def _share(line: OrderLine, offer: Offer, market: Market) -> int:
    """How many units it could ship of a line that it has not enough of; 0 where those are too few to be worth it."""
    supplier, units = market.suppliers[offer.supplier], line.quantity
    for article in offer.parts:
        level = market.levels.get((article.supplier, article.supplier_sku))
        is_doubtful = (
            _silent(supplier, level, market)
            or _sold_out(line, supplier, level, market)
            # The same questions as of a whole line, but for how many there are.
            or _stock(supplier, level, article.units, market)
        )
        units = 0 if is_doubtful or level is None else min(units, level.available // article.units)
    return units if units >= fewest(line.quantity, market.policies) else 0


def fewest(quantity: int, policies: Policies) -> int:
    """How many units a supplier ships at least of so many; whoever ships all of them ships no part."""
    return min(policies.min_pieces, quantity)


def _silent(supplier: SupplierSpec, level: Level | None, market: Market) -> Found:
    """What it says of its stock is not believed, unless a person vouches for it. Where only its own signal is lost,
    what it says when asked is."""
    if level is not None and level.is_confirmed:
        return None
    for silence in market.silent.get(supplier.connection, ()):
        since = f"{silence.since:%Y-%m-%d %H:%M %Z}"
        match silence.kind:
            case "supplier-silent":
                return "quarantined", f"It has acknowledged nothing since {since}."
            case "feed-frozen":
                return (
                    "doubted-stock",
                    f"Its stock figures have not changed since {since}, though they were sold.",
                )
            case "stock-signal-lost" if level is None or level.as_of <= silence.since:
                return "doubted-stock", f"Its stock signal is lost since {since}."
    return None


def _sold_out(line: OrderLine, supplier: SupplierSpec, level: Level | None, market: Market) -> Found:
    """Its refusal says more than its feed, which may lag: only a person's word brings the line back to it."""
    is_vouched_for = level is not None and level.is_confirmed
    if is_vouched_for or market.refused.get((line.id, supplier.connection)) != OUT_OF_STOCK:
        return None
    return "oos", "It refused this line before: out-of-stock."


def _stock(supplier: SupplierSpec, level: Level | None, needed: int, market: Market) -> Found:
    if level is None:
        return "stock-unknown", "Nobody has said how many there are."
    age, limit = market.now - level.as_of, max_age(supplier, market.policies)
    if age > limit:
        return (
            "stale-stock",
            f"The stock figure is {_minutes(age)} old, at most {_minutes(limit)} is allowed.",
        )
    if level.available < needed:
        return "oos", f"{level.available} left, {needed} needed."
    floor = threshold(supplier, market.policies)
    if level.available < floor and not level.is_confirmed:
        return "low-stock", f"{level.available} left, below the safety threshold of {floor}."
    return None


def _minutes(span: timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} min"
