"""What the wire lets us know: only a connection that was never made is a certain no."""

import socket
from pathlib import Path

import orjson
import pytest

from hub.sdk import NotDone, WireTransport, origin_of
from hub.sdk.errors import Unanswered
from tests.crash.remote import open_supplier
from tests.crash.supplier import Memory


async def send(url: str, reference: str, timeout: float) -> None:
    body = orjson.dumps({"reference": reference, "key": reference})
    await WireTransport(frozenset({origin_of(url)})).send("POST", f"{url}/unsafe", {}, body, timeout)


async def test_an_answer_that_comes_too_late_is_no_proof_that_nothing_was_done(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    async with open_supplier(path) as url:
        with pytest.raises(Unanswered):
            await send(url, "slow-1", 0.3)
    assert Memory(path).count("slow-1", "done") == 1


async def test_an_answer_that_is_lost_is_no_proof_either(tmp_path: Path) -> None:
    path = tmp_path / "accepted.jsonl"
    async with open_supplier(path, lost=1.0) as url:
        with pytest.raises(Unanswered):
            await send(url, "order-1", 2)
    assert Memory(path).count("order-1", "done") == 1


async def test_a_refused_connection_is_a_certain_no() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotDone):
        await send(f"http://127.0.0.1:{port}", "order-1", 2)


async def test_a_connection_that_is_never_taken_is_a_certain_no() -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        with pytest.raises(NotDone):
            await send(f"http://127.0.0.1:{full.getsockname()[1]}", "order-1", 6)
