"""A worker process: the pump, the bell it answers, and a supervisor that outlives a Redis restart."""

import asyncio
import contextlib

from hub.assembly import Hub, settle_memory
from hub.queue import answer
from hub.store.committer import Reach, nowhere


async def work(hub: Hub, stop: asyncio.Event, *, reached: Reach = nowhere) -> None:
    """Be a worker until `stop` is set; what is in hand is then finished or given back."""
    settle_memory()
    async with hub.pump(reached=reached) as pump:
        running = asyncio.create_task(pump.run(), name="pump")
        bell = asyncio.create_task(answer(hub.redis_url, pump.ring), name="bell") if hub.redis_url else None
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        pump.stop()
        if bell is not None:
            bell.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await bell
        stopped.cancel()
        await running
