"""A sandbox on a real port, for the vendors' own clients."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from hub.sdk.testing import Sandbox


@contextmanager
def serve(sandbox: Sandbox) -> Iterator[str]:
    """Serve a sandbox on a free port of this machine; gives its origin."""
    server = uvicorn.Server(uvicorn.Config(sandbox, port=0, log_level="critical", lifespan="off"))
    bound = threading.Event()
    started = server.startup

    async def startup(sockets: object = None) -> None:
        await started()
        bound.set()

    server.startup = startup  # type: ignore[method-assign]  # uvicorn does not tell a thread that it listens
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        if not bound.wait(10):
            raise TimeoutError("The sandbox does not start to listen.")
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
