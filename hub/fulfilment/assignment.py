"""Assign: the best supplier for every line of an order, exactly. Pure.

Rules' preferences come first, then what the store chooses by. A parcel's cost does not depend on what is in it, so for
a given set of suppliers each line goes to the best of them; trying every set finds the best of all. Where lines compete
for the same units, or a line is shared out, or there are too many sets, the same question is put to HiGHS as an integer
program.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import comb
from typing import Any

from hub.fulfilment.baseline import line_by_line
from hub.fulfilment.candidates import OUT_OF_STOCK, STOCK_STANDINGS, Candidate
from hub.fulfilment.decision import CandidateFigures, FoundBy
from hub.fulfilment.plan import (
    Chosen,
    Plan,
    Possible,
    article_score,
    contested,
    is_short,
    line_score,
    most_parcels,
    plan_of,
)
from hub.fulfilment.policies import Policies
from hub.sdk import Refused

MOST_SETS = 1024
"""Sets of suppliers tried for one order: ten suppliers, or thirteen in up to four parcels. Beyond, HiGHS is faster."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The best plan, and why none is better. Costs are in the currency that the candidates were compared in.

    `bound`: no plan of the same preference can cost less; None where the search was stopped before it knew.
    `line_by_line`: what it costs to give each line to the best supplier for it alone; None where that leads nowhere.
    """

    chosen: Chosen
    cost: Decimal
    found_by: FoundBy
    is_best: bool
    bound: Decimal | None
    line_by_line: Decimal | None


def choose(candidates: dict[str, list[Candidate]], policies: Policies) -> Choice:
    """The best supplier of each line, or several where none has enough; raises `Refused` where there are none."""
    possible = {line: _able(found, policies) for line, found in candidates.items()}
    for line, found in possible.items():
        if not found:
            _refuse(candidates, line, possible)
    choice = _tried(possible, policies) if _can_be_tried(possible, policies) else _solved(possible, policies)
    if choice is None:
        if scarce := [line for line, found in possible.items() if is_short(found)]:
            # Whether it is the smallest share or the number of parcels: without more of it nothing can be done.
            raise Refused(OUT_OF_STOCK, _told(candidates[scarce[0]]))
        raise Refused("cannot-place", "No allowed number of parcels holds everything on the order.")
    return choice


def _able(found: list[Candidate], policies: Policies) -> list[Candidate]:
    """Who may ship a line; where nobody has enough of it, who could ship some, if together they have."""
    whole = [c for c in found if c.figures.standing == "possible"]
    if whole or not policies.may_split_lines:
        return whole
    some = [
        Candidate(c.line, c.figures.model_copy(update={"standing": "short"}))
        for c in found
        if c.figures.share
    ]
    return some if sum(c.figures.share for c in some) >= found[0].line.quantity else []


def reason(chosen: CandidateFigures, candidates: list[Candidate], policies: Policies) -> str:
    """What decided: `shared` if nobody had enough, `fallback:oos(a)` if a better one fell out (stock, refusal),
    `risk(a)` if only its broken promises made it worse, else a rule, `only`, or the policy."""
    if chosen.standing == "short":
        return "shared"
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
    if risky := _too_risky(chosen, candidates, policies):
        return f"risk({risky})"
    others = [c.figures for c in candidates if c.figures.supplier != chosen.supplier]
    if not others:
        return "only"
    if any(f.standing == "barred-by-rule" for f in others) or any(
        f.preference > chosen.preference for f in others
    ):
        return "rule"
    return policies.choose_by


def _too_risky(chosen: CandidateFigures, candidates: list[Candidate], policies: Policies) -> str | None:
    """The best supplier that would have gone before the chosen one, were it not for the promises that it breaks."""

    def score(f: CandidateFigures) -> tuple[Any, ...]:
        return line_score(f, candidates[0].line.quantity, policies)

    others = [c.figures for c in candidates if c.figures.standing == "possible" and c.figures.risk]
    passed = [f for f in others if score(f) >= score(chosen) and score(_trusted(f)) < score(_trusted(chosen))]
    return min(passed, key=lambda f: score(_trusted(f))).supplier if passed else None


def _trusted(f: CandidateFigures) -> CandidateFigures:
    return f.model_copy(update={"risk": None})


def _can_be_tried(possible: Possible, policies: Policies) -> bool:
    suppliers = len(_suppliers(possible))
    sets = sum(comb(suppliers, size) for size in range(1, most_parcels(possible, policies) + 1))
    return sets <= MOST_SETS and not contested(possible)


def _tried(possible: Possible, policies: Policies) -> Choice | None:
    by_rank = [sorted(found, key=lambda c: article_score(c, policies)) for found in possible.values()]
    plans = (
        plan_of(some, policies)
        for names in _sets(possible, policies)
        if (some := _best_of(by_rank, names)) is not None
    )
    best = min(plans, key=lambda plan: plan.score, default=None)
    if best is None:
        return None
    return _choice(best, "all-sets", is_best=True, bound=best.cost, baseline=line_by_line(possible, policies))


def _solved(possible: Possible, policies: Policies) -> Choice | None:
    # Only here: it takes half a second and 30 MB, and most hubs never need it.
    from hub.fulfilment.integer_program import NotSolvedError, solve

    baseline = line_by_line(possible, policies)
    try:
        solved = solve(possible, policies)
    except NotSolvedError:
        if baseline is None:
            raise Refused("not-solved", "No way to ship the order was found in time.") from None
        return _choice(baseline, "line-by-line", is_best=False, bound=None, baseline=baseline)
    if solved is None:
        return None
    return _choice(
        solved.plan, "integer-program", is_best=solved.is_best, bound=solved.bound, baseline=baseline
    )


def _choice(
    plan: Plan, found_by: FoundBy, *, is_best: bool, bound: Decimal | None, baseline: Plan | None
) -> Choice:
    return Choice(plan.chosen, plan.cost, found_by, is_best, bound, baseline.cost if baseline else None)


def _suppliers(possible: Possible) -> list[str]:
    return sorted({c.figures.supplier for found in possible.values() for c in found})


def _sets(possible: Possible, policies: Policies) -> Iterator[frozenset[str]]:
    for size in range(1, most_parcels(possible, policies) + 1):
        for some in combinations(_suppliers(possible), size):
            yield frozenset(some)


def _best_of(by_rank: list[list[Candidate]], names: frozenset[str]) -> list[Candidate] | None:
    """Of each line the best supplier of this set; None where a line has none, or a smaller set says the same."""
    some = []
    for found in by_rank:
        best = next((c for c in found if c.figures.supplier in names), None)
        if best is None:
            return None
        some.append(best)
    return some if len({c.figures.supplier for c in some}) == len(names) else None


def _refuse(candidates: dict[str, list[Candidate]], line: str, possible: Possible) -> None:
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
