"""The trade's time: real, unless a test or a demo has set it. All processes read the same row."""

import time
from datetime import UTC, datetime, timedelta

from hub.store.database import Connection


class Clock:
    """`now()` for everything the trade sees. Call `refresh` now and then: it learns a time that was set by others."""

    def __init__(self) -> None:
        self._set: datetime | None = None

    def now(self) -> datetime:
        """The trade's moment, in UTC."""
        return self._set or datetime.fromtimestamp(time.time(), UTC)

    @property
    def is_real(self) -> bool:
        """Whether time moves by itself."""
        return self._set is None

    async def refresh(self, connection: Connection) -> None:
        """Read the time that was set, if one was."""
        self._set = await connection.fetchval("select now from trade_clock where id = 1")

    async def set(self, connection: Connection, now: datetime) -> None:
        """Make time stand at a moment. It never goes back."""
        await connection.execute(
            """insert into trade_clock (id, now) values (1, $1)
               on conflict (id) do update set now = greatest(trade_clock.now, excluded.now)""",
            now,
        )
        await self.refresh(connection)

    async def release(self, connection: Connection) -> None:
        """Let time move by itself again. If it was set to a moment that is to come, it stays there."""
        await connection.execute("delete from trade_clock where now <= clock_timestamp()")
        await self.refresh(connection)

    async def advance(self, connection: Connection, span: timedelta) -> None:
        """Let a span pass."""
        await self.set(connection, self.now() + span)
