"""The API process of the bench: the hub's own app under uvicorn."""

import sys

import uvicorn
import uvloop

from hub import logs
from hub.api.app import create_app
from hub.assembly import open_hub, settle_memory
from hub.queue import Bell
from hub.settings import Settings


async def serve(port: int) -> None:
    """Answer until stopped."""
    settings = Settings()
    logs.configure(settings.log_level)
    async with open_hub(settings) as hub, Bell(hub.redis_url) as bell:
        app = create_app(hub, ring=bell.ring)
        settle_memory()
        config = uvicorn.Config(app, "127.0.0.1", port, log_level="warning", access_log=False, backlog=4096)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
