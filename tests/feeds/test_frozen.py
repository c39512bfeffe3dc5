"""A feed that stands still and a supplier that says nothing are noticed within a day; good suppliers are left alone."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.fulfilment.feeds.frozen import (
    Asked,
    FeedSeen,
    Terms,
    UnitsSold,
    frozen_feed,
    silent_supplier,
)

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TERMS = Terms()


def test_a_feed_that_is_the_same_for_two_days_while_thirty_units_are_sold_from_it_is_frozen() -> None:
    seen = [FeedSeen(START + at * HOUR, "same") for at in range(0, 72, 6)]
    sold = [UnitsSold(START + at * HOUR, 1) for at in range(1, 31)]
    assert frozen_feed(seen, sold, START + 47 * HOUR) is None
    found = frozen_feed(seen, sold, START + 48 * HOUR)
    assert found is not None
    assert (found.since, found.units) == (START, 30)


def test_a_feed_from_which_nothing_was_sold_may_stand_still() -> None:
    assert frozen_feed([FeedSeen(START, "same")], [], START + 30 * DAY) is None
    assert frozen_feed([], [UnitsSold(START, 30)], START + 30 * DAY) is None


@given(changes=st.lists(st.integers(1, 40), min_size=1, max_size=40), units=st.integers(1, 50))
def test_a_feed_that_changes_within_two_days_is_never_frozen(changes: list[int], units: int) -> None:
    seen, at = [], START
    for number, gap in enumerate(changes):
        at += gap * HOUR
        seen.append(FeedSeen(at, str(number)))
    sold = [UnitsSold(one.at + HOUR / 2, units) for one in seen]
    moments = [one.at - timedelta(seconds=1) for one in seen[1:]] + [seen[-1].at + 47 * HOUR]
    assert [frozen_feed(seen, sold, now) for now in moments] == [None] * len(moments)


def alarmed_within_a_day(per_day: int, seed: int) -> bool:
    """Ten days in which by chance 12 % of orders go to a supplier that answers none of them."""
    chance = random.Random(seed)
    times = sorted(chance.uniform(0, 240) for _ in range(per_day * 10))
    asked = [Asked(str(n), START + at * HOUR) for n, at in enumerate(times) if chance.random() < 0.12]
    found = silent_supplier(asked, asked[0].at + TERMS.within + DAY, TERMS)
    return found is not None and found.since == asked[0].at


@pytest.mark.parametrize(("per_day", "at_least"), [(200, 1.0), (48, 0.99), (19, 0.85)])
def test_one_order_in_eight_going_to_a_dead_supplier_alarms_within_a_day_of_the_first_missed_answer(
    per_day: int, at_least: float
) -> None:
    """1,000 orders in three weeks are 48 a day. With 562 a month a day may pass without a second order to miss."""
    assert sum(alarmed_within_a_day(per_day, seed) for seed in range(200)) >= at_least * 200


def clean_quarter(chance: random.Random, per_day: float, late: float) -> list[Asked]:
    """Ninety days of a supplier that works: most answers within hours, some late, one in five hundred never."""
    asked, at, number = [], START, 0
    while at < START + 90 * DAY:
        at += timedelta(days=chance.expovariate(per_day))
        number += 1
        if chance.random() < 0.002:
            answered = None
        elif chance.random() < late:
            answered = at + timedelta(hours=chance.uniform(12, 48))
        else:
            answered = at + timedelta(hours=min(11.9, chance.lognormvariate(0.7, 0.8)))
        asked.append(Asked(str(number), at, answered))
    return asked


def alarms_of(asked: list[Asked]) -> int:
    """How often people are called; once they are, they are not called again for a day. Only an order that falls due
    unanswered can raise the alarm, so those moments are the only ones to look at."""
    called, last = 0, START - DAY
    for order in asked:
        due = order.at + TERMS.within
        if due < last + DAY or (order.answered_at is not None and order.answered_at <= due):
            continue
        recent = [other for other in asked if due - 5 * DAY <= other.at <= due]
        if silent_supplier(recent, due, TERMS):
            called, last = called + 1, due
    return called


@pytest.mark.parametrize("seed", range(10))
def test_ninety_clean_days_of_four_suppliers_alarm_at_most_once_a_month(seed: int) -> None:
    chance = random.Random(seed)
    suppliers = ((2.2, 0.05), (6, 0.05), (20, 0.03), (40, 0.02))
    assert sum(alarms_of(clean_quarter(chance, per_day, late)) for per_day, late in suppliers) <= 3


def test_answers_bring_trust_back() -> None:
    asked = [Asked(str(n), START + n * HOUR) for n in range(3)]
    later = START + DAY
    assert silent_supplier(asked, later) is not None
    assert (
        silent_supplier(
            [*asked, Asked("4", START + 4 * HOUR, START + 5 * HOUR), Asked("5", START + 5 * HOUR, later)],
            later,
        )
        is None
    )
    assert silent_supplier(asked[:1], later) is None
    assert silent_supplier(asked, START + 12 * HOUR) is None
