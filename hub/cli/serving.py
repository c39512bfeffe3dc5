"""HTTP servers in this process, on sockets that are bound before anything else is done."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from hub.sdk import HubError


class PortTaken(HubError):
    """The port is in use; choose another by --port."""


class _Server(uvicorn.Server):
    """Leaves signals to the command, and says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise PortTaken(
            f"Port {port} of {host} cannot be used ({error.strerror}). Choose another by --port."
        ) from None
    found.listen(2048)
    return found


def address(listening: socket.socket) -> str:
    """Where it answers."""
    host, port = listening.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@asynccontextmanager
async def served(app: Any, listening: socket.socket, *, lifespan: bool = True) -> AsyncIterator[None]:
    """The app answers on the socket for as long as this is entered; requests in flight have ten seconds to end."""
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="on" if lifespan else "off",
        timeout_graceful_shutdown=10,
        backlog=2048,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listening]), name="http")
    ready = asyncio.create_task(server.ready.wait())
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if serving.done():
        await serving
        raise HubError("The API did not start.")
    try:
        yield
    finally:
        server.should_exit = True
        await serving
