"""A connector's score, to choose among those that can do the same. Pure.

It is read off what the connector declares, to which the standard tests hold it: how closely it is tied to the other
side, how much of a supplier's work nobody does by hand, and whether its effects may be repeated when an answer is lost.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from hub.catalog.automation import TASKS, automation_of, depth_of
from hub.sdk import Connector, Depth, actions_of

DEPTH_POINTS: dict[Depth, int] = {"native": 40, "webhook": 30, "poll": 20, "file": 15, "email": 10}
WORK_POINTS, REPEAT_POINTS = 30, 30
"""The most there is for work that nobody does by hand, and for effects that may be repeated."""
_REPEATS = {
    "idempotent": Fraction(1),
    "keyed": Fraction(1),
    "checkable": Fraction(1),
    "declared": Fraction(1, 2),
}
"""How surely an effect of a kind may be repeated; of a declared one the merchant's own word decides."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What a connector scores: of 40 for its depth, of 30 for the work it does by itself, of 30 for safe repeats."""

    connector: str
    integration_depth: Depth
    depth: int
    by_itself: int
    repeats: int

    @property
    def score(self) -> int:
        """All of it, of 100."""
        return self.depth + self.by_itself + self.repeats


def scorecard(connector: type[Connector[Any]]) -> Scorecard:
    """The score of a connector, and what it is made of."""
    found = depth_of(connector)
    by_hand = len(automation.handoffs) if (automation := automation_of(connector)) is not None else 0
    kinds = [action.kind.name for action in actions_of(connector).values() if action.kind.name != "read"]
    return Scorecard(
        connector.name,
        found,
        DEPTH_POINTS[found],
        round(WORK_POINTS * Fraction(len(TASKS) - by_hand, len(TASKS))),
        round(REPEAT_POINTS * _repeatable(kinds)),
    )


def _repeatable(kinds: Collection[str]) -> Fraction:
    """The share of effects that may be repeated; all of them where there are none."""
    return (
        sum((_REPEATS.get(kind, Fraction(0)) for kind in kinds), Fraction(0)) / len(kinds)
        if kinds
        else Fraction(1)
    )
