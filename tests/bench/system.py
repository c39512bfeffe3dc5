"""Our side of the bench: the hub's own processes on embedded PostgreSQL and Valkey, as `faros up` runs them."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr

from hub.assembly import catalog_of, open_hub
from hub.embedded import Embedded
from hub.engine.publishing import FlowSpec, Publication, StoreSpec, publish
from hub.flow.checker import check
from hub.sdk.signing import Signature
from hub.settings import Settings
from hub.store.configuration import ConnectionSpec

HERE = Path(__file__).parent
SECRET = SecretStr("bench-secret")


@dataclass
class System:
    """A running hub: where its webhooks arrive, and its processes."""

    url: str
    servers: Embedded
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def rss_mb(self) -> float:
        """Memory of everything that is ours, in MB: API, workers, PostgreSQL with its backends, Valkey."""
        roots = [p.pid for p in self.processes] + list(self.servers.pids)
        return round(sum(_rss(pid) for pid in _descendants(roots)) / 1e6, 1)

    def cpu_seconds(self) -> dict[str, float]:
        """CPU time used so far, by part."""
        api, *workers = [p.pid for p in self.processes]
        postgres, valkey = self.servers.pids
        parts = {"api": [api], "workers": workers, "postgres": [postgres], "valkey": [valkey]}
        return {part: sum(_cpu(pid) for pid in _descendants(roots)) for part, roots in parts.items()}

    async def start_workers(self, count: int) -> None:
        """Start worker processes."""
        for _ in range(count):
            self.processes.append(
                await _start(self.environment, "-m", "hub.cli.working", self.environment["FAROS_DATA"])
            )


@asynccontextmanager
async def running(data: Path, port: int, upstream: str, workers: int) -> AsyncIterator[System]:
    """A published hub with one API process and so many workers."""
    async with Embedded.open(data) as servers:
        environment = {
            **os.environ,
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "FAROS_DATA": str(data),
            "FAROS_LOG_LEVEL": "warning",
        }
        await _publish(environment, upstream)
        system = System(f"http://127.0.0.1:{port}/webhooks/door", servers, environment=environment)
        system.processes.append(await _start(environment, "-m", "tests.bench.api", str(port)))
        await system.start_workers(workers)
        try:
            await answers(f"http://127.0.0.1:{port}/webhooks/none")
            yield system
        finally:
            for process in system.processes:
                process.terminate()
            await asyncio.gather(*[p.wait() for p in system.processes])
    shutil.rmtree(servers.folder, ignore_errors=True)  # as root it lies outside the bench's own folder


def sign(body: bytes) -> dict[str, str]:
    """The headers of a signed delivery."""
    signature = Signature()
    return {"content-type": "application/json", signature.header: signature.of(SECRET, body)}


async def _publish(environment: dict[str, str], upstream: str) -> None:
    given = Settings(
        DATABASE_URL=environment["DATABASE_URL"],
        REDIS_URL=environment["REDIS_URL"],
        data=Path(environment["FAROS_DATA"]),
    )
    text = (HERE / "flow.yaml").read_text()
    checked = check(text, "flow.yaml", catalog_of())
    assert checked.graph is not None, checked.problems
    door: dict[str, Any] = {
        "secrets": [SECRET.get_secret_value()],
        "key": "id",
        "person": "email",
        "subject": "name",
    }
    wanted = Publication(
        (StoreSpec("bench"),),
        (
            ConnectionSpec("door", "bench", "webhook", settings=door),
            ConnectionSpec("service", "bench", "http", base_url=upstream),
        ),
        (FlowSpec("bench", text, checked.graph, {"door": ["door"], "service": ["service"]}),),
    )
    async with open_hub(given) as hub, hub.database.transaction() as connection:
        await publish(connection, wanted, "bench", hub.clock.now())


async def _start(environment: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, cwd=HERE.parent.parent
    )


async def start(*arguments: str) -> asyncio.subprocess.Process:
    """A Python process of the bench."""
    return await _start(dict(os.environ), *arguments)


async def answers(url: str, seconds: float = 20) -> None:
    """Wait until something answers there."""
    until = asyncio.get_running_loop().time() + seconds
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.post(url) as answer:
                    await answer.read()
                return
            except aiohttp.ClientError:
                if asyncio.get_running_loop().time() > until:
                    raise
                await asyncio.sleep(0.05)


def _descendants(roots: list[int]) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = set(roots)
    while new := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= new
    return found


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(int(fields[i]) for i in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def _rss(pid: int) -> float:
    """Proportional where the kernel tells it, so that shared buffers count once."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return next(float(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0.0
