"""Group commit: the units of many runs, gathered and written in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from hub.sdk import HubError
from hub.store.database import Database, lost, passing
from hub.store.unit import Unit
from hub.store.writer import Written, write


class LeaseLost(HubError):
    """Another worker has this run now; nothing of this step was written."""


class OrderCancelled(HubError):
    """The order was cancelled before the purchase was intended; nothing of this step was written."""


class Overtaken(HubError):
    """A person decided the case that this step was settling; nothing of it was written. Read the run again."""


class CommitUnknown(HubError):
    """The database went away during the commit: it may or may not have happened. Read the run again."""


MANY = 8
GATHER = 0.003
"""Seconds a commit waits for more units when many runs are in hand."""

Reach = Callable[[str], Awaitable[None]]
"""Called at named points, so that the crash tests can strike there."""


async def nowhere(point: str) -> None:
    """What happens at a named point outside the crash tests: nothing."""


@dataclass(slots=True)
class _Waiting:
    unit: Unit
    done: "asyncio.Future[None]"


class Committer:
    """Takes units from many runs at once and writes them together. One per worker process."""

    def __init__(self, database: Database, *, most: int = 128, reached: Reach = nowhere) -> None:
        self._database = database
        self._reached = reached
        self._most = most
        self._waiting: list[_Waiting] = []
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.in_hand = 0
        """How many runs the worker has in hand: with many, a commit waits a moment for more to join it."""

    async def __aenter__(self) -> "Committer":
        self._task = asyncio.create_task(self._work(), name="committer")
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def commit(self, unit: Unit) -> None:
        """Write one unit, together with whatever else is waiting. Raises `LeaseLost`, `OrderCancelled`,
        `CommitUnknown`, or the driver's error if this unit breaks a constraint."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(unit, done))
        self._bell.set()
        await done

    async def _work(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            while self._waiting:
                if self.in_hand > MANY and len(self._waiting) < self.in_hand // 2:
                    await asyncio.sleep(GATHER)
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                try:
                    await self._write(batch)
                except Exception as error:  # noqa: BLE001  the committer outlives whatever it was
                    self._fail(batch, CommitUnknown(f"The commit failed ({type(error).__name__})."))

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        units = [w.unit for w in batch]
        try:
            written = await self._together(units)
        except lost as error:
            unknown = CommitUnknown(f"The database went away during a commit ({type(error).__name__}).")
            self._fail(batch, unknown)
        except passing as error:
            self._fail(batch, error)
        except Exception as error:  # noqa: BLE001  one bad unit must not fail its neighbours
            await self._halve(batch, error)
        else:
            await self._told(batch, written)

    async def _told(self, batch: Sequence[_Waiting], written: Written) -> None:
        try:
            await self._reached("batch_committed")
        except Exception as error:  # noqa: BLE001  the committer outlives it; the runs are read again
            self._fail(batch, CommitUnknown(f"Nobody could be told of a commit ({type(error).__name__})."))
        else:
            self._tell(batch, written)

    async def _together(self, units: Sequence[Unit]) -> Written:
        """One statement is a transaction by itself; only a batch that takes more is wrapped in one."""
        is_plain = not any(u.needs_order for u in units)
        return await self._database.repeat(lambda connection: write(connection, units), is_single=is_plain)

    async def _halve(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """A constraint error rolls the batch back; its halves are tried until the bad unit stands alone."""
        if len(batch) == 1:
            self._fail(batch, error)
            return
        middle = len(batch) // 2
        await self._write(batch[:middle])
        await self._write(batch[middle:])

    def _tell(self, batch: Sequence[_Waiting], written: Written) -> None:
        for waiting in batch:
            if waiting.done.done():
                continue
            if waiting.unit.run_id in written.survivors:
                waiting.done.set_result(None)
            elif waiting.unit.run_id in written.cancelled:
                waiting.done.set_exception(OrderCancelled())
            elif waiting.unit.run_id in written.overtaken:
                waiting.done.set_exception(Overtaken())
            else:
                waiting.done.set_exception(LeaseLost())

    def _fail(self, batch: Sequence[_Waiting], error: BaseException) -> None:
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_exception(error)
