"""The hub's own servers: quick to start, hard to lose, owned by one process, gone with their owner."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hub.embedded import Embedded, EmbeddedError, Wanted
from hub.embedded.home import ROOTS_DATA, choose

OWNER = """
import asyncio, sys
from pathlib import Path
from hub.embedded import Embedded
async def main():
    async with Embedded.open(Path(sys.argv[1])) as servers:
        print(*servers.pids, flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder of this test's own; root's lie elsewhere and are removed afterwards."""
    asked = tmp_path / "data"
    yield asked
    kept = choose(asked).folder
    if kept.parent == ROOTS_DATA:
        rmtree(kept)


@pytest.fixture
async def killed_owner(data: Path) -> AsyncIterator[list[int]]:
    """The servers' ids after another process started them, wrote a row, and was killed without warning."""
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", OWNER, str(data), stdout=asyncio.subprocess.PIPE
    )
    assert owner.stdout is not None
    pids = [int(pid) for pid in (await owner.stdout.readline()).split()]
    async with Embedded.open(data) as attached:
        assert not attached.owner
        await execute(attached, "CREATE TABLE parcel (number text)", "INSERT INTO parcel VALUES ('1007')")
    owner.kill()
    await owner.wait()
    yield pids


def running(pid: int) -> bool:
    """A process that has ended but that nobody has collected yet has no command line left."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


async def execute(servers: Embedded, *statements: str) -> None:
    connection = await asyncpg.connect(servers.database_url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def until_answers(servers: Embedded) -> None:
    """Ask both servers again and again, for ten seconds at most."""
    async with asyncio.timeout(10):
        while True:
            with suppress(OSError, asyncpg.PostgresError, RedisError):
                await value(servers, "SELECT 1")
                async with Redis.from_url(servers.redis_url) as queue:
                    await queue.ping()
                return
            await asyncio.sleep(0.02)


async def value(servers: Embedded, query: str) -> object:
    connection = await asyncpg.connect(servers.database_url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_a_first_start_takes_less_than_two_seconds_and_both_servers_answer(data: Path) -> None:
    begun = time.monotonic()
    async with Embedded.open(data) as servers:
        took = time.monotonic() - begun
        assert servers.owner
        assert await value(servers, "SELECT current_setting('server_encoding')") == "UTF8"
        async with Redis.from_url(servers.redis_url) as queue:
            assert await queue.ping()
    assert took < 2 * (1 + os.getloadavg()[0] / (os.cpu_count() or 1))


async def test_a_database_that_may_hold_orders_is_durable_and_not_on_the_network(data: Path) -> None:
    async with Embedded.open(data) as servers:
        for setting, expected in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "data_checksums": "on",
            "listen_addresses": "",
        }.items():
            assert await value(servers, f"SELECT current_setting('{setting}')") == expected
        async with Redis.from_url(servers.redis_url) as queue:
            assert (await queue.config_get("port"))["port"] == "0"
            assert (await queue.config_get("appendonly"))["appendonly"] == "yes"


async def test_nobody_else_on_the_machine_can_reach_the_sockets_or_the_data(data: Path) -> None:
    async with Embedded.open(data) as servers:
        for closed in (servers.socket_dir, servers.folder / "postgres", servers.folder / "valkey"):
            assert closed.stat().st_mode & 0o777 == 0o700


async def test_a_restart_keeps_orders_and_queue(data: Path) -> None:
    async with Embedded.open(data) as servers:
        await execute(servers, "CREATE TABLE parcel (number text)", "INSERT INTO parcel VALUES ('1007')")
        async with Redis.from_url(servers.redis_url) as queue:
            await queue.set("wake", "shard-1")

    async with Embedded.open(data) as servers:
        assert await value(servers, "SELECT number FROM parcel") == "1007"
        async with Redis.from_url(servers.redis_url) as queue:
            assert await queue.get("wake") == b"shard-1"


async def test_a_second_process_attaches_and_leaves_the_servers_running(data: Path) -> None:
    async with Embedded.open(data) as owner:
        async with Embedded.open(data) as second:
            assert not second.owner
            assert second.database_url == owner.database_url
            assert await value(second, "SELECT 1") == 1
        assert await value(owner, "SELECT 2") == 2


async def test_servers_do_not_outlive_an_owner_that_was_killed(data: Path, killed_owner: list[int]) -> None:
    async with Embedded.open(data) as servers:  # waits for what is left of them
        assert servers.owner
        assert await value(servers, "SELECT number FROM parcel") == "1007"
        assert not set(killed_owner) & set(servers.pids)
        assert not any(running(pid) for pid in killed_owner)


async def test_a_killed_database_recovers_at_the_next_start(data: Path) -> None:
    async with Embedded.open(data) as servers:
        await execute(servers, "CREATE TABLE parcel (number text)", "INSERT INTO parcel VALUES ('1007')")
        for pid in servers.pids:
            os.kill(pid, signal.SIGKILL)

    async with Embedded.open(data) as servers:
        assert await value(servers, "SELECT number FROM parcel") == "1007"


async def test_servers_that_die_alone_are_started_again_under_the_same_address(data: Path) -> None:
    async with Embedded.open(data) as servers:
        await execute(servers, "CREATE TABLE parcel (number text)", "INSERT INTO parcel VALUES ('1007')")
        before = servers.pids
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await until_answers(servers)
        assert await value(servers, "SELECT number FROM parcel") == "1007"
        assert not set(before) & set(servers.pids)


async def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_a_start(data: Path) -> None:
    async with Embedded.open(data) as servers:
        stale = servers.folder / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n\n\n\nready\n")

    async with Embedded.open(data) as servers:
        assert await value(servers, "SELECT 1") == 1


async def test_a_start_that_was_cut_short_leaves_no_half_cluster(data: Path) -> None:
    half = choose(data).folder / "building-x"
    (half / "cluster").mkdir(parents=True)

    async with Embedded.open(data, Wanted(valkey=False)) as servers:
        assert await value(servers, "SELECT 1") == 1
        assert not half.exists()


async def test_a_long_folder_name_moves_the_sockets_not_the_data(tmp_path: Path) -> None:
    data = tmp_path / ("a-very-long-name-of-a-shop-" * 5)
    async with Embedded.open(data, Wanted(durable=False)) as servers:
        assert servers.folder not in servers.socket_dir.parents
        assert len(str(servers.socket_dir)) < 80
        assert await value(servers, "SELECT 1") == 1
    servers.socket_dir.rmdir()
    rmtree(servers.folder)


async def test_data_of_another_version_is_left_alone_with_a_remedy(data: Path) -> None:
    cluster = choose(data).folder / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("12\n")

    with pytest.raises(EmbeddedError, match=r"PostgreSQL 12.*dump it.*DATABASE_URL"):
        async with Embedded.open(data):
            raise AssertionError("opened data of PostgreSQL 12")
    assert [path.name for path in cluster.iterdir()] == ["PG_VERSION"]


async def test_a_folder_that_cannot_be_written_says_so_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EmbeddedError, match=r"cannot be used .*name another folder\. Give DATABASE_URL"):
        async with Embedded.open(tmp_path / "file" / "data"):
            raise AssertionError("wrote into a file")
