"""One server process that cannot outlive its owner, and the locks that say who the owner is.

Two locks: `owner.lock` is held by the process that started the servers, `servers.lock` is handed on to the
servers themselves. Whoever gets both knows that nothing is running, whatever a stale pid file says.
"""

import asyncio
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hub.embedded.errors import EmbeddedError

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 10_000_000  # bytes; an older log is kept once under .1


def take_lock(path: Path) -> int | None:
    """Try to lock a file; the descriptor is the lock, None means somebody else has it."""
    held = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    return held


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start one server: `farewell` is the signal on which it shuts down cleanly."""

    name: str
    command: tuple[str, ...]
    folder: Path
    log: Path
    farewell: signal.Signals
    uid: int | None
    lock: int


class Server:
    """A running server. Start it from a thread that lives as long as the hub: Linux ties the two."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._start()

    def _start(self) -> None:
        launch = self._launch
        _rotate(launch.log)
        self._log_start = launch.log.stat().st_size if launch.log.exists() else 0
        with launch.log.open("ab") as log:
            self._process = spawn(launch, log.fileno())

    @property
    def pid(self) -> int:
        """The process id, for tests and for messages."""
        return self._process.pid

    def revive(self) -> bool:
        """Start the server again if it has ended by itself; both recover from their own logs."""
        if self._process.poll() is None:
            return False
        self._start()
        return True

    @property
    def name(self) -> str:
        """PostgreSQL or Valkey."""
        return self._launch.name

    def check(self) -> None:
        """Raise when the server has ended by itself, with the reason it wrote last."""
        if self._process.poll() is None:
            return
        why = self._last_words()
        raise EmbeddedError(f"{self._launch.name} did not start: {why} (log: {self._launch.log}).")

    async def stop(self) -> None:
        """End the server cleanly; after ten seconds without an answer, not cleanly: its log is durable."""
        for sign, patience in ((self._launch.farewell, 10), (signal.SIGQUIT, 3), (signal.SIGKILL, 5)):
            if self._process.poll() is None:
                self._process.send_signal(sign)
            try:
                await asyncio.to_thread(self._process.wait, patience)
                return
            except subprocess.TimeoutExpired:
                continue

    def _last_words(self) -> str:
        with self._launch.log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read(100_000).decode(errors="replace").splitlines()
        telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return telling[-1].strip()[:300] if telling else f"it ended with code {self._process.returncode}"


def spawn(launch: Launch, log: int) -> "subprocess.Popen[bytes]":
    """Start the process under its own user and session, holding the servers' lock."""
    try:
        return subprocess.Popen(
            launch.command,
            cwd=launch.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=launch.uid,
            group=launch.uid,
            extra_groups=None if launch.uid is None else [],
            pass_fds=(launch.lock,),
            # Ctrl-C in a terminal is for the hub, which then stops its servers in order.
            start_new_session=True,
            preexec_fn=_die_with_owner(launch.farewell),  # noqa: PLW1509 - one prctl call, nothing that locks
        )
    except OSError as error:
        raise EmbeddedError(f"{launch.name} cannot be started ({error.strerror}).") from None


def environment() -> dict[str, str]:
    """A plain environment: neither secrets nor PG* settings of the hub's own reach the servers."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _die_with_owner(farewell: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None  # elsewhere the next owner finds the orphans by their lock and ends them
    prctl = ctypes.CDLL(None).prctl
    owner = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        if os.getppid() != owner:  # the owner died before the kernel knew our wish
            os._exit(1)

    return ask


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
