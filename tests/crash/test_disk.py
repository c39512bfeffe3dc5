"""A disk that is really full: a database on a few megabytes of memory. It needs root, to mount that."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import orjson
import pytest

from hub.embedded import Embedded
from hub.store.database import driver_arguments
from tests.conftest import sibling
from tests.crash import auditor
from tests.crash.lane import Lane, open_lane, start
from tests.crash.worker_process import Part, delivery_of

pytestmark = pytest.mark.slow

KINDS = ("keyed", "unsafe")


@pytest.fixture
def small_disk(servers: Embedded) -> Iterator[Path]:
    """A mounted disk of 40 MB that belongs to the server's user."""
    if os.geteuid() != 0:
        pytest.skip("A REALLY FULL DISK IS NOT TESTED: only root may mount one.")
    folder = Path(f"/tmp/small-disk-{os.getpid()}")
    folder.mkdir()
    owner = Path(f"/proc/{servers.pids[0]}").stat().st_uid
    options = f"size=40m,uid={owner},mode=700"
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["/bin/umount", "-l", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
async def cramped(servers: Embedded, small_disk: Path) -> AsyncIterator[str]:
    """A database on that disk."""
    connection = await asyncpg.connect(**driver_arguments(servers.database_url))
    await connection.execute(f"create tablespace small location '{small_disk}'")
    await connection.execute("create database cramped template template_faros tablespace small")
    yield sibling(servers.database_url, "cramped")
    await connection.execute("drop database cramped with (force)")
    await connection.execute("drop tablespace small")
    await connection.close()


async def test_a_full_disk_refuses_orders_and_what_was_taken_goes_on_once_there_is_room(
    cramped: str, small_disk: Path, tmp_path: Path
) -> None:
    async with open_lane(cramped, tmp_path) as lane:
        worker = start(Part(cramped, str(tmp_path), "work", "worker"))
        orders = [(f"full-{n}", KINDS[n % 2]) for n in range(120)]
        fill(small_disk / "ballast")
        refused = [o for o in orders if not await is_taken(lane, *o)]
        await pass_time(lane, 20)

        assert refused, "the disk was not full"
        assert worker.is_alive()

        (small_disk / "ballast").unlink()
        assert [o for o in refused if not await is_taken(lane, *o)] == []
        await pass_time(lane, 60)

        assert worker.is_alive()
        worker.terminate()
        worker.join(5)
        await audit(lane, orders)


async def is_taken(lane: Lane, order: str, kind: str) -> bool:
    """Whether the door takes an order. A refusal is an honest no: the sender sends it again."""
    body = orjson.dumps({"id": order, "kind": kind, "name": order, "note": "x" * 6000})
    try:
        await lane.inbox.accept(lane.hub.world.links["door"], delivery_of(lane.hub, body))
    except asyncpg.DiskFullError:
        return False
    return True


async def audit(lane: Lane, orders: list[tuple[str, str]]) -> None:
    """Every order was bought once, or a person is asked about it; none is lost and none is in limbo."""
    assert await auditor.limbo(lane.connection) == []
    for order, kind in orders:
        found = await auditor.outcome(lane.connection, lane.memory, order, kind)
        assert found.effects == 1 or found.cases == ("effect-in-doubt",)
        assert found.effects <= 1
        assert kind == "unsafe" or found.cases == ()


async def pass_time(lane: Lane, steps: int) -> None:
    """Let the trade's time pass in small steps; a row of it is too small to need room."""
    for _ in range(steps):
        await auditor.now_and_then(lane.connection, timedelta(seconds=5))
        await asyncio.sleep(0.05)


def fill(ballast: Path) -> None:
    """Write until nothing fits any more."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            return
