"""The bell: tells the workers that something may be due. Losing a ring loses nothing, the sweep looks anyway."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()

Ring = Callable[[], Awaitable[None]]


class Bell:
    """Rings after a commit, one ring at a time: what comes while it rings is told by one more ring afterwards."""

    def __init__(self, ring: Ring | None) -> None:
        self._ring = ring
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    def strike(self) -> None:
        """Ask for a ring; returns at once, and cannot fail."""
        if self._ring is None:
            return
        self._wanted = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(self._ring), name="bell")

    async def rest(self) -> None:
        """Wait until nothing is left to ring."""
        if self._task is not None:
            await self._task

    async def _work(self, ring: Ring) -> None:
        while self._wanted:
            self._wanted = False
            try:
                async with asyncio.timeout(2):
                    await ring()
            except Exception as error:  # noqa: BLE001  a bell that is broken must not fail a request
                log.warning("bell silent", error=type(error).__name__)
