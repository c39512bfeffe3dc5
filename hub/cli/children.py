"""Processes beside this one, workers and the dashboard: started, started again if they crash, and never left behind."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

log = structlog.get_logger()

PATIENCE = 25.0
"""Seconds a worker has to finish its calls before it is killed."""
PAUSE = 1.0
"""Seconds before a crashed worker is started again."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start. `environment` is the whole of it; `folder` is where it stands, this process's by default."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]
    folder: Path | None = None
    is_silent: bool = False
    """What it writes to its standard output is for nobody."""


class Children:
    """Processes of ours. Enter it to start them, and leave it to end them."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands
        self._stopping = asyncio.Event()
        self._keepers: list[asyncio.Task[None]] = []
        self.pids: set[int] = set()

    async def __aenter__(self) -> Self:
        self._keepers = [
            asyncio.create_task(self._keep(command), name=f"{command.name} {number}")
            for number, command in enumerate(self._commands)
        ]
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._stopping.set()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self, command: Command) -> None:
        while not self._stopping.is_set():
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-P",  # nothing is imported from the folder somebody happens to stand in
                *command.words,
                env=dict(command.environment),
                cwd=command.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL if command.is_silent else None,
                start_new_session=True,  # Ctrl-C is for `up`, which ends its workers in order
                preexec_fn=_die_with_parent(),
            )
            self.pids.add(process.pid)
            ended = asyncio.create_task(process.wait())
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not ended.done():
                await _end(process, ended)
            elif not self._stopping.is_set():
                log.warning(f"{command.name} started again", code=process.returncode)
                await asyncio.sleep(PAUSE)
            self.pids.discard(process.pid)


class Workers(Children):
    """The worker processes of a project's folder."""

    def __init__(self, count: int, folder: Path, environment: Mapping[str, str]) -> None:
        words = ("-m", "hub.cli.working", str(folder))
        super().__init__([Command("worker", words, {**os.environ, **environment})] * count)


async def _end(process: asyncio.subprocess.Process, ended: "asyncio.Task[int]") -> None:
    process.terminate()
    await asyncio.wait({ended}, timeout=PATIENCE)
    if not ended.done():
        process.kill()
        await ended


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a worker is told when its parent was killed; elsewhere its lease says enough to the others."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(1, int(signal.SIGTERM), 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask
