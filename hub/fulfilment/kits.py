"""Packs and kits: what a supplier sends for one unit that the store sells. Pure.

A line of an order is bought from one supplier and stays one line for the shop: its parcels and refunds are counted in
the units that were sold. What the supplier reads, and what is taken from its stock, are the parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hub.fulfilment.decision import CandidateFigures, Part
from hub.sdk.commerce import Money, OrderLine
from hub.store.suppliers import Article

Kept = Mapping[str, Any]
"""A line of a purchase as it is kept."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A supplier's way to deliver a store's SKU: one article for one unit, or several articles, or several of one."""

    supplier: str
    parts: tuple[Article, ...]

    @property
    def is_kit(self) -> bool:
        """Whether a sold unit is more than one of the supplier's."""
        return len(self.parts) > 1 or self.parts[0].units > 1

    @property
    def name(self) -> str:
        """What it is called at the supplier's: `AX1`, or `AX1 + 2 x BX9`."""
        return " + ".join(
            f"{p.units} x {p.supplier_sku}" if p.units > 1 else p.supplier_sku for p in self.parts
        )


def offers_of(articles: Iterable[Article]) -> dict[str, list[Offer]]:
    """By SKU, each supplier's offer, in the order of the SKU map's rows."""
    parts: defaultdict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in articles:
        parts[article.sku, article.supplier].append(article)
    found: defaultdict[str, list[Offer]] = defaultdict(list)
    for (sku, supplier), of_it in parts.items():
        found[sku].append(Offer(supplier, tuple(of_it)))
    return found


def makes(parts: Iterable[Part]) -> int | None:
    """How many sold units a supplier's parts make; None where nobody knows of one of them."""
    counts = [None if part.available is None else part.available // part.units for part in parts]
    known = [count for count in counts if count is not None]
    return min(known) if len(known) == len(counts) else None


def whole_cost(parts: Iterable[Part]) -> Money | None:
    """What one sold unit costs; None where nobody knows what a part does, or they are in several currencies."""
    costs = [(part.unit_cost, part.units) for part in parts]
    known = [(cost, units) for cost, units in costs if cost is not None]
    if len(known) < len(costs) or len({cost.currency for cost, _ in known}) != 1:
        return None
    amount = sum((cost.amount * units for cost, units in known), Decimal(0))
    return Money(amount=amount, currency=known[0][0].currency)


def units_of(line: OrderLine, f: CandidateFigures) -> dict[tuple[str, str], int]:
    """What a supplier would take from its shelves for a line, by (supplier, its SKU)."""
    return {article: each * line.quantity for article, each in units_each(f).items()}


def units_each(f: CandidateFigures) -> dict[tuple[str, str], int]:
    """What a supplier takes from its shelves for one unit that is sold."""
    if not f.parts:
        return {(f.supplier, f.supplier_sku): 1}
    return {(f.supplier, part.supplier_sku): part.units for part in f.parts}


def articles_of(f: CandidateFigures) -> list[str]:
    """The supplier's own names of what it would send."""
    return [part.supplier_sku for part in f.parts] or [f.supplier_sku]


def kept_parts(line: OrderLine, f: CandidateFigures) -> list[dict[str, Any]]:
    """The parts of a line as a purchase keeps them; none where a unit is a unit."""
    return [
        {
            "supplier_sku": part.supplier_sku,
            "quantity": part.units * line.quantity,
            "unit_cost": _written(part.unit_cost),
        }
        for part in f.parts
    ]


def parts_of(kept: Kept) -> Sequence[Kept]:
    """What a kept line is at its supplier's: its parts, or itself."""
    return kept.get("parts") or [kept]


def begun_by(said: int, kept: Kept, left: int) -> int:
    """How many of the sold units that are left a parcel begins, of which its supplier counts so many parts.

    Which parts are in a parcel nobody says: a kit in two parcels is on its way with the first, and the second begins
    nothing. More parts than were bought begin more than is left.
    """
    bought = sum(int(part["quantity"]) for part in parts_of(kept))
    begun = -(-said * int(kept["quantity"]) // bought)
    return begun if said > bought else min(begun, max(left, 0))


def _written(cost: Money | None) -> dict[str, Any] | None:
    return cost.model_dump(mode="json") if cost else None
