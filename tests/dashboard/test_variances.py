"""What suppliers charged, as people read it."""

import pytest

from dashboard.ask.variances import Variance

PLAIN = {
    "supplier": "a", "purchase": "1001-1-abc", "number": "1001", "state": "within-tolerance", "currency": "USD",
    "expected": "14.00", "expected_currency": "USD", "articles": "10.50", "shipping": "4.00", "fees": "1.00",
    "credited": "1.00", "variance": "0.50", "invoiced_at": "2026-03-02T09:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "charged", "words"),
    [
        ({}, "14.50 USD", "within the tolerance"),
        ({"state": "charged-more", "verdict": "disputed"}, "14.50 USD", "charged more, disputed"),
        ({"state": "other-currency", "currency": None}, "unknown", "in another currency"),
        ({"state": "odd-new-word"}, "14.50 USD", "odd-new-word"),
    ],
)
def test_figures_and_states_are_said_and_nothing_is_invented(
    said: dict[str, str], charged: str, words: str
) -> None:
    found = Variance.model_validate(PLAIN | said)

    assert (found.charged, found.said) == (charged, words)
