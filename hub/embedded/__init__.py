"""PostgreSQL and Valkey of the hub's own, for whoever gives no DATABASE_URL or REDIS_URL.

Both listen on unix sockets only. One process owns a data folder and its servers; every other process attaches
to the running sockets. The servers end with their owner, even when it is killed.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import structlog

from hub.embedded import postgres, valkey
from hub.embedded.errors import EmbeddedError
from hub.embedded.home import Home, choose, unwritable
from hub.embedded.process import Server, take_lock

__all__ = ["Embedded", "EmbeddedError", "Wanted"]

log = structlog.get_logger()
PATIENCE = 30.0  # seconds until a start, an attach or the end of a killed owner's servers is given up
GLANCE = 0.02  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which servers to run. `durable=False` lets a test lose its data with the machine, and is quicker."""

    postgres: bool = True
    valkey: bool = True
    durable: bool = True


BOTH = Wanted()


class Embedded:
    """The servers of one data folder, running. Get one from `Embedded.open`."""

    user = postgres.USER
    dbname = postgres.DATABASE

    def __init__(self, home: Home, socket_dir: Path, servers: tuple[Server, ...]) -> None:
        self._servers = servers
        self.folder = home.folder
        self.socket_dir = socket_dir

    @classmethod
    @asynccontextmanager
    async def open(cls, data: Path, wanted: Wanted = BOTH) -> AsyncIterator["Embedded"]:
        """Own the folder's servers, or attach to those of the process that does; ready when entered.

        An owner stops its servers on leaving. Enter it on a thread that lives as long as the hub does.
        """
        home = choose(data)
        try:
            owner = await _own_or_attach(home, wanted)
        except OSError as error:
            raise unwritable(home.folder, error) from None
        if owner is None:
            yield cls(home, Path(home.note.read_text()), ())
            return
        try:
            async with _running(home, wanted) as (sockets, servers):
                yield cls(home, sockets, servers)
        finally:
            os.close(owner)

    @property
    def owner(self) -> bool:
        """Whether this process started the servers, and will stop them."""
        return bool(self._servers)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes started here; empty when attached."""
        return tuple(server.pid for server in self._servers)

    @property
    def database_url(self) -> str:
        """For asyncpg as it stands; SQLAlchemy wants `postgresql+asyncpg` in front."""
        return f"postgresql://{self.user}@/{self.dbname}?host={quote(str(self.socket_dir))}"

    @property
    def redis_url(self) -> str:
        """For redis-py and arq."""
        return f"unix://{quote(str(valkey.socket(self.socket_dir)))}"


async def _own_or_attach(home: Home, wanted: Wanted) -> int | None:
    """The owner's lock, or None once the servers of another owner answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        owner = take_lock(home.folder / "owner.lock")
        if owner is not None:
            return owner
        if home.note.exists() and await _ready(home, Path(home.note.read_text()), wanted):
            return None
        await asyncio.sleep(GLANCE)
    raise EmbeddedError(f"Another process owns {home.folder}, but its servers do not answer.")


@asynccontextmanager
async def _running(home: Home, wanted: Wanted) -> AsyncIterator[tuple[Path, tuple[Server, ...]]]:
    servers: list[Server] = []
    lock = await _after_the_last_owner(home)
    try:
        sockets = await _start(home, wanted, lock, servers)
        keeper = asyncio.create_task(_keep(servers))
        try:
            yield sockets, tuple(servers)
        finally:
            keeper.cancel()
    finally:
        home.note.unlink(missing_ok=True)
        await asyncio.gather(*(server.stop() for server in servers))
        os.close(lock)


async def _start(home: Home, wanted: Wanted, lock: int, servers: list[Server]) -> Path:
    try:
        sockets = home.sockets()
        if wanted.postgres:
            await postgres.prepare(home, lock, wanted.durable)
            servers.append(Server(postgres.launch(home, sockets, lock, wanted.durable)))
        if wanted.valkey:
            servers.append(Server(valkey.launch(home, sockets, lock, wanted.durable)))
    except OSError as error:
        raise unwritable(home.folder, error) from None
    until = time.monotonic() + PATIENCE
    while not await _ready(home, sockets, wanted):
        for server in servers:
            server.check()
        if time.monotonic() > until:
            raise EmbeddedError(
                f"The servers did not come up within {PATIENCE:.0f} seconds; see {home.folder}."
            )
        await asyncio.sleep(GLANCE)
    home.note.write_text(str(sockets))
    return sockets


async def _keep(servers: list[Server]) -> None:
    """A server that dies alone, killed for its memory perhaps, is started again within a second."""
    while True:
        await asyncio.sleep(1)
        for server in servers:
            with suppress(EmbeddedError, OSError):  # a full disk, say: the next second is another try
                if server.revive():
                    log.warning("server started again", server=server.name)


async def _ready(home: Home, sockets: Path, wanted: Wanted) -> bool:
    if wanted.postgres and not postgres.ready(home):
        return False
    return not wanted.valkey or await valkey.ready(sockets)


async def _after_the_last_owner(home: Home) -> int:
    """The servers' lock, once the servers of an owner that was killed have ended."""
    asked, killed = time.monotonic() + 5, time.monotonic() + 20
    while (lock := take_lock(home.folder / "servers.lock")) is None:
        now = time.monotonic()
        if now > killed + 5:
            raise EmbeddedError(f"The servers of an earlier owner of {home.folder} do not end.")
        if now > asked:  # Linux has told them already; elsewhere nobody has
            _tell_orphans(home, signal.SIGKILL if now > killed else signal.SIGINT)
            asked = now + 5
        await asyncio.sleep(GLANCE)
    home.note.unlink(missing_ok=True)
    return lock


def _tell_orphans(home: Home, sign: signal.Signals) -> None:
    for pid_file in (home.postgres / "postmaster.pid", home.valkey / "valkey.pid"):
        with suppress(OSError, ValueError, IndexError):
            os.kill(int(pid_file.read_text().split()[0]), sign)
