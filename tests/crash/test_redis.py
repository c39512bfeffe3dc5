"""The queue forgets everything, again and again, and dies once: it only ever rings, so nobody notices."""

import asyncio
import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Away

from hub.embedded import Embedded
from tests.crash.campaign import Campaign, open_campaign
from tests.crash.remote import open_supplier
from tests.crash.test_kill import CLEAN, show

pytestmark = pytest.mark.slow

ORDERS = 500
BURST = 20


async def test_a_queue_that_is_wiped_and_restarted_loses_no_order(
    servers: Embedded, database_url: str, tmp_path: Path
) -> None:
    async with (
        open_supplier(tmp_path / "accepted.jsonl") as supplier,
        open_campaign(database_url, tmp_path, supplier, 3.0, servers.redis_url) as campaign,
    ):
        workers = [campaign.start_worker() for _ in range(2)]
        await until_rung(campaign)
        while campaign.injected["orders"] < ORDERS:
            arriving = asyncio.create_task(campaign.deliver(BURST))
            await asyncio.sleep(campaign.chance.uniform(0.0, 0.1))
            if campaign.injected["orders"] > ORDERS // 2 and not campaign.injected["queue killed"]:
                os.kill(servers.pids[1], signal.SIGKILL)
                campaign.injected["queue killed"] += 1
            else:
                await wipe(servers.redis_url, campaign)
            await arriving
            await asyncio.sleep(0.1)
        await campaign.heal(30)
        findings = await campaign.findings()
        show(campaign, findings)

        assert {name: findings[name] for name in CLEAN} == CLEAN
        assert findings["asked of a person"] == 0
        assert campaign.injected["wipes while orders were under way"] >= 3
        assert campaign.injected["queue killed"] == 1
        assert all(worker.is_alive() for worker in workers)


async def until_rung(campaign: Campaign) -> None:
    """The workers are up once a first order has been bought."""
    await campaign.deliver(1)
    await asyncio.sleep(1)
    await campaign.heal(10)
    assert campaign.memory.lines()


async def wipe(url: str, campaign: Campaign) -> None:
    queue = Redis.from_url(url)
    try:
        await queue.flushall()
        campaign.injected["wipes while orders were under way"] += await campaign.is_busy()
        campaign.injected["wipes"] += 1
    except Away:
        campaign.injected["wipes of a dead queue"] += 1
    finally:
        await queue.aclose()
