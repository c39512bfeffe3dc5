"""Every point, every fault, every kind of effect: what was written down beforehand is what happens."""

import pytest

from tests.crash.conftest import Grid
from tests.crash.expected import EXPECTED, Case
from tests.crash.strikes import FAULTS, POINTS


def test_the_table_has_every_case_there_is() -> None:
    kinds = ("read", "keyed", "idempotent", "checkable", "unsafe")
    assert set(EXPECTED) == {Case(p, f, k) for p in POINTS for f in FAULTS for k in kinds}
    assert len(POINTS) * len(FAULTS) * 4 == 180


@pytest.mark.row("S2-086")
@pytest.mark.parametrize("case", EXPECTED, ids=str)
def test_an_order_struck_here_is_bought_once_or_asked_about(case: Case, grid: Grid) -> None:
    found = grid.found[case]
    if isinstance(found, BaseException):
        raise found
    assert found.was_struck
    assert found.outcome == EXPECTED[case]
    assert found.limbo == 0
    assert found.has_survived
