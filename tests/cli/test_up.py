"""`faros up` from a fresh project: it answers, refuses strangers, outlives a worker, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from hub.embedded import Embedded
from tests.cli.conftest import Shell


class Running:
    """A `faros up` in its own process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.told: list[str] = []

    def until(self, pattern: str) -> "re.Match[str]":
        """Read what it says until it says this."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line)
            if found := re.search(pattern, line):
                return found
        raise AssertionError("".join(self.told))

    def workers(self) -> list[int]:
        """The process ids of its workers, by the kernel's word."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [
            int(child)
            for child in children
            if "hub.cli.working" in Path(f"/proc/{child}/cmdline").read_text()
        ]


@contextmanager
def up(folder: Path, environment: dict[str, str]) -> Iterator[Running]:
    """`faros up` on a free port."""
    command = [
        sys.executable,
        "-m",
        "hub.cli",
        "up",
        "--dir",
        str(folder),
        "--port",
        "0",
        "--no-dashboard",
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE, text=True)
    try:
        yield Running(process)
    finally:
        process.kill()
        process.communicate()


def killed_and_replaced(running: Running) -> int:
    """Kill the worker; the process id of the one that takes its place."""
    (first,) = running.workers()
    os.kill(first, signal.SIGKILL)
    running.until('"worker started again"')
    running.until('"worker started"')
    (second,) = running.workers()
    assert second != first
    return second


@pytest.mark.skipif(sys.platform != "linux", reason="It reads the kernel's list of child processes.")
def test_a_fresh_project_runs_and_ends_without_leaving_anything(
    shell: Shell, servers: Embedded, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.begin()
    environment = {
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "FAROS_MASTER_KEY": "ab" * 32,
    }
    with up(shell.folder, environment) as running:
        base = running.until(r"The hub answers at (http://[\d.:]+)\. The admin key")[1]
        running.until("Ctrl-C ends everything")
        key = shell.folder / ".faros" / "api-key"
        assert key.stat().st_mode & 0o777 == 0o600

        assert httpx.get(f"{base}/health").status_code == 200
        assert httpx.get(f"{base}/runs").status_code == 401
        assert "text/html" in httpx.get(f"{base}/t/nothing").headers["content-type"]
        allowed = {"authorization": f"Bearer {key.read_text().strip()}"}
        connections = httpx.get(f"{base}/connections", headers=allowed).json()
        assert {c["id"]: c["is_open"] for c in connections}["shop-1"] is True
        unsigned = httpx.post(
            f"{base}/webhooks/shop-1", json={"id": 1}, headers={"x-shopify-topic": "orders/paid"}
        )
        assert unsigned.status_code == 401
        checked = httpx.post(f"{base}/connections/address-1/check", headers=allowed).json()
        assert checked["works"] is True, checked

        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert "accepts the API key" in shell.here("connection", "test", "address-1").stderr

        second = killed_and_replaced(running)

        running.process.send_signal(signal.SIGTERM)
        running.until("Stopping")
        assert running.process.wait(15) == 0
        assert not Path(f"/proc/{second}").exists()
        refused = shell("connection", "test", "address-1", "--dir", str(shell.folder))
        assert "The double of address-1 is not running." in refused.stderr
