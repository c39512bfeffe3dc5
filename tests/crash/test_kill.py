"""Workers are killed at random while orders keep coming, over real HTTP: nothing is bought twice, nothing is lost."""

import asyncio
import time
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.crash.campaign import Campaign, open_campaign
from tests.crash.lane import until
from tests.crash.remote import open_supplier
from tests.crash.worker_process import body_of, delivery_of

pytestmark = pytest.mark.slow

SEED = 20260301
ORDERS = 1000
BUSY_KILLS = 20
BURST = 45
CLEAN = {
    "bought twice": 0,
    "lost": 0,
    "in limbo": 0,
    "neither settled nor asked": 0,
    "in doubt without a case": 0,
}


def show(campaign: Campaign, findings: dict[str, int]) -> None:
    table = Table("injected", "", "found", "", title=f"seed {SEED}")
    left, right = list(campaign.injected.items()), list(findings.items())
    for row in range(max(len(left), len(right))):
        cells = [
            *(left[row] if row < len(left) else ("", "")),
            *(right[row] if row < len(right) else ("", "")),
        ]
        table.add_row(*map(str, cells))
    Console().print(table)


async def test_workers_that_are_killed_lose_no_order_and_buy_none_twice(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_supplier(tmp_path / "accepted.jsonl", SEED, lost=0.03, late=0.02) as supplier,
        open_campaign(database_url, tmp_path, supplier, lease=3.0, seed=SEED) as campaign,
    ):
        for _ in range(4):
            campaign.start_worker()
        await besiege(campaign)
        await campaign.heal(45)
        findings = await campaign.findings()
        show(campaign, findings)

        assert campaign.injected["kills of a busy worker"] >= BUSY_KILLS
        assert campaign.injected["orders"] >= ORDERS
        assert {name: findings[name] for name in CLEAN} == CLEAN
        assert findings["asked of a person"] > 0, "lost answers of unsafe effects must have come up"


async def besiege(campaign: Campaign) -> None:
    """Bursts of orders, and in the middle of each a kill, until enough of both have happened."""
    end = time.monotonic() + 150
    while time.monotonic() < end and (
        campaign.injected["kills of a busy worker"] < BUSY_KILLS or campaign.injected["orders"] < ORDERS
    ):
        arriving = asyncio.create_task(arrive(campaign))
        await asyncio.sleep(campaign.chance.uniform(0.0, 0.3))
        await campaign.kill_a_worker()
        await arriving
        await asyncio.sleep(0.4)


async def arrive(campaign: Campaign) -> None:
    """A burst, spread so that every worker gets a part of it."""
    for _ in range(5):
        await campaign.deliver(BURST // 5)
        await asyncio.sleep(0.08)


async def test_a_killed_workers_run_is_taken_over_within_35_seconds_at_production_figures(
    database_url: str, tmp_path: Path
) -> None:
    async with (
        open_supplier(tmp_path / "accepted.jsonl") as supplier,
        open_campaign(database_url, tmp_path, supplier, lease=20.0) as campaign,
    ):
        victim = campaign.start_worker()
        link = campaign.hub.world.links["door"]
        await campaign.inbox.accept(link, delivery_of(campaign.hub, body_of("slow-1", "keyed")))
        await until(lambda: campaign.memory.count("slow-1", "done") == 1, "the order was never sent")
        campaign.start_worker()
        victim.kill()
        killed = time.monotonic()
        serial = await campaign.connection.fetchval("select lease_serial from runs")
        for _ in range(350):
            if await campaign.connection.fetchval("select lease_serial from runs") > serial:
                break
            await asyncio.sleep(0.1)
        assert time.monotonic() - killed < 35
        Console().print(f"taken over {time.monotonic() - killed:.1f} s after the kill")
        await campaign.heal(20)
        assert campaign.memory.count("slow-1", "done") == 1
        assert (await campaign.findings())["lost"] == 0
