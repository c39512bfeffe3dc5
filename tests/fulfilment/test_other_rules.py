"""Decisions chosen again by other rules: only what can be compared is compared."""

from decimal import Decimal
from typing import Any

import pytest

from hub.fulfilment.figures.what_if import chosen_again
from hub.fulfilment.policies import Policies


def candidate(
    supplier: str, cost: str, standing: str = "chosen", currency: str = "USD", **said: Any
) -> dict[str, Any]:
    """A supplier with plenty in stock, as a decision keeps it."""
    offer = {"amount": cost, "currency": currency}
    shipping = {"amount": "4", "currency": "USD"}
    return {
        "supplier": supplier, "supplier_sku": "X", "standing": standing, "available": 100, "threshold": 5,
        "unit_cost": offer, "shipping": shipping, "zone": "same-country", **said,
    }  # fmt: skip


def saved(*candidates: dict[str, Any]) -> Decimal | int | None:
    """What choosing by cost would have saved on one order of one line."""
    line = {
        "line_id": "1", "sku": "NECK-01", "quantity": 1, "generation": 1, "supplier": "b", "reason": "rule",
        "candidates": list(candidates),
    }  # fmt: skip
    figures = chosen_again([[line]], Policies())
    return next(f.value for f in figures if f.name == "saved_by_cost")


CHOSEN = candidate("b", "12")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (candidate("a", "10", "barred-by-rule"), 2),
        (candidate("a", "10", "barred-by-rule", "EUR"), 0),
        (candidate("a", "10", "barred-by-rule", fee={"amount": "1", "currency": "EUR"}), 0),
        (candidate("a", "10", "barred-by-rule", fee={"amount": "1", "currency": "USD"}), 1),
        (candidate("a", "10", "barred-by-rule", available=5), 0),
        (candidate("a", "10", "oos"), 0),
    ],
    ids=["cheaper", "in other money", "a fee in other money", "a fee", "nothing to spare", "sold out"],
)
def test_a_supplier_that_a_rule_shut_out_is_compared_in_one_currency_and_with_stock(
    other: dict[str, Any], expected: int
) -> None:
    assert saved(CHOSEN, other) == expected
