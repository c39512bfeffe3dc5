"""The assignment as an integer program for HiGHS: for many suppliers, and for lines that compete for units. Pure.

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

from hub.fulfilment.kits import units_of
from hub.fulfilment.plan import Plan, Possible, contested, cost_of, most_parcels, plan_of, purchase_of
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
    """Columns: first one for each candidate (it ships its line), then one for each supplier (it sends a parcel)."""

    def __init__(self, possible: Possible, policies: Policies) -> None:
        self._policies = policies
        self._candidates = [c for found in possible.values() for c in found]
        self._purchases: dict[str, Decimal] = {}
        for c in self._candidates:
            self._purchases[c.figures.supplier] = purchase_of(c.figures)
        amounts = [*map(cost_of, (c.figures for c in self._candidates)), *self._purchases.values()]
        self._places = max(_places(a) for a in [*amounts, policies.split_penalty])
        self._columns = {s: len(self._candidates) + i for i, s in enumerate(self._purchases)}
        # Not `highspy.Highs`: that writes a banner to standard output, where answers as JSON go.
        self._highs = Highs()
        self._set_up()
        self._constrain(contested(possible), most_parcels(possible, policies))

    def stages(self) -> Iterator[tuple[bool, Terms]]:
        """The figures in the order in which the store looks at them, and whether each is the whole cost."""
        yield False, {i: c.figures.preference for i, c in enumerate(self._candidates)}
        yield False, {i: int(c.figures.unit_cost is None) for i, c in enumerate(self._candidates)}
        articles = {
            i: self._whole(cost_of(c.figures)) * c.line.quantity for i, c in enumerate(self._candidates)
        }
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

    def minimise(self, terms: Terms) -> Any:
        """Minimise this figure under what is kept; gives HiGHS' status."""
        columns = len(self._candidates) + len(self._columns)
        for column in range(columns):
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
        return plan_of(
            [c for c, value in zip(self._candidates, values, strict=False) if value > 0.5], self._policies
        )

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

    def _constrain(self, left: Units, parcels: int) -> None:
        by_line: defaultdict[str, Terms] = defaultdict(dict)
        by_article: defaultdict[tuple[str, str], Terms] = defaultdict(dict)
        for column, c in enumerate(self._candidates):
            by_line[c.line.id][column] = 1
            for article, taken in units_of(c.line, c.figures).items():
                by_article[article][column] = taken
            # Who ships a line sends a parcel.
            self._row(-highspy.kHighsInf, 0, {column: 1, self._columns[c.figures.supplier]: -1})
        for terms in by_line.values():
            self._row(1, 1, terms)
        for article, units in left.items():
            self._row(-highspy.kHighsInf, units, by_article[article])
        self._row(-highspy.kHighsInf, parcels, dict.fromkeys(self._columns.values(), 1))

    def _row(self, least: float, most: float, terms: Terms) -> None:
        self._highs.addRow(least, most, len(terms), list(terms), list(terms.values()))

    def _whole(self, amount: Decimal) -> int:
        return int(amount.scaleb(self._places))


def _places(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
