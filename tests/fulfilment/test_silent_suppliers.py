"""A supplier that answers is left alone: by the store's own terms, over its weekend, and for ninety clean days."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from hub.fulfilment.feeds.frozen import Asked, Terms, silent_supplier
from hub.fulfilment.hours import Hours
from hub.fulfilment.policies import Policies
from hub.fulfilment.silence.suppliers import EVIDENCE, due_at
from tests.feeds.test_frozen import DAY, HOUR, START, clean_quarter

WITHIN = Policies().acknowledge_within
SHANGHAI = Hours(zone="Asia/Shanghai").calendar("UTC")
FRIDAY_EVENING = datetime(2026, 3, 6, 11, tzinfo=UTC)
"""Seven in the evening in Shanghai."""


def questions(asked: list[Asked], per_day: float) -> int:
    """How often people are asked about a supplier whose silence, once it is noticed, is over with its next answer."""
    count, silent_until = 0, START
    for order in asked:
        due = order.at + WITHIN
        if due < silent_until or (order.answered_at is not None and order.answered_at <= due):
            continue
        recent = [other for other in asked if due - EVIDENCE <= other.at <= due]
        if silent_supplier(recent, due, Terms(within=WITHIN)):
            count, silent_until = count + 1, due + timedelta(days=2 / per_day)
    return count


@pytest.mark.row("S1-022")
@pytest.mark.parametrize("seed", range(10))
def test_ninety_clean_days_of_four_suppliers_are_at_most_one_false_alarm_a_month(seed: int) -> None:
    chance = random.Random(seed)
    suppliers = ((2.2, 0.05), (6, 0.05), (20, 0.03), (40, 0.02))
    found = [(clean_quarter(chance, per_day, late), per_day) for per_day, late in suppliers]
    assert sum(questions(asked, per_day) for asked, per_day in found) <= 3


def test_a_weekend_is_no_silence() -> None:
    orders = [FRIDAY_EVENING + n * HOUR for n in range(6)]
    asked = [Asked(str(n), at, None, due_at(at, WITHIN, SHANGHAI)) for n, at in enumerate(orders)]
    monday_morning = datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert {order.due_at for order in asked} == {monday_morning + DAY}
    assert silent_supplier(asked, monday_morning + 23 * HOUR, Terms(within=WITHIN)) is None
    assert silent_supplier(asked, monday_morning + 24 * HOUR, Terms(within=WITHIN)) is not None


def test_a_supplier_without_hours_of_its_own_has_plain_time() -> None:
    assert due_at(FRIDAY_EVENING, WITHIN, None) == FRIDAY_EVENING + WITHIN
