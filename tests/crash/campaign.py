"""A campaign: worker processes over one database and one supplier, orders that keep coming, and a nemesis."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from typing import Any

import asyncpg

from hub.assembly import Hub
from hub.engine.intake import Inbox
from hub.engine.publishing import publish
from hub.queue import Bell
from hub.store.configuration import ConnectionSpec
from hub.store.database import driver_arguments
from tests.crash import auditor
from tests.crash.lane import shop_of, start
from tests.crash.supplier import Memory
from tests.crash.worker_process import Part, body_of, delivery_of, wired_hub

KINDS = ("keyed", "checkable", "unsafe")


@dataclass
class Campaign:
    """What was injected is counted, so that a nemesis that hit nothing cannot look like a success."""

    url: str
    folder: Path
    hub: Hub
    inbox: Inbox
    bell: Bell
    connection: asyncpg.Connection
    chance: Random
    lease: float
    redis_url: str | None = None
    workers: list[BaseProcess] = field(default_factory=list)
    injected: Counter[str] = field(default_factory=Counter)
    orders: list[tuple[str, str]] = field(default_factory=list)

    @property
    def memory(self) -> Memory:
        """What the supplier wrote down."""
        return Memory(self.folder / "accepted.jsonl")

    def start_worker(self) -> BaseProcess:
        """One more worker process."""
        name = f"worker-{self.injected['workers started']}"
        part = Part(self.url, str(self.folder), "serve", name, lease=self.lease, redis_url=self.redis_url)
        self.injected["workers started"] += 1
        process = start(part)
        self.workers.append(process)
        return process

    async def deliver(self, count: int) -> None:
        """So many new orders arrive at once, of every kind in turn."""
        first = len(self.orders)
        fresh = [(f"order-{n}", KINDS[n % len(KINDS)]) for n in range(first, first + count)]
        self.orders += fresh
        await asyncio.gather(*(self._deliver(order, kind) for order, kind in fresh))
        self.injected["orders"] += count

    async def _deliver(self, order: str, kind: str) -> None:
        link = self.hub.world.links["door"]
        await self.inbox.accept(link, delivery_of(self.hub, body_of(order, kind)))
        await self.bell.ring()

    async def kill_a_worker(self) -> int:
        """SIGKILL to a random worker, and another in its place; gives how many runs it took with it."""
        victim = self.workers.pop(self.chance.randrange(len(self.workers)))
        for _ in range(20):
            # It strikes at once when the victim has something to lose, else after a moment all the same.
            if await self.owned_by(victim):
                break
            await asyncio.sleep(0.01)
        victim.kill()
        await asyncio.to_thread(victim.join, 5)
        owned = await self.owned_by(victim)
        self.injected["kills"] += 1
        self.injected["kills of a busy worker"] += owned > 0
        self.injected["runs in hand when killed"] += owned
        self.start_worker()
        return owned

    async def owned_by(self, process: BaseProcess) -> int:
        """Runs whose lease is this process's."""
        found = await self.connection.fetchval(
            "select count(*) from runs where ended_at is null and lease_owner like '%-' || $1::text || '-%'",
            str(process.pid),
        )
        return int(found)

    async def heal(self, patience: float) -> None:
        """No more faults: wait until nothing arrives, is due, or in hand."""
        end = time.monotonic() + patience
        for _ in range(int(patience * 5)):
            if time.monotonic() > end or not await self.is_busy():
                return
            await asyncio.sleep(0.2)

    async def is_busy(self) -> bool:
        """Whether something has arrived, is due soon, or is in hand."""
        return bool(
            await self.connection.fetchval(
                """select exists (select 1 from deliveries where state = 'new')
                   or exists (select 1 from runs where ended_at is null
                              and (lease_owner is not null or due_at < now() + interval '1 hour'))"""
            )
        )

    async def findings(self) -> dict[str, int]:
        """The auditor's count, from the supplier's file and the database alone."""
        done = Counter(line["reference"] for line in self.memory.lines() if line["what"] == "done")
        runs = {r["subject"]: r for r in await self.connection.fetch(FATES)}
        lost = [o for o, _ in self.orders if o not in runs]
        unsettled = [r for r in runs.values() if not (r["is_resting"] or r["cases"] == 1)]
        unbought = [o for o, r in runs.items() if r["is_resting"] and done[o] != 1]
        return {
            "bought twice": sum(1 for n in done.values() if n > 1),
            "lost": len(lost) + len(unbought),
            "in limbo": len(await auditor.limbo(self.connection)),
            "neither settled nor asked": len(unsettled),
            "in doubt without a case": sum(1 for r in runs.values() if r["doubts"] and not r["cases"]),
            "asked of a person": sum(1 for r in runs.values() if r["cases"]),
        }


FATES = """
select r.subject,
  r.ended_at is not null or (r.lease_owner is null and r.due_at > now() + interval '1 day') as is_resting,
  (select count(*) from cases c where c.run_id = r.id and c.state = 'open') as cases,
  (select count(*) from effects e where e.run_id = r.id and e.state = 'in-doubt') as doubts
from runs r"""


@asynccontextmanager
async def open_campaign(
    url: str, folder: Path, supplier: str, lease: float, redis_url: str | None = None, seed: int = 20260301
) -> AsyncIterator[Campaign]:
    """A database with the store published; no worker yet. Workers are gone when it is left."""
    connection = await asyncpg.connect(
        **{**driver_arguments(url), "server_settings": {"application_name": "audit"}}
    )
    async with wired_hub(url, lease) as hub:
        async with hub.database.transaction() as own:
            bench = ConnectionSpec("bench", "main", "bench", "live", supplier)
            await publish(own, shop_of(hub, bench), "test", hub.clock.now())
        await hub.refresh()
        async with hub.inbox() as inbox, Bell(redis_url) as bell:
            campaign = Campaign(url, folder, hub, inbox, bell, connection, Random(seed), lease, redis_url)
            try:
                yield campaign
            finally:
                await _stop(campaign.workers)
    await connection.close()


async def _stop(workers: list[Any]) -> None:
    for worker in workers:
        worker.terminate()
    for worker in workers:
        await asyncio.to_thread(worker.join, 5)
        with suppress(ValueError):
            worker.kill()
