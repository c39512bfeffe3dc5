"""The supplier across a real wire, in a process of its own: it writes down what it takes before it answers."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.crash.lane import FORK
from tests.crash.supplier import Memory

ANSWER = 0.02
LATE = 1.6
"""Seconds after which a late answer comes: the hub has long given up, and the supplier acts all the same."""
SLOW = 6.0
"""Seconds an order called `slow-...` keeps its worker waiting for the answer."""


class Broken(Response):
    """A promised length that never comes: the connection closes without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"10")]})
        raise ConnectionAbortedError("This answer is lost.")


def app(path: Path, seed: int, lost: float, late: float) -> Starlette:
    """One supplier; of its answers these shares are lost, or come late. What it takes stays in the file."""
    memory, chance = Memory(path), Random(seed)
    known = {(line["reference"], line["what"]): True for line in memory.lines()}

    async def take(request: Request) -> Response:
        kind, wanted = request.path_params["kind"], await request.json()
        fate = chance.random()
        if fate < late:
            await asyncio.sleep(LATE)
        memory.act(kind, wanted["reference"], wanted["key"])
        known[wanted["reference"], "done"] = True
        if late <= fate < late + lost:
            return Broken()
        await asyncio.sleep(SLOW if wanted["reference"].startswith("slow-") else ANSWER)
        return JSONResponse({"reference": wanted["reference"]})

    async def find(request: Request) -> Response:
        reference = request.path_params["reference"]
        return JSONResponse({}, 200 if (reference, "done") in known else 404)

    return Starlette(routes=[Route("/find/{reference}", find), Route("/{kind}", take, methods=["POST"])])


def main(path: Path, port: int, seed: int, shares: tuple[float, float]) -> None:
    """What the supplier's process runs."""
    with path.with_suffix(".log").open("ab") as file:
        os.dup2(file.fileno(), 2)
    uvicorn.run(app(path, seed, *shares), host="127.0.0.1", port=port, log_level="critical")


@asynccontextmanager
async def open_supplier(
    path: Path, seed: int = 1, lost: float = 0.0, late: float = 0.0
) -> AsyncIterator[str]:
    """Its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = FORK.Process(target=main, args=(path, port, seed, (lost, late)), daemon=True)
    process.start()
    try:
        await _answers(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await asyncio.to_thread(process.join, 5)


async def _answers(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        await writer.wait_closed()
        return
    raise AssertionError("The supplier does not answer.")
