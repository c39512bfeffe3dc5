"""A decision as people see it: what speaks for and against each supplier."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.ask.orders import Decision
from dashboard.record import decision

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def shown(*candidates: dict[str, Any], **said: Any) -> str:
    """The page's part about a decision on one line, whose suppliers these were."""
    line = {"sku": "NECK-01", "supplier": "b", "reason": "risk(a)", "candidates": candidates, **said}
    made = {"id": "1", "run": "2", "rules_version": "abc", "lines": [line], "made_at": NOW}
    return str(decision(Decision.model_validate(made), ZoneInfo("UTC"), NOW))


def test_a_suppliers_broken_promises_are_shown_with_what_they_cost() -> None:
    cost = {"amount": "8.00", "currency": "USD"}
    page = shown(
        {"supplier": "a", "risk": {"purchases": 5, "late": 1, "rejected": 1, "cost": cost}},
        {"supplier": "b", "risk": {"purchases": 3, "unknown": "3 purchases say too little."}},
    )
    assert "Broken promises" in page
    assert "1 late and 1 refused of 5: 8.00 USD more" in page
    assert "not counted: 3 purchases say too little." in page


def test_where_nobody_sets_a_price_on_promises_nothing_is_said_of_them() -> None:
    assert "Broken promises" not in shown({"supplier": "a"}, {"supplier": "b"})


def test_a_line_that_several_suppliers_share_says_how_many_each_ships() -> None:
    shares = [{"supplier": "a", "quantity": 6}, {"supplier": "b", "quantity": 4}]
    page = shown({"supplier": "a"}, {"supplier": "b"}, reason="shared", quantity=4, shares=shares)
    assert "4 \N{MULTIPLICATION SIGN} NECK-01" in page
    assert "shared (10 are 6 at a, 4 at b)" in page
    assert " are " not in shown({"supplier": "a"})
