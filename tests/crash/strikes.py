"""What can strike a process at a named point. Each strike happens once, and leaves a mark that it did."""

import os
import signal
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from hub.store import committer
from hub.store.database import Connection, driver_arguments
from hub.store.unit import Unit
from hub.store.writer import Written
from tests.crash.swapping import swap

POINTS: dict[str, tuple[str, int]] = {
    "claimed": ("claimed", 1),
    "checked": ("checked", 1),
    "intent_committed": ("intent_committed", 1),
    "connected": ("connected", 1),
    "request_sent": ("request_sent", 1),
    "response_read": ("response_read", 1),
    # The second group commit of an order's first step carries the outcome; nobody was told of it yet.
    "outcome_committed": ("batch_committed", 2),
    "step_committed": ("step_committed", 2),
    "kick_sent": ("kick_sent", 1),
}
"""Point -> the product's hook, and which of its passes is meant."""

FAULTS = ("kill", "pause", "connection", "exception", "disk")


class Struck(RuntimeError):
    """The exception that strikes."""


@dataclass
class Striker:
    """Counts the passes of each hook and strikes at the one that was asked for."""

    url: str
    mark: Path
    point: str
    fault: str
    passes: Counter[str] = field(default_factory=Counter)

    async def __call__(self, hook: str) -> None:
        self.passes[hook] += 1
        wanted, turn = POINTS[self.point]
        if hook == wanted and self.passes[hook] == turn:
            await self._strike()

    async def _strike(self) -> None:
        match self.fault:
            case "kill":
                self.mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case "pause":
                self.mark.touch()
                os.kill(os.getpid(), signal.SIGSTOP)
            case "connection":
                lose_the_next_commit()
                await self._terminate_all()
                self.mark.touch()
            case "disk":
                await self._execute("update disk set is_full = true")
                self.mark.touch()
            case "exception":
                self.mark.touch()
                raise Struck(self.point)
            case fault:
                raise AssertionError(fault)

    async def _terminate_all(self) -> None:
        """Every connection of every hub process to this database; the one that asks is none of them."""
        await self._execute(
            """select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and application_name = 'faros' and pid <> pg_backend_pid()"""
        )

    async def _execute(self, sql: str) -> None:
        connection = await asyncpg.connect(**driver_arguments(self.url))
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


def lose_the_next_commit() -> None:
    """The next group commit of this process loses its backend after its statements, before its COMMIT."""

    async def write(connection: Connection, units: list[Unit]) -> Written:
        swap(committer, "write", real)
        async with connection.transaction():
            written: Written = await real(connection, units)
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")
        return written

    real = swap(committer, "write", write)


DISK = """
create table disk (is_full boolean not null);
insert into disk values (false);
create function refuse_when_full() returns trigger language plpgsql as $$
begin
  if (select is_full from disk) then
    raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
  end if;
  return null;
end $$;
"""
"""A server that refuses every write of the hub with the error of a full disk, while it is told to be full."""


async def let_the_disk_fill(connection: asyncpg.Connection) -> None:
    """Prepare a database for the fault `disk`."""
    await connection.execute(DISK)
    tables = await connection.fetch(
        """select tablename from pg_tables where schemaname = 'public'
           and tablename not in ('disk', 'trade_clock', 'alembic_version')"""
    )
    for row in tables:
        await connection.execute(
            f"""create trigger full_disk before insert or update or delete on {row["tablename"]}
                for each statement execute function refuse_when_full()"""
        )
