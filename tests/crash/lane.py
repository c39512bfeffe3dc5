"""A lane: one database, one supplier, and one order after another that is struck and then left to the hub."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import asyncpg

from hub.engine.intake import Inbox
from hub.engine.publishing import publish
from hub.store.configuration import ConnectionSpec
from hub.store.database import driver_arguments, lost
from tests.crash import auditor, worker_process
from tests.crash.expected import Case, Outcome
from tests.crash.strikes import let_the_disk_fill
from tests.crash.supplier import Memory
from tests.crash.worker_process import LEASE, Part, body_of, delivery_of, hub_of
from tests.floor import flow, shop

KINDS = ("read", "keyed", "idempotent", "checkable", "unsafe")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATIENCE = 30.0
"""Seconds of real time until a case counts as stuck: a busy machine may hold up a process for several."""
BRIEFLY = 6.0
"""The same where a guard was taken away: what was bought twice need not come to rest."""

FLOW = """
format: 1
flow: {kind}
title: One {kind} effect, then a long rest

uses:
  door: webhook
  bench: bench

trigger:
  event: door.received
  key: ${{event.body.id}}
  when: event.body.kind == "{kind}"

steps:
  - step: act
    do: bench.{kind}
    with:
      reference: ${{event.body.id}}
    as: answer
  - step: rest
    wait:
      for: 10 days
"""

FORK = multiprocessing.get_context("forkserver")
FORK.set_forkserver_preload(["tests.crash.worker_process"])


def start(part: Part) -> BaseProcess:
    """A real process that plays this part."""
    process = FORK.Process(target=worker_process.main, args=(part,), daemon=True)
    process.start()
    return process


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a case, and of the processes that took part."""

    outcome: Outcome
    limbo: int
    was_struck: bool
    has_survived: bool


