"""Time as events: each store's morning and each hour, once, by the clocks of its zone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from connectors.http.sandbox import EchoSandbox
from hub.engine.publishing import StoreSpec
from hub.engine.sweep import sweep
from hub.fulfilment.policies import Policies
from hub.model.calendar import local_moment
from hub.store.configuration import ConnectionSpec
from hub.store.encoding import from_bytes
from tests.floor import Floor, flow, open_floor, shop

NEW_YORK = "America/New_York"
MORNING = """
format: 1
flow: morning
title: Say that it is morning
uses:
  service: http
trigger:
  event: hub.day_began
  key: ${event.date}
steps:
  - step: say
    do: service.request
    effect: idempotent
    with:
      method: POST
      path: /morning
      body:
        date: ${event.date}
        hour: ${event.hour}
"""


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        (date(2026, 3, 7), time(8), NEW_YORK, "2026-03-07T13:00+00:00"),
        (date(2026, 3, 8), time(8), NEW_YORK, "2026-03-08T12:00+00:00"),
        (date(2026, 3, 8), time(2, 30), NEW_YORK, "2026-03-08T07:00+00:00"),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, "2026-11-01T05:30+00:00"),
        (date(2026, 9, 6), time(0), "America/Santiago", "2026-09-06T04:00+00:00"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", "2026-10-03T15:30+00:00"),
    ],
    ids=["winter", "summer", "leapt over", "shown twice", "no midnight", "half an hour"],
)
def test_a_local_time_is_one_moment_on_every_day(day: date, at: time, zone: str, moment: str) -> None:
    assert local_moment(day, at, zone) == datetime.fromisoformat(moment)


async def publish(floor: Floor, zone: str, **policies: time) -> None:
    service = ConnectionSpec("service", "main", "http", "sandbox", "http://service.test")
    store = StoreSpec("main", {"zone": zone}, Policies(**policies))
    await floor.publish(
        shop([flow(floor.hub.catalog, MORNING, {"service": ["service"]})], service, store=store)
    )


async def come_to(floor: Floor, moment: datetime) -> None:
    await floor.let_pass(seconds=(moment - floor.now).total_seconds())


async def told(floor: Floor, name: str) -> list[tuple[str, int]]:
    rows = await floor.rows("select * from events where name = $1 order by made_at, key", name)
    async with floor.hub.database.connection() as connection:
        boxes = await floor.hub.vault.boxes(connection, {row["person_id"] for row in rows})
    bodies = [from_bytes(boxes[row["person_id"]].open(row["body"])) for row in rows]
    return [(body["date"], body["hour"]) for body in bodies]


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with open_floor(database_url, {"service": EchoSandbox()}) as floor:
        yield floor


async def test_a_flow_begins_at_eight_in_the_stores_zone(floor: Floor) -> None:
    await publish(floor, NEW_YORK)
    await come_to(floor, datetime(2026, 11, 23, 12, 59, tzinfo=UTC))
    assert await floor.runs() == []
    await floor.let_pass(minutes=1)
    await floor.let_pass(minutes=1)
    (run,) = await floor.runs()
    assert (run["trigger_key"], run["end_reason"]) == ("2026-11-23", "")
    assert await told(floor, "day_began") == [("2026-11-23", 8)]


async def test_each_day_has_one_morning_while_the_clocks_change(floor: Floor) -> None:
    await publish(floor, NEW_YORK, digest_at=time(1, 30))
    await come_to(floor, datetime(2027, 3, 12, 23, 0, tzinfo=UTC))
    for _ in range(73):
        await floor.let_pass(hours=1)
    days = [date for date, _ in await told(floor, "day_began")]
    assert days[-4:] == ["2027-03-12", "2027-03-13", "2027-03-14", "2027-03-15"]
    assert len([date for date, _ in await told(floor, "hour_began") if date > "2027-03-12"]) == 73


async def test_the_hour_shown_twice_is_told_twice_and_the_morning_once(floor: Floor) -> None:
    await publish(floor, NEW_YORK, digest_at=time(1, 30))
    await come_to(floor, datetime(2027, 11, 7, 5, 0, tzinfo=UTC))
    assert await told(floor, "day_began") == []
    for _ in range(8):
        await floor.let_pass(minutes=15)
    assert await told(floor, "day_began") == [("2027-11-07", 1)]
    assert [hour for day, hour in await told(floor, "hour_began") if day == "2027-11-07"] == [5, 6, 7]


async def test_a_hub_that_was_away_tells_this_morning_late_and_no_older_one(floor: Floor) -> None:
    await publish(floor, "UTC")
    await come_to(floor, datetime(2026, 11, 26, 7, 30, tzinfo=UTC))
    assert await told(floor, "day_began") == []
    await come_to(floor, datetime(2026, 11, 29, 15, 20, tzinfo=UTC))
    assert await told(floor, "day_began") == [("2026-11-29", 8)]
    assert (await told(floor, "hour_began"))[-1] == ("2026-11-29", 15)
    assert len(await told(floor, "hour_began")) == 2


async def test_workers_that_sweep_at_once_tell_the_time_once(floor: Floor) -> None:
    await publish(floor, "UTC")
    async with floor.hub.pump("worker-2") as other:
        async with floor.hub.database.connection() as connection:
            await floor.hub.clock.advance(connection, timedelta(days=1))
        await asyncio.gather(*(sweep(pump.engine) for pump in (floor.pump, other) for _ in range(3)))
    await floor.settle()
    assert await told(floor, "day_began") == [("2026-11-24", 8)]
    assert [run["trigger_key"] for run in await floor.runs()] == ["2026-11-24"]


async def test_until_the_next_moment_nothing_is_asked_of_the_database(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(floor, "UTC")
    await sweep(floor.pump.engine)
    quiet = floor.pump.engine.quiet_until
    assert list(quiet.values()) == [floor.now + timedelta(hours=1)]
    monkeypatch.setattr("hub.engine.calendar_events.tell", None)
    await floor.let_pass(minutes=59)


async def test_another_morning_hour_is_looked_at_anew(floor: Floor) -> None:
    await publish(floor, "UTC", digest_at=time(20))
    await floor.let_pass(hours=1)
    assert await told(floor, "day_began") == []
    await publish(floor, "UTC", digest_at=time(9, 30))
    await floor.let_pass(seconds=1)
    assert await told(floor, "day_began") == [("2026-11-23", 9)]
