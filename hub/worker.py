"""A worker process: the pump, the bell it answers, and a supervisor that outlives a Redis restart."""

import asyncio
import contextlib
import signal

import structlog
import uvloop

from hub import logs
from hub.assembly import Hub, open_hub
from hub.queue import answer
from hub.settings import Settings
from hub.store.committer import Reach, nowhere

log = structlog.get_logger()


async def work(hub: Hub, stop: asyncio.Event, *, reached: Reach = nowhere) -> None:
    """Be a worker until `stop` is set; what is in hand is then finished or given back."""
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


async def serve(settings: Settings) -> None:
    """Run one worker on these settings until SIGTERM or SIGINT."""
    logs.configure(settings.log_level)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with open_hub(settings, is_worker=True) as hub:
        log.info("worker started")
        await work(hub, stop)
    log.info("worker stopped")


def main() -> None:
    """`python -m hub.worker`."""
    uvloop.run(serve(Settings()))


if __name__ == "__main__":
    main()