@dataclass
class Lane:
    """Cases run one after another in it; each has an order of its own."""

    url: str
    folder: Path
    connection: asyncpg.Connection
    hub: Any
    inbox: Inbox
    number: int = 0
    controls: tuple[str, ...] = ()

    @property
    def memory(self) -> Memory:
        """What the supplier remembers."""
        return Memory(self.folder / "memory")

    async def run(self, case: Case) -> Found:
        """Strike one order, let the hub recover, and look."""
        survived, order, part = await self._play(case)
        found = await auditor.outcome(self.connection, self.memory, order, case.kind)
        limbo = await auditor.limbo(self.connection, order)
        return Found(found, len(limbo), part.mark.exists(), survived)

    async def play(self, case: Case) -> str:
        """Only strike and recover; gives the order."""
        _, order, part = await self._play(case)
        assert part.mark.exists()
        return order

    async def _play(self, case: Case) -> tuple[bool, str, Part]:
        self.number += 1
        order = f"{case}-{self.number}"
        body = body_of(order, case.kind)
        victim, part = await self._strike(case, body)
        rescuer = None
        if case.fault in ("kill", "pause") or case.point == "kick_sent":
            rescuer = start(self._part("work", f"rescuer-{self.number}"))
        if case.point == "kick_sent":
            # The sender had no answer, so it sends again.
            await self.deliver(body)
        try:
            await self._settle(order, timedelta(seconds=5))
            survived = await self._wake(case, victim)
            await self.settle(order)
        finally:
            await self._stop(victim, rescuer)
        return survived, order, part

    async def settle(self, order: str) -> None:
        """Let time pass, the long rest included, until an order's run has ended or waits for a person."""
        await self._settle(order, timedelta(seconds=5))
        await self._settle(order, timedelta(days=11))

    async def deliver(self, body: bytes) -> None:
        """A delivery arrives at the door; like every sender, this one tries again until it is taken."""
        for _ in range(5):
            with contextlib.suppress(*lost):
                await self.inbox.accept(self.hub.world.links["door"], delivery_of(self.hub, body))
                return
        raise AssertionError("The door takes nothing.")

    async def _strike(self, case: Case, body: bytes) -> tuple[BaseProcess, Part]:
        does = "accept" if case.point == "kick_sent" else "work"
        part = self._part(does, f"victim-{self.number}")
        part = replace(part, strike=(case.point, case.fault), body=body)
        if does == "work":
            await self.deliver(body)
        victim = start(part)
        await until(part.mark.exists, f"{case} was never reached")
        if case.fault == "kill":
            await asyncio.to_thread(victim.join, 5)
            assert victim.exitcode == -signal.SIGKILL
        if case.fault == "pause":
            await until(lambda: is_stopped(victim), "it did not stop")
        if case.fault == "disk":
            await asyncio.sleep(LEASE)
            await self.connection.execute("update disk set is_full = false")
        return victim, part

    async def _wake(self, case: Case, victim: BaseProcess) -> bool:
        """A paused worker goes on where it was, long after its lease; the others must still be alive."""
        if case.fault == "pause":
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGCONT)
            await asyncio.sleep(0.1)
            victim.terminate()
            await asyncio.to_thread(victim.join, 5)
            return victim.exitcode is not None
        return case.fault == "kill" or case.point == "kick_sent" or victim.is_alive()

    async def _settle(self, order: str, step: timedelta) -> None:
        """Let time pass until the order's run has ended, or rests for days, or waits for a person."""
        until = time.monotonic() + (BRIEFLY if self.controls else PATIENCE)
        while time.monotonic() < until:
            if await self._rests(order, step):
                return
            await auditor.now_and_then(self.connection, timedelta(seconds=5))
            await asyncio.sleep(0.03)
        assert self.controls, f"{order} neither ended nor came to rest nor to a person."

    async def _rests(self, order: str, step: timedelta) -> bool:
        if step > timedelta(days=1):
            await auditor.now_and_then(self.connection, step)
        row = await self.connection.fetchrow(
            """select r.ended_at is not null as ended, r.lease_owner is not null as held,
                 r.due_at > (select now from trade_clock) + interval '5 days' as rests,
                 exists (select 1 from cases c where c.run_id = r.id and c.state = 'open') as asked
               from runs r where r.subject = $1""",
            order,
        )
        if row is None or (row["held"] and not row["ended"]):
            return False
        return bool(row["ended"] or row["asked"] or (row["rests"] and step < timedelta(days=1)))

    async def _stop(self, *processes: BaseProcess | None) -> None:
        for process in processes:
            if process is not None and process.is_alive():
                process.terminate()
        for process in processes:
            if process is not None:
                await asyncio.to_thread(process.join, 5)
                if process.is_alive():
                    process.kill()
        await self.connection.execute("update disk set is_full = false")

    def _part(self, does: str, name: str) -> Part:
        return Part(self.url, str(self.folder), does, name, controls=self.controls)


@contextlib.asynccontextmanager
async def open_lane(url: str, folder: Path, controls: tuple[str, ...] = ()) -> AsyncIterator[Lane]:
    """A lane on a fresh database."""
    connection = await asyncpg.connect(
        **{**driver_arguments(url), "server_settings": {"application_name": "audit"}}
    )
    async with hub_of(url, Memory(folder / "memory")) as hub:
        await hub.clock.set(connection, MONDAY)
        async with hub.database.transaction() as own:
            await publish(own, bench_shop(hub), "test", hub.clock.now())
        await let_the_disk_fill(connection)
        await hub.refresh()
        async with hub.inbox() as inbox:
            yield Lane(url, folder, connection, hub, inbox, controls=controls)
    await connection.close()


def bench_shop(hub: Any) -> Any:
    """The shop of every lane: its supplier is the memory."""
    return shop_of(hub, ConnectionSpec("bench", "main", "bench", "sandbox", "http://bench.test"))


def shop_of(hub: Any, bench: ConnectionSpec) -> Any:
    """One store, its door, this supplier, and a flow for each kind of effect."""
    roles = {"door": ["door"], "bench": ["bench"]}
    flows = [flow(hub.catalog, FLOW.format(kind=kind), roles) for kind in KINDS]
    return shop(flows, ConnectionSpec("door", "main", "webhook", "sandbox", "http://door.test"), bench)


def is_stopped(process: BaseProcess) -> bool:
    """Whether the kernel has stopped it."""
    stat = Path(f"/proc/{process.pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "T"


async def until(holds: Callable[[], bool], why: str, patience: float = PATIENCE) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, why
        await asyncio.sleep(0.005)
