"""Tracking events in any order, late and twice, end as one and the same parcel."""

import itertools
import random
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.fulfilment.ladder import RUNGS, Milestone, State, merge
from hub.sdk.parcels import TrackingEvent, TrackingReason, TrackingStatus

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STATUSES: tuple[TrackingStatus, ...] = get_args(TrackingStatus)
REASONS: tuple[TrackingReason, ...] = get_args(TrackingReason)


def said(
    status: TrackingStatus, hour: float, reason: TrackingReason = "", *, scan: bool | None = None
) -> TrackingEvent:
    """What a carrier said, so many hours after Monday, nine o'clock."""
    is_scan = status not in ("pre_transit", "unknown", "expired") if scan is None else scan
    return TrackingEvent(
        status=status, reason=reason, happened_at=MONDAY + timedelta(hours=hour), is_scan=is_scan
    )


LABEL = said("pre_transit", 0)
LEFT = said("in_transit", 5)
NEAR = said("out_for_delivery", 30)
HOME = said("delivered", 34)
TROUBLE = said("exception", 20, "customs")


def after(*events: TrackingEvent) -> State:
    """The parcel after these events, one at a time."""
    return told(*events)[0]


def told(*events: TrackingEvent) -> tuple[State, list[Milestone]]:
    """The parcel after these events, and what was announced on the way."""
    state, news = State(), list[Milestone]()
    for event in events:
        state, new = merge(state, [event])
        news += new
    return state, news


def known(state: State) -> State:
    """Everything but what was news when."""
    return state.model_copy(update={"told": ()})


def test_every_order_of_five_events_with_duplicates_ends_as_the_same_parcel() -> None:
    story = [LABEL, LEFT, TROUBLE, NEAR, HOME]
    ends = set()
    for order in itertools.permutations(story):
        state, news = told(*order, *order[::-1])
        ends.add(state.model_dump_json())
        assert max(Counter(news).values()) == 1
    (end,) = ends
    assert State.model_validate_json(end).delivered_at == HOME.happened_at


def test_ten_thousand_stories_in_any_order_are_each_one_parcel_and_no_milestone_is_told_twice() -> None:
    chance = random.Random(8492)
    for _ in range(10_000):
        story = [
            said(
                chance.choice(STATUSES),
                chance.randrange(6),
                chance.choice(REASONS),
                scan=chance.random() < 0.5,
            )
            for _ in range(5)
        ]
        shuffled = chance.sample(story * 2, 10)
        state, news = told(*shuffled)
        at_once, _ = merge(State(), story)
        assert known(state) == known(at_once)
        assert len(news) == len(set(news))
        assert set(news) <= set(state.told)


events = st.builds(
    said,
    st.sampled_from(STATUSES),
    st.integers(0, 200),
    st.sampled_from(REASONS),
    scan=st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(events, max_size=12), st.randoms(use_true_random=False), st.data())
