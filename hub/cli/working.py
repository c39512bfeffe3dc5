"""A worker process of a folder's hub: `python -m hub.cli.working DIR`. It loads no more than a worker needs."""

import asyncio
import signal
import sys
from pathlib import Path

import structlog
import uvloop

from hub import logs
from hub.assembly import open_hub
from hub.cli.folder import catalog_for, settings_of
from hub.worker import work

log = structlog.get_logger()


def until_told() -> asyncio.Event:
    """Set by SIGTERM or Ctrl-C."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serve(folder: Path) -> None:
    """Be a worker, with the plugins that hub.yaml allows, until told to stop."""
    settings = settings_of(folder)
    logs.configure(settings.log_level)
    stop = until_told()
    async with open_hub(settings, catalog=catalog_for(folder), is_worker=True) as hub:
        log.info("worker started")
        await work(hub, stop)
    log.info("worker stopped")


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
