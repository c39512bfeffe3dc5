"""The same order comes in by many ways at once, and watched orders outlive their worker."""

import asyncio
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from hub.engine.publishing import publish
from tests.crash.campaign import Campaign, open_campaign
from tests.crash.lane import Lane, bench_shop, open_lane, start
from tests.crash.remote import open_supplier
from tests.crash.worker_process import Part, body_of, delivery_of
from tests.floor import flow

pytestmark = pytest.mark.slow


async def deliver(campaign: Campaign, body: bytes) -> None:
    await campaign.inbox.accept(campaign.hub.world.links["door"], delivery_of(campaign.hub, body))


async def test_one_order_that_arrives_ten_times_at_four_workers_is_bought_once(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_supplier(tmp_path / "accepted.jsonl") as supplier,
        open_campaign(database_url, tmp_path, supplier, lease=3.0) as campaign,
    ):
        for _ in range(4):
            campaign.start_worker()
        for number in range(20):
            body = body_of(f"order-{number}", "unsafe")
            # Sent again as it is, and read anew by someone who writes it differently: same order, other bytes.
            anew = [orjson.dumps({**orjson.loads(body), "read": turn}) for turn in range(5)]
            await asyncio.gather(*(deliver(campaign, b) for b in [body] * 5 + anew))
        await asyncio.sleep(1)
        await campaign.heal(20)
        assert await campaign.connection.fetchval("select count(*) from deliveries") == 20 * 6
        assert await campaign.connection.fetchval("select count(*) from runs") == 20
        for number in range(20):
            assert campaign.memory.count(f"order-{number}", "done") == 1


WATCHED = """
format: 1
flow: watched
title: Buy, then watch until it has arrived

uses:
  door: webhook
  bench: bench

trigger:
  event: door.received
  key: ${event.body.id}
  when: event.body.kind == "watched"

steps:
  - step: buy
    do: bench.keyed
    with:
      reference: ${event.body.id}
    as: bought
  - step: arrival
    wait:
      event: door.received
      match:
        key_value: ${event.body.id}-arrived
      timeout: 30 days
    as: arrival
    on_timeout:
      - step: never
        stop: It never arrived
"""


@pytest.mark.row("S1-038")
async def test_eighty_watched_orders_are_still_watched_after_their_worker_was_killed(
    database_url: str, tmp_path: Path
) -> None:
    async with open_lane(database_url, tmp_path) as lane:
        await publish_watch(lane)
        orders = [f"watched-{n}" for n in range(80)]
        first = start(Part(database_url, str(tmp_path), "work", "first"))
        await asyncio.gather(*(lane.deliver(body_of(order, "watched")) for order in orders))
        assert await reaches(lane, WATCHING, 80)
        first.kill()
        await asyncio.to_thread(first.join, 5)

        second = start(Part(database_url, str(tmp_path), "work", "second"))
        assert await reaches(lane, WATCHING, 80)
        await asyncio.gather(*(lane.deliver(body_of(f"{order}-arrived", "news")) for order in orders))
        assert await reaches(lane, ARRIVED, 80)

        second.terminate()
        await asyncio.to_thread(second.join, 5)
        assert [lane.memory.count(order, "done") for order in orders] == [1] * 80


WATCHING = """
select count(*) from runs r join tokens t on t.run_id = r.id join waits w on w.id = t.wait_id
where t.state = 'waiting' and w.event_id is null and r.lease_owner is null and r.ended_at is null"""
ARRIVED = "select count(*) from runs where ended_at is not null and end_reason <> 'It never arrived'"


async def publish_watch(lane: Lane) -> None:
    """One more flow in force."""
    wanted = bench_shop(lane.hub)
    roles = {"door": ["door"], "bench": ["bench"]}
    flows = (*wanted.flows, flow(lane.hub.catalog, WATCHED, roles))
    async with lane.hub.database.transaction() as connection:
        await publish(connection, replace(wanted, flows=flows), "test", lane.hub.clock.now())
    await lane.hub.refresh()


async def reaches(lane: Lane, sql: str, count: int) -> bool:
    """Whether a count is reached in a few seconds."""
    for _ in range(300):
        if await lane.connection.fetchval(sql) == count:
            return True
        await asyncio.sleep(0.05)
    return False