def test_batches_of_any_size_in_any_order_are_the_same_parcel(
    story: list[TrackingEvent], chance: random.Random, data: st.DataObject
) -> None:
    whole, _ = merge(State(), story)
    shuffled = story + chance.sample(story, len(story) // 2)
    chance.shuffle(shuffled)
    state, news, rung = State(), list[Milestone](), -1
    while shuffled:
        size = data.draw(st.integers(1, len(shuffled)))
        state, new = merge(state, shuffled[:size])
        del shuffled[:size]
        news += new
        reached = RUNGS.index(state.rung) if state.rung else -1
        assert reached >= rung, "a parcel went back on its ladder"
        rung = reached
        assert State.model_validate_json(state.model_dump_json()) == state
    assert known(state) == known(whole)
    assert len(news) == len(set(news))


def test_a_parcel_tells_each_step_of_its_way_once() -> None:
    state, news = told(LABEL, LEFT, LEFT, NEAR, HOME, HOME)
    assert news == ["in-transit", "out-for-delivery", "delivered"]
    assert (state.first_label_at, state.first_scan_at, state.last_scan_at) == (
        LABEL.happened_at,
        LEFT.happened_at,
        HOME.happened_at,
    )
    assert state.is_over


def test_a_label_is_no_shipment() -> None:
    state, news = told(LABEL)
    assert (state.rung, state.first_scan_at, news) == ("pre_transit", None, [])


def test_nobody_hears_that_a_parcel_is_near_once_it_has_arrived() -> None:
    state, news = told(LEFT, HOME, NEAR)
    assert (state.rung, news) == ("delivered", ["in-transit", "delivered"])


def test_a_poll_that_brings_a_whole_history_tells_only_how_it_stands() -> None:
    _, news = merge(State(), [LABEL, LEFT, TROUBLE, NEAR])
    assert news == ("out-for-delivery",)


def test_trouble_lies_over_the_rung_until_the_next_scan() -> None:
    state, news = told(LEFT, TROUBLE)
    assert (state.rung, state.overlay, state.reason) == ("in_transit", "exception", "customs")
    state, cleared = merge(state, [said("in_transit", 25)])
    assert (state.rung, state.overlay, state.reason) == ("in_transit", None, "")
    assert (news, cleared) == (["in-transit", "exception"], ())


def test_trouble_that_was_over_before_anybody_heard_of_it_is_no_news_but_the_next_is() -> None:
    state, news = told(LEFT, said("in_transit", 25), TROUBLE)
    assert (state.overlay, news) == (None, ["in-transit"])
    assert merge(state, [said("exception", 40, "weather")])[1] == ("exception",)


def test_after_delivery_only_a_return_may_follow() -> None:
    state = after(HOME, said("exception", 50), said("failure", 51, "lost"), said("in_transit", 52))
    assert (state.rung, state.overlay) == ("delivered", None)
    state, news = merge(state, [said("returned", 60)])
    assert (state.rung, state.overlay, news) == ("delivered", "returned", ("returned",))


def test_a_parcel_delivered_back_to_its_sender_is_returned() -> None:
    state, news = told(LEFT, said("returned", 40), said("delivered", 90))
    assert (state.overlay, news) == ("returned", ["in-transit", "returned"])


def test_a_lost_parcel_that_turns_up_at_the_door_is_delivered() -> None:
    state, news = told(LEFT, said("failure", 40, "lost"), said("in_transit", 60), said("delivered", 90))
    assert (state.rung, state.overlay) == ("delivered", None)
    assert news == ["in-transit", "lost", "delivered"]


def test_a_cancelled_label_is_no_lost_parcel_and_may_still_be_used() -> None:
    state, news = told(LABEL, said("failure", 1, "other", scan=False))
    assert (state.overlay, news) == ("failure", [])
    assert told(LABEL, said("failure", 1, "other", scan=False), LEFT)[1] == ["in-transit"]


def test_a_parcel_at_the_shop_was_on_its_way_and_is_not_delivered() -> None:
    state, news = told(LABEL, said("available_for_pickup", 30))
    assert (state.rung, state.overlay, news) == (
        "in_transit",
        "available_for_pickup",
        ["available-for-pickup"],
    )


@pytest.mark.parametrize("silence", ["expired", "unknown"])
def test_a_source_that_gives_up_takes_nothing_back_and_is_reopened_by_any_word(
    silence: TrackingStatus,
) -> None:
    state = after(LEFT, said(silence, 900))
    assert (state.rung, state.overlay, state.last_event_at) == ("in_transit", silence, LEFT.happened_at)
    assert merge(state, [said("in_transit", 901)])[0].overlay is None


def test_two_sources_that_word_one_scan_differently_told_of_one_event() -> None:
    hook = said("exception", 20, "").model_copy(update={"text": "Held", "is_scan": False, "code": "X1"})
    berlin = timezone(timedelta(hours=2))
    poll = said("exception", 20, "customs").model_copy(
        update={
            "happened_at": (MONDAY + timedelta(hours=20, microseconds=300)).astimezone(berlin),
            "text": "Zoll",
        }
    )
    state = after(hook, poll)
    assert len(state.seen) == 1
    assert (state.reason, state.last_scan_at) == ("customs", MONDAY + timedelta(hours=20))
    assert after(poll, hook) == state
