"""Assign: the best supplier for every line of an order, exactly. Pure.

Rules' preferences come first, then what the store chooses by. A parcel's cost does not depend on what is in it, so for
a given set of suppliers each line goes to the best of them; trying every set finds the best of all.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from hub.fulfilment.candidates import STOCK_STANDINGS, Candidate
from hub.fulfilment.decision import CandidateFigures
from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import DISTANCE
from hub.sdk import Refused

MOST_SETS = 1024
"""Sets of suppliers tried for one order; beyond, only the smaller sets are, which means fewer parcels."""

Chosen = dict[str, CandidateFigures]
"""By line id."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Who ships which line, and how good that is: smaller is better."""

    chosen: Chosen
    score: tuple[Any, ...]


def choose(candidates: dict[str, list[Candidate]], policies: Policies) -> Chosen:
    """The best supplier of each line; raises `Refused` where there is none."""
    possible = {
        line: [c for c in found if c.figures.standing == "possible"] for line, found in candidates.items()
    }
    for line, found in possible.items():
        if not found:
            _refuse(candidates, line, possible)
    plans = [
        plan for names in _sets(possible, policies) if (plan := _plan(possible, names, policies)) is not None
    ]
    if not plans:
        raise Refused("cannot-place", "No allowed number of parcels holds everything on the order.")
    return min(plans, key=lambda plan: plan.score).chosen


def reason(chosen: CandidateFigures, candidates: list[Candidate], policies: Policies) -> str:
    """What decided: `fallback:oos(a)` if a better one fell out (stock, refusal), else a rule, `only`, or the policy."""
    line = candidates[0].line
    mine = line_score(chosen, line.quantity, policies)
    missed = [
        c.figures
        for c in candidates
        if c.figures.standing in {*STOCK_STANDINGS, "refused-before"} and c.figures.shipping is not None
        and line_score(c.figures, line.quantity, policies) < mine
    ]  # fmt: skip
    if missed:
        best = min(missed, key=lambda f: line_score(f, line.quantity, policies))
        return f"fallback:{best.standing}({best.supplier})"
    others = [c.figures for c in candidates if c.figures.supplier != chosen.supplier]
    if not others:
        return "only"
    if any(f.standing == "barred-by-rule" for f in others) or any(
        f.preference > chosen.preference for f in others
    ):
        return "rule"
    return policies.choose_by


def _sets(possible: dict[str, list[Candidate]], policies: Policies) -> Iterator[frozenset[str]]:
    names = sorted({c.figures.supplier for found in possible.values() for c in found})
    most = 1 if policies.split == "never" else min(policies.max_parcels, len(names), len(possible))
    tried = 0
    for size in range(1, most + 1):
        for some in combinations(names, size):
            tried += 1
            if tried > MOST_SETS:
                return
            yield frozenset(some)


def _plan(possible: dict[str, list[Candidate]], names: frozenset[str], policies: Policies) -> Plan | None:
    chosen: Chosen = {}
    items = [Decimal(0)] * 4  # preference, articles without a known cost, their cost, distance
    for line, found in possible.items():
        fitting = [c for c in found if c.figures.supplier in names]
        if not fitting:
            return None
        best = min(fitting, key=lambda c: _article_score(c, policies))
        chosen[line] = best.figures
        items[0] += best.figures.preference
        items[1] += best.figures.unit_cost is None
        items[2] += _cost(best.figures) * best.line.quantity
        items[3] += DISTANCE[best.figures.zone]
    parcels = {f.supplier: _parcel(f) for f in chosen.values()}
    if len(parcels) < len(names) or not _is_enough(chosen, possible):
        return None
    on_top = sum(parcels.values(), Decimal(0)) + policies.split_penalty * (len(parcels) - 1)
    preference, unpriced, articles, distance = items
    by_policy = _ranked(policies, articles, on_top, distance)
    return Plan(chosen, (preference, unpriced, *by_policy, len(parcels), sorted(parcels)))


def _is_enough(chosen: Chosen, possible: dict[str, list[Candidate]]) -> bool:
    """Two store SKUs may be one article at the supplier: together they must not exceed what is left of it."""
    wanted: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line, figures in chosen.items():
        wanted[figures.supplier, figures.supplier_sku] += possible[line][0].line.quantity
    return all((f.available or 0) >= wanted[f.supplier, f.supplier_sku] for f in chosen.values())


def _article_score(candidate: Candidate, policies: Policies) -> tuple[Any, ...]:
    f = candidate.figures
    by_policy = _ranked(policies, _cost(f), Decimal(0), Decimal(DISTANCE[f.zone]))
    return f.preference, f.unit_cost is None, *by_policy, f.supplier


def line_score(f: CandidateFigures, quantity: int, policies: Policies) -> tuple[Any, ...]:
    """How good a supplier is for one line alone, its parcel included; smaller is better."""
    by_policy = _ranked(policies, _cost(f) * quantity, _parcel(f), Decimal(DISTANCE[f.zone]))
    return f.preference, f.unit_cost is None, *by_policy


def _ranked(policies: Policies, articles: Decimal, on_top: Decimal, distance: Decimal) -> tuple[Decimal, ...]:
    """The figures in the order in which the store looks at them."""
    match policies.choose_by:
        case "margin":
            return articles + on_top, distance
        case "price":
            return articles, on_top, distance
        case "nearest":
            return distance, articles + on_top


def _cost(f: CandidateFigures) -> Decimal:
    return f.unit_cost.amount if f.unit_cost else Decimal(0)


def _parcel(f: CandidateFigures) -> Decimal:
    return (f.shipping.amount if f.shipping else Decimal(0)) + (f.fee.amount if f.fee else Decimal(0))


def _refuse(candidates: dict[str, list[Candidate]], line: str, possible: dict[str, list[Candidate]]) -> None:
    """Refuse by the gravest reason of all lines: nobody may sell it, nobody has it, nobody is sure."""
    bare = [found for id, found in candidates.items() if not possible[id]]
    for found in bare:
        if not any(c.figures.standing in STOCK_STANDINGS for c in found):
            raise Refused("no-supplier", _told(found))
    for found in bare:
        if all(c.figures.standing == "oos" or c.figures.standing not in STOCK_STANDINGS for c in found):
            raise Refused("out-of-stock", _told(found))
    raise Refused("stock-unconfirmed", _told(candidates[line]))


def _told(found: list[Candidate]) -> str:
    each = "; ".join(f"{c.figures.supplier}: {c.figures.why}" for c in found)
    return f"{found[0].line.sku}: {each}"
