"""The assignment as an integer program for HiGHS: for many suppliers, for lines that compete for units, and for lines
that are shared out. Pure.

The store's figures are minimised one after the other, each with those before it held at their best, so that the answer
is the same as trying everything would give. All coefficients are whole numbers: amounts are counted in their smallest
decimal place.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import highspy
from highspy._core import _Highs as Highs

from hub.fulfilment.candidates import fewest
from hub.fulfilment.kits import units_each
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
)
from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import DISTANCE

SECONDS = 0.5
"""How long HiGHS may think about one order; what it has by then is used, and said not to be proved best."""

_NOTHING = {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
"""Every figure is bounded, so the second means the first too."""

Terms = dict[int, int]
"""Whole coefficients by column."""
Units = dict[tuple[str, str], int]


class NotSolvedError(Exception):
    """The time was over before any plan was found; whether there is one is not known."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What HiGHS found. `bound`: nothing of the same preference can cost less; None where it was stopped too early."""

    plan: Plan
    is_best: bool
    bound: Decimal | None


def solve(possible: Possible, policies: Policies) -> Solved | None:
    """The best plan, None where no allowed number of parcels holds everything; may raise `NotSolvedError`."""
    program = _Program(possible, policies)
    stages = list(program.stages())
    for number, (is_cost, terms) in enumerate(stages):
        status = program.minimise(terms)
        if status in _NOTHING:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            return program.unproved(terms if is_cost else None)
        if number + 1 < len(stages):
            program.keep(terms)
    plan = program.plan()
    return Solved(plan, True, plan.cost)


class _Program:
    """Columns: first one for each candidate (it ships its line, or some of it), then one for each supplier (it sends a
    parcel), then for each candidate that is short one of how many units it ships."""

    def __init__(self, possible: Possible, policies: Policies) -> None:
        self._policies = policies
        self._candidates = [c for found in possible.values() for c in found]
        self._purchases: dict[str, Decimal] = {}
        for c in self._candidates:
            self._purchases[c.figures.supplier] = purchase_of(c.figures)
        amounts = [*map(cost_of, (c.figures for c in self._candidates)), *self._purchases.values()]
        self._places = max(_places(a) for a in [*amounts, policies.split_penalty])
        self._columns = {s: len(self._candidates) + i for i, s in enumerate(self._purchases)}
        short = [i for i, c in enumerate(self._candidates) if is_short([c])]
        first = len(self._candidates) + len(self._columns)
        self._units = {i: first + n for n, i in enumerate(short)}
        # Not `highspy.Highs`: that writes a banner to standard output, where answers as JSON go.
        self._highs = Highs()
        self._set_up()
        self._constrain(contested(possible), most_parcels(possible, policies))

    def stages(self) -> Iterator[tuple[bool, Terms]]:
        """The figures in the order in which the store looks at them, and whether each is the whole cost."""
        yield False, {i: c.figures.preference for i, c in enumerate(self._candidates)}
        yield False, {i: int(c.figures.unit_cost is None) for i, c in enumerate(self._candidates)}
        articles = dict(
            self._each(i, self._whole(cost_of(c.figures))) for i, c in enumerate(self._candidates)
        )
        penalty = self._whole(self._policies.split_penalty)
        on_top = {self._columns[s]: self._whole(cost) + penalty for s, cost in self._purchases.items()}
        distance = {i: DISTANCE[c.figures.zone] for i, c in enumerate(self._candidates)}
        match self._policies.choose_by:
            case "margin":
                yield from [(True, articles | on_top), (False, distance)]
            case "price":
                yield from [(False, articles), (False, on_top), (False, distance)]
            case "nearest":
                yield from [(False, distance), (True, articles | on_top)]
        yield False, dict.fromkeys(self._columns.values(), 1)
        if self._units:
            yield False, dict.fromkeys(self._units, 1)

    def minimise(self, terms: Terms) -> Any:
        """Minimise this figure under what is kept; gives HiGHS' status."""
        for column in range(len(self._candidates) + len(self._columns) + len(self._units)):
            self._highs.changeColCost(column, terms.get(column, 0))
        self._highs.run()
        return self._highs.getModelStatus()

    def keep(self, terms: Terms) -> None:
        """From now on this figure is as good as it was found to be."""
        best = round(self._highs.getInfo().objective_function_value)
        self._row(-highspy.kHighsInf, best, {column: c for column, c in terms.items() if c})

    def plan(self) -> Plan:
        """The plan HiGHS stands at."""
        values = self._highs.getSolution().col_value
        picked = [
            part_of(c, round(values[self._units[i]])) if i in self._units else c
            for i, c in enumerate(self._candidates)
            if values[i] > 0.5
        ]
        return plan_of(picked, self._policies)

    def unproved(self, cost: Terms | None) -> Solved:
        """What was found when the time was over."""
        info = self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            raise NotSolvedError
        bound = None
        if cost is not None:
            least = Decimal(str(info.mip_dual_bound)).scaleb(-self._places)
            # The penalty is for each parcel but the first.
            bound = least - self._policies.split_penalty
        return Solved(self.plan(), False, bound)

    def _set_up(self) -> None:
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "time_limit": SECONDS,
            # Figures are whole: what differs by less than one is the same.
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5,
        }.items():
            self._highs.setOptionValue(option, value)
        for column in range(len(self._candidates) + len(self._columns)):
            self._highs.addVar(0, 1)
            self._highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for i, column in self._units.items():
            self._highs.addVar(0, self._most(i))
            self._highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def _constrain(self, left: Units, parcels: int) -> None:
        by_line: defaultdict[tuple[str, int], Terms] = defaultdict(dict)
        by_article: defaultdict[tuple[str, str], Terms] = defaultdict(dict)
        for i, c in enumerate(self._candidates):
            column = self._units.get(i, i)
            by_line[c.line.id, c.line.quantity if i in self._units else 1][column] = 1
            for article, taken in units_each(c.figures).items():
                by_article[article].update([self._each(i, taken)])
            # Who ships a line sends a parcel.
            self._row(-highspy.kHighsInf, 0, {i: 1, self._columns[c.figures.supplier]: -1})
            if i in self._units:
                least = fewest(c.line.quantity, self._policies)
                self._row(-highspy.kHighsInf, 0, {column: 1, i: -self._most(i)})
                self._row(0, highspy.kHighsInf, {column: 1, i: -least})
        for (_, wanted), terms in by_line.items():
            self._row(wanted, wanted, terms)
        for article, units in left.items():
            self._row(-highspy.kHighsInf, units, by_article[article])
        self._row(-highspy.kHighsInf, parcels, dict.fromkeys(self._columns.values(), 1))

    def _each(self, i: int, figure: int) -> tuple[int, int]:
        """The term of a figure that a candidate has for each unit it ships."""
        if i in self._units:
            return self._units[i], figure
        return i, figure * self._candidates[i].line.quantity

    def _most(self, i: int) -> int:
        return min(self._candidates[i].figures.share, self._candidates[i].line.quantity)

    def _row(self, least: float, most: float, terms: Terms) -> None:
        self._highs.addRow(least, most, len(terms), list(terms), list(terms.values()))

    def _whole(self, amount: Decimal) -> int:
        return int(amount.scaleb(self._places))


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
