"""A way to ship an order, and how good it is. Pure.

Everything that compares ways (the search, its baseline, the tests) scores them here, so that they mean one thing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import CandidateFigures
from hub.fulfilment.kits import units_of
from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import DISTANCE

Chosen = dict[str, list[Candidate]]
"""By line id, who ships it. The line of each is of as many units as this one ships: all, but where it is shared out."""
Possible = dict[str, list[Candidate]]
"""By line id, those that may ship it: whole, or where nobody can, those that are `short` and may ship some."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who ships how much of which line, and how good that is: smaller is better. `cost`: articles, parcels, risk and
    penalty."""

    picked: Sequence[Candidate]
    score: tuple[Any, ...]
    cost: Decimal

    @property
    def chosen(self) -> Chosen:
        """The same, by line."""
        found: defaultdict[str, list[Candidate]] = defaultdict(list)
        for c in self.picked:
            found[c.line.id].append(c)
        return dict(found)


def plan_of(some: Iterable[Candidate], policies: Policies) -> Plan:
    """The plan in which each of these ships its line, or as much of it as its line is of."""
    picked = list(some)
    articles = sum((cost_of(c.figures) * c.line.quantity for c in picked), Decimal(0))
    parcels = {c.figures.supplier: purchase_of(c.figures) for c in picked}
    on_top = sum(parcels.values(), Decimal(0)) + policies.split_penalty * (len(parcels) - 1)
    distance = Decimal(sum(DISTANCE[c.figures.zone] for c in picked))
    score = (
        sum(c.figures.preference for c in picked),
        sum(c.figures.unit_cost is None for c in picked),
        *ranked(policies, articles, on_top, distance),
        len(parcels),
        len(picked),
        sorted(parcels),
    )
    return Plan(picked, score, articles + on_top)


def part_of(c: Candidate, units: int) -> Candidate:
    """The same supplier, for so many units of its line."""
    return (
        c if units == c.line.quantity else Candidate(c.line.model_copy(update={"quantity": units}), c.figures)
    )


def is_short(found: Sequence[Candidate]) -> bool:
    """Whether a line is shared out, since none of these has enough of it."""
    return found[0].figures.standing == "short"


def line_score(f: CandidateFigures, quantity: int, policies: Policies) -> tuple[Any, ...]:
    """How good a supplier is for one line alone, its parcel included; smaller is better."""
    by_policy = ranked(policies, cost_of(f) * quantity, purchase_of(f), Decimal(DISTANCE[f.zone]))
    return f.preference, f.unit_cost is None, *by_policy


def article_score(candidate: Candidate, policies: Policies) -> tuple[Any, ...]:
    """How good a supplier is for a line among those who send a parcel anyway."""
    f = candidate.figures
    by_policy = ranked(policies, cost_of(f), Decimal(0), Decimal(DISTANCE[f.zone]))
    return f.preference, f.unit_cost is None, *by_policy, f.supplier


def ranked(policies: Policies, articles: Decimal, on_top: Decimal, distance: Decimal) -> tuple[Decimal, ...]:
    """The figures in the order in which the store looks at them."""
    match policies.choose_by:
        case "margin":
            return articles + on_top, distance
        case "price":
            return articles, on_top, distance
        case "nearest":
            return distance, articles + on_top


def cost_of(f: CandidateFigures) -> Decimal:
    """What one unit costs; nothing where nobody knows, which `unpriced` counts."""
    return f.unit_cost.amount if f.unit_cost else Decimal(0)


def parcel_of(f: CandidateFigures) -> Decimal:
    """What this supplier's parcel costs, whatever is in it."""
    return (f.shipping.amount if f.shipping else Decimal(0)) + (f.fee.amount if f.fee else Decimal(0))


def purchase_of(f: CandidateFigures) -> Decimal:
    """What anything at all from this supplier costs beside its articles: the parcel, and what to expect of it."""
    return parcel_of(f) + (f.risk.cost.amount if f.risk and f.risk.cost else Decimal(0))


def most_parcels(possible: Possible, policies: Policies) -> int:
    """Into how many parcels the order may be split."""
    if policies.split == "never":
        return 1
    is_shared = any(is_short(found) for found in possible.values())
    return policies.max_parcels if is_shared else min(policies.max_parcels, len(possible))


def contested(possible: Possible) -> dict[tuple[str, str], int]:
    """Articles that several lines could take and that are not enough for all of them, with how many there are.

    Two store SKUs may be one article at the supplier, or have it as a part; that one SKU on two lines has enough is a
    candidate's standing.
    """
    wanted: defaultdict[tuple[str, str], int] = defaultdict(int)
    left: dict[tuple[str, str], int] = {}
    for found in possible.values():
        for c in found:
            for article, units in units_of(c.line, c.figures).items():
                wanted[article] += units
            left |= _left(c.figures)
    return {article: left[article] for article, units in wanted.items() if units > left[article]}


def _left(f: CandidateFigures) -> dict[tuple[str, str], int]:
    if not f.parts:
        return {(f.supplier, f.supplier_sku): f.available or 0}
    return {(f.supplier, part.supplier_sku): part.available or 0 for part in f.parts}
