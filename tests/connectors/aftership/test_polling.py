"""A webhook that never came is made up for by asking what changed."""

import logging

import pytest

from connectors.aftership.sandbox_trackings import TRACKED
from hub.sdk import TrackingUpdated
from tests.connectors.aftership.desk import Desk


async def everything(desk: Desk, cursor: str | None = None) -> tuple[list[TrackingUpdated], str | None]:
    """Poll to the end; gives what was found and the cursor to go on from."""
    events: list[TrackingUpdated] = []
    while True:
        page = await desk.poll(cursor)
        events, cursor = events + page.events, page.cursor
        if not page.more:
            return events, cursor


async def test_a_parcel_whose_webhook_was_lost_is_found_by_the_next_poll_with_the_same_key() -> None:
    desk = Desk()
    _, cursor = await everything(desk)
    desk.later(minutes=10)
    desk.sandbox.add_checkpoint(TRACKED, "Delivered")
    lost = desk.aftership.tracking_updated(desk.sandbox.update(TRACKED))
    desk.later(minutes=5)

    events, _ = await everything(desk, cursor)

    assert [event.key() for event in events] == [lost.key()]
    assert events[0].parcel.status == "delivered"


async def test_what_changed_this_minute_is_left_to_the_next_poll_and_told_once() -> None:
    desk = Desk()
    _, cursor = await everything(desk)
    desk.later(minutes=15)
    desk.sandbox.add_checkpoint(TRACKED, "OutForDelivery")

    soon, cursor = await everything(desk, cursor)
    desk.later(minutes=15)
    then, cursor = await everything(desk, cursor)
    desk.later(minutes=15)
    after, _ = await everything(desk, cursor)

    assert (len(soon), len(then), len(after)) == (0, 1, 0)


async def test_a_change_in_the_very_second_between_two_polls_is_told_once() -> None:
    desk = Desk()
    desk.later(minutes=-2)
    desk.sandbox.add_checkpoint(TRACKED, "InTransit")
    desk.later(minutes=2)

    first, cursor = await everything(desk)
    desk.later(minutes=15)
    second, _ = await everything(desk, cursor)

    assert len(first) + len(second) == 1


async def test_many_changes_come_in_pages_of_a_hundred() -> None:
    desk = Desk()
    desk.sandbox.seed()

    first = await desk.poll()
    rest, _ = await everything(desk, first.cursor)

    assert (len(first.events), first.more) == (100, True)
    assert len({event.key() for event in first.events + rest}) == 250


async def test_a_clock_set_back_asks_for_nothing_and_loses_nothing() -> None:
    desk = Desk()
    _, cursor = await everything(desk)
    desk.later(minutes=-30)

    page = await desk.poll(cursor)

    assert (page.events, page.cursor, page.more) == ([], cursor, False)


async def test_one_parcel_that_cannot_be_read_does_not_hide_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk()
    desk.later(minutes=-10)
    for number, tag in (("YT0000000000000001", "Teleported"), ("YT0000000000000002", "InTransit")):
        desk.sandbox.add_checkpoint(number, tag)
    desk.later(minutes=10)

    with caplog.at_level(logging.WARNING, logger="connectors.aftership"):
        events, _ = await everything(desk)

    assert [event.tracking_number for event in events] == ["YT0000000000000002"]
    assert [record.message for record in caplog.records] == ["tracking unreadable"]
