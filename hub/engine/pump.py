"""A worker's loop: admit what arrived, lease what is due, drive it; beat, sweep, and never hold more than it can."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from hub.engine.aside import load_all
from hub.engine.driver import Drive
from hub.engine.engine import Engine
from hub.engine.intake_admission import admit
from hub.engine.sweep import sweep
from hub.engine.watch import Steadiness, watch
from hub.store.database import lost, passing
from hub.store.runs import Leased, beat, claim, disown, leave

log = structlog.get_logger()

MANY = 8
GATHER = 0.010
"""Seconds a worker with many runs in hand lets arrivals gather between two looks."""
CLAIMING = 0.05
"""Seconds between two claims of a worker that has runs in hand."""

Refresh = Callable[[], Awaitable[None]]
"""Reads the configuration again if something was published."""


class Pump:
    """One worker process's engine room. `ring` is all that the queue does: it shortens the wait for the next look."""

    def __init__(self, engine: Engine, refresh: Refresh) -> None:
        self.engine = engine
        self._refresh = refresh
        self._bell = asyncio.Event()
        self._drives: dict[asyncio.Task[None], UUID] = {}
        self._stopping = False
        self._is_unsure = False
        self._claimed_at = -1e9
        self._steadiness = Steadiness()

    def ring(self) -> None:
        """Something may be due: look now."""
        self._bell.set()

    @property
    def is_idle(self) -> bool:
        """Whether no run is in hand."""
        return not self._drives

    async def run(self) -> None:
        """Work until `stop` is called. The database going away is waited out; nothing is lost meanwhile."""
        await self._once_more(self._beat)
        await self._once_more(self._refresh)
        chores = [
            asyncio.create_task(self._repeat(self._beat, self.engine.figures.beat), name="beat"),
            asyncio.create_task(self._repeat(self._sweep, self.engine.figures.sweep), name="sweep"),
            asyncio.create_task(self._repeat(self._watch, self.engine.figures.watch), name="watch"),
        ]
        try:
            while not self._stopping:
                self._bell.clear()
                if await self._look():
                    # Busy: what comes in this moment is taken together.
                    await asyncio.sleep(GATHER if len(self._drives) > MANY else 0.001)
                else:
                    await self._bell.wait()
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
            await self._finish()

    def stop(self) -> None:
        """Take nothing new; what is in hand is finished or given back."""
        self._stopping = True
        self._bell.set()

    async def look(self) -> bool:
        """One look around, for callers that keep their own time: True if anything was found."""
        self._claimed_at = -1e9
        self.engine.has_emitted = True
        return await self._look()

    async def rest(self) -> None:
        """Wait until every run in hand rests."""
        while self._drives:
            await asyncio.wait(self._drives)

    async def _look(self) -> bool:
        found = 0
        try:
            room = self._room()
            if room <= 0:
                # Full hands: the next look comes when a run rests.
                every = self.engine.figures.sweep
                await asyncio.wait(self._drives, timeout=every, return_when=asyncio.FIRST_COMPLETED)
                return True
            if self._is_unsure:
                await self._disown()
            leased, found = await admit(self.engine, room)
            self._start(leased)
            found += await self._claim_due()
        except lost as error:
            log.warning("database away", error=type(error).__name__)
            self._is_unsure = True
            await asyncio.sleep(min(1.0, self.engine.figures.sweep))
        except Exception:
            log.exception("look failed")
            self._is_unsure = True
            await asyncio.sleep(min(1.0, self.engine.figures.sweep))
        return found > 0

    async def _disown(self) -> None:
        """A grant whose answer was lost may have been made: what is ours and not in hand is given back."""
        async with self.engine.database.connection() as connection:
            in_hand = list(self._drives.values())
            await disown(connection, self.engine.worker, in_hand, self.engine.clock.now())
        self._is_unsure = False

    async def _claim_due(self) -> int:
        """Lease what is due; under load not at every look, as what arrives comes by admission."""
        now = asyncio.get_running_loop().time()
        room = min(self._room(), self.engine.figures.batch)
        if room <= 0 or (self._drives and now - self._claimed_at < CLAIMING):
            return 0
        self._claimed_at = now
        leased = await self._claim(room)
        self._start(leased)
        return len(leased)

    async def _claim(self, most: int) -> list[Leased]:
        engine = self.engine
        async with engine.database.transaction() as connection:
            rows = await claim(connection, engine.worker, engine.clock.now(), most)
        if not rows:
            return []
        leased = await load_all(engine, rows)
        known = [r for r in leased if r.flow_version_id in engine.world.programs]
        if len(known) < len(leased):
            # A version published a moment ago: read the configuration; the lease is given back by the sweep.
            await self._refresh()
            engine.stranded |= {
                (r.run.id, r.serial) for r in leased if r.flow_version_id not in engine.world.programs
            }
            known = [r for r in leased if r.flow_version_id in engine.world.programs]
        return known

    def _start(self, leased: list[Leased]) -> None:
        for one in leased:
            task = asyncio.create_task(Drive(self.engine, one).go())
            self._drives[task] = one.run.id
            self.engine.committer.in_hand = len(self._drives)
            task.add_done_callback(self._rested)

    def _rested(self, task: "asyncio.Task[None]") -> None:
        self._drives.pop(task, None)
        self.engine.committer.in_hand = len(self._drives)
        if not self._drives:
            self._bell.set()

    def _room(self) -> int:
        return self.engine.figures.at_once - len(self._drives)

    async def _beat(self) -> None:
        async with self.engine.database.connection() as connection:
            await beat(connection, self.engine.worker, self.engine.figures.lease)

    async def _sweep(self) -> None:
        await self._refresh()
        await sweep(self.engine)
        self.engine.has_emitted = True
        self._bell.set()

    async def _watch(self) -> None:
        if self._steadiness.holds(self.engine.clock.now(), asyncio.get_running_loop().time()):
            await watch(self.engine)

    async def _repeat(self, chore: Callable[[], Awaitable[None]], every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._try(chore)

    async def _once_more(self, chore: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping and not await self._try(chore):  # noqa: ASYNC110  a database tells nobody it is back
            await asyncio.sleep(0.2)

    async def _try(self, chore: Callable[[], Awaitable[None]]) -> bool:
        try:
            await chore()
        except lost as error:
            log.warning("chore put off", error=type(error).__name__)
            return False
        except Exception:
            log.exception("chore failed")
            return False
        return True

    async def _finish(self) -> None:
        """Let what is on its way come to its answer, within a call's time; then give every lease back."""
        if self._drives:
            await asyncio.wait(self._drives, timeout=self.engine.figures.longest_call)
        for drive in self._drives:
            drive.cancel()
        await asyncio.gather(*self._drives, return_exceptions=True)
        with contextlib.suppress(*lost, *passing):
            await self.engine.database.repeat(lambda connection: leave(connection, self.engine.worker))
