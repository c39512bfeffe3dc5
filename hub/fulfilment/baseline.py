"""The baseline that every assignment is compared with: line after line to whoever is best for it alone. Pure."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hub.fulfilment.candidates import Candidate, fewest
from hub.fulfilment.kits import units_each, units_of
from hub.fulfilment.plan import (
    Plan,
    Possible,
    contested,
    cost_of,
    is_short,
    most_parcels,
    part_of,
    plan_of,
    purchase_of,
    ranked,
)
from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import DISTANCE


def line_by_line(possible: Possible, policies: Policies) -> Plan | None:
    """Each line to whoever is best for it now, where a parcel that is sent anyway costs nothing more; of one that is
    shared out as much as he has, and the rest likewise. None where that leads nowhere."""
    way = _Way(policies, most_parcels(possible, policies), contested(possible))
    for found in possible.values():
        rest = found[0].line.quantity
        while rest:
            best = way.best_for(found, rest)
            if best is None:
                return None
            way.take(best)
            rest -= best.line.quantity
    return plan_of(way.some, policies)


@dataclass(slots=True)
class _Way:
    """What is decided so far. `left` are the units of articles that lines compete for, by (supplier, its SKU)."""

    policies: Policies
    parcels: int
    left: dict[tuple[str, str], int]
    some: list[Candidate] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)

    def best_for(self, found: list[Candidate], wanted: int) -> Candidate | None:
        """Who is best for so many units of a line, with as many as he ships; None where nobody may have any."""
        ships = {c.figures.supplier for c in self.some if c.line.id == found[0].line.id}
        parts = [self._part(part_of(c, wanted)) for c in found if c.figures.supplier not in ships]
        open_to = [c for c in parts if c is not None and self._may_take(c)]
        return min(open_to, key=self._score, default=None)

    def take(self, best: Candidate) -> None:
        """Give him these units."""
        for article, units in units_of(best.line, best.figures).items():
            if article in self.left:
                self.left[article] -= units
        self.opened.add(best.figures.supplier)
        self.some.append(best)

    def _part(self, c: Candidate) -> Candidate | None:
        """As much of it as this supplier has, so that what remains is not too little; None where that is nothing."""
        if not is_short([c]):
            return c
        wanted = c.line.quantity
        each = units_each(c.figures)
        has = [self.left[article] // units for article, units in each.items() if article in self.left]
        units = min(wanted, c.figures.share, *has)
        if 0 < wanted - units < self.policies.min_pieces:
            units = wanted - self.policies.min_pieces
        return part_of(c, units) if units >= fewest(wanted, self.policies) else None

    def _may_take(self, c: Candidate) -> bool:
        is_enough = all(
            self.left.get(article, units) >= units for article, units in units_of(c.line, c.figures).items()
        )
        return is_enough and (c.figures.supplier in self.opened or len(self.opened) < self.parcels)

    def _score(self, c: Candidate) -> tuple[Any, ...]:
        f = c.figures
        is_new = f.supplier not in self.opened
        penalty = self.policies.split_penalty if self.opened else 0
        on_top = purchase_of(f) + penalty if is_new else Decimal(0)
        by_policy = ranked(self.policies, cost_of(f) * c.line.quantity, on_top, Decimal(DISTANCE[f.zone]))
        return f.preference, f.unit_cost is None, *by_policy, f.supplier
