"""Routing rules: what an order or line is like, and which suppliers that allows, prefers or forbids."""

import hashlib
from collections.abc import Collection, Mapping
from decimal import Decimal

import orjson

from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import SupplierSpec
from hub.sdk.commerce import Order, OrderLine, Record


class When(Record):
    """Conditions; all that are given must hold, a list holds if any of it does. None given means always.

    Values are in the order's currency.
    """

    sku: list[str] = []
    sku_prefix: list[str] = []
    category: list[str] = []
    tag: list[str] = []
    country: list[str] = []
    country_not: list[str] = []
    region: list[str] = []
    shipping_method: list[str] = []
    value_at_least: Decimal | None = None
    value_below: Decimal | None = None


class Rule(Record):
    """One rule. Suppliers are named by connection, or chosen by `region:US`, `region:US-NY` or `level:3`.

    `use` leaves only these, and several such rules leave only what all of them allow. `prefer` ranks; the first rule
    that prefers anything counts. `tags` are put on the order.
    """

    id: str
    when: When = When()
    use: list[str] = []
    prefer: list[str] = []
    exclude: list[str] = []
    tags: list[str] = []


def version_of(rules: list[Rule], policies: Policies) -> str:
    """Changes when, and only when, a rule or policy does; kept on every decision."""
    content = [[r.model_dump(mode="json") for r in rules], policies.model_dump(mode="json")]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


def matching(rules: list[Rule], order: Order, line: OrderLine) -> list[Rule]:
    """The rules that speak of this line of this order, in their order."""
    return [
        r for r in rules if _of_line(r.when, line) and _of_order(r.when, order) and _of_value(r.when, order)
    ]


def barred_by(rules: list[Rule], supplier: SupplierSpec) -> Rule | None:
    """The first of these rules that does not let this supplier have the line."""
    for rule in rules:
        if rule.use and not any(names(s, supplier) for s in rule.use):
            return rule
        if any(names(s, supplier) for s in rule.exclude):
            return rule
    return None


def preference(rules: list[Rule], supplier: SupplierSpec) -> int:
    """0 for the most preferred supplier; those nobody prefers come after all others."""
    for rule in rules:
        if rule.prefer:
            ranks = [rank for rank, selector in enumerate(rule.prefer) if names(selector, supplier)]
            return ranks[0] if ranks else len(rule.prefer)
    return 0


def undecided_overlap(sold_by: Mapping[str, Collection[str]], rules: list[Rule]) -> list[str]:
    """The SKUs that several suppliers sell and no rule chooses between for every order; the policy alone decides."""
    choosing = [r for r in rules if (r.use or r.prefer) and _is_about_skus_only(r.when)]
    return sorted(
        sku
        for sku, suppliers in sold_by.items()
        if len(suppliers) > 1 and not any(_covers(r.when, sku) for r in choosing)
    )


def names(selector: str, supplier: SupplierSpec) -> bool:
    """Whether a rule's selector means this supplier."""
    kind, colon, value = selector.partition(":")
    if not colon:
        return selector == supplier.connection
    if kind == "region":
        return supplier.region == value or supplier.region.startswith(f"{value}-")
    if kind == "level":
        return str(supplier.level) == value
    return False


def _is_about_skus_only(when: When) -> bool:
    return when == When(sku=when.sku, sku_prefix=when.sku_prefix)


def _covers(when: When, sku: str) -> bool:
    return (not when.sku or sku in when.sku) and (
        not when.sku_prefix or sku.startswith(tuple(when.sku_prefix))
    )


def _of_line(when: When, line: OrderLine) -> bool:
    return _covers(when, line.sku) and (not when.category or line.category in when.category)


def _of_order(when: When, order: Order) -> bool:
    country = order.ship_to.country if order.ship_to else ""
    region = order.ship_to.region if order.ship_to else ""
    methods = [m.casefold() for m in when.shipping_method]
    return (
        (not when.tag or not set(when.tag).isdisjoint(order.tags))
        and (not when.country or country in when.country)
        and country not in when.country_not
        and (not when.region or region in when.region or f"{country}-{region}" in when.region)
        and (not methods or order.shipping_method.casefold() in methods)
    )


def _of_value(when: When, order: Order) -> bool:
    value = order.total.amount
    return (when.value_at_least is None or value >= when.value_at_least) and (
        when.value_below is None or value < when.value_below
    )
