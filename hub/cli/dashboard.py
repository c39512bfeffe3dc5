"""`faros dashboard`: what people see of the hub, in a process that knows the hub's address and no secret."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.children import Children, Command
from hub.cli.serving import PortTaken, bound
from hub.cli.terminal import said
from hub.sdk import HubError

PORT = 8501
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
"""What the dashboard's process gets of our environment: no database, no key, nothing that is set for the hub."""
PATIENCE = 20.0
"""Seconds it has to answer; after that its address is told all the same."""

DashboardPort = Annotated[
    int, typer.Option("--dashboard-port", min=1, max=65535, help="If it is taken, a free one.")
]


class NotInstalled(HubError):
    """The dashboard is not installed."""


def dashboard(
    hub: Annotated[str, typer.Option("--hub", help="Where the hub's API answers.")] = "http://127.0.0.1:8000",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = PORT,
    host: Annotated[
        str, typer.Option("--host", help="Beyond this machine only behind a proxy that speaks TLS.")
    ] = "127.0.0.1",
) -> None:
    """Show a running hub to people, in a browser. Ctrl-C ends it."""
    bound(host, port).close()
    command = command_for(hub, host, port)
    said(f"The dashboard is at http://{host}:{port}. Ctrl-C ends it.")
    with contextlib.suppress(KeyboardInterrupt):
        subprocess.run(
            [sys.executable, "-P", *command.words],
            env=dict(command.environment),
            cwd=command.folder,
            stdout=subprocess.DEVNULL,
            check=False,
        )


def command_for(hub: str, host: str, port: int) -> Command:
    """How it is started. It is found without importing it: the hub knows its dashboard by name only."""
    found = find_spec("dashboard")
    if found is None or found.origin is None:
        raise NotInstalled("The dashboard is not installed. `pip install faros-hub` brings it.")
    folder = Path(found.origin).parent
    words = ["-m", "streamlit", "run", str(folder / "served.py"), "--server.address", host]
    words += ["--server.port", str(port), "--logger.level", "error"]
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # Its settings lie in `.streamlit` of its own folder, and Streamlit looks where it stands.
    return Command("dashboard", words, {**passed_on, "FAROS_API_URL": hub}, folder, is_silent=True)


class Dashboard(Children):
    """The dashboard beside a hub of this process. Enter it to start it."""

    def __init__(self, hub: str, port: int, host: str = "127.0.0.1") -> None:
        self._place = (host, _free(host, port))
        super().__init__([command_for(hub, *self._place)])

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{self._place[0]}:{self._place[1]}"

    async def answers(self) -> None:
        """Wait until it answers, for as long as anybody would."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    if await asyncio.to_thread(_is_open, self._place):
                        return
                    await asyncio.sleep(0.1)


def _free(host: str, port: int) -> int:
    """This port, or a free one where it is taken: a second hub on a machine shall start as well as the first."""
    try:
        found = bound(host, port)
    except PortTaken:
        found = bound(host, 0)
    with found:
        number: int = found.getsockname()[1]
        return number


def _is_open(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, timeout=1).close()
    except OSError:
        return False
    return True


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command()(dashboard)
