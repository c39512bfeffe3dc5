"""`faros demo`: the main job on this machine, from an empty folder to eighty orders decided, against doubles."""

import shutil
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import httpx
import typer
import uvloop
from rich.progress import Progress
from rich.table import Table

from hub import logs
from hub.api import create_app
from hub.assembly import Hub, catalog_of, open_hub
from hub.catalog.catalog import Catalog
from hub.cli.children import Workers
from hub.cli.doubles import Doubles
from hub.cli.monday import Monday, Outcome
from hub.cli.publishing import put_in_force, read_project
from hub.cli.serving import address, bound, served
from hub.cli.terminal import Json, as_json, err, fail, said
from hub.cli.up import first_key, worker_environment
from hub.cli.working import until_told
from hub.queue import Bell
from hub.settings import Settings


def demo(
    leave: Annotated[
        bool, typer.Option("--exit", help="End when the orders are done, instead of staying up.")
    ] = False,
    to: Json = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64)] = 2,
) -> None:
    """Watch a Monday's eighty orders go through Filter, Assign and Route, against doubles of every service."""
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="faros-demo-"))
    try:
        show = Show(folder, catalog_of(), port, workers, leave, to, started)
        is_right = uvloop.run(show.run())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not is_right:
        fail("The demo did not end as it should; what is above says where.")


@dataclass
class Show:
    """One performance."""

    folder: Path
    catalog: Catalog
    port: int
    workers: int
    leave: bool
    to: str | None
    started: float

    async def run(self) -> bool:
        """Set everything up, send the orders, tell what came of them; True if nothing was doubled or lost."""
        logs.configure("error")
        stop = until_told()
        pack = next(p for p in self.catalog.installed.flows if p.name == "faros")
        lay_out(pack, self.folder)
        project = read_project(self.folder, self.catalog)
        listening, doubles = bound("127.0.0.1", self.port), bound("127.0.0.1", 0)
        # Never the servers of the environment: a demo must not touch a database that somebody lives on.
        settings = Settings(
            DATABASE_URL=None,
            REDIS_URL=None,
            data=self.folder / ".faros",
            sandbox_url=address(doubles),
            log_level="error",
        )
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(served(Doubles(self.catalog), doubles, lifespan=False))
            with err.status("Starting PostgreSQL and Valkey ..."):
                hub = await stack.enter_async_context(open_hub(settings, catalog=self.catalog))
            stack.callback(forget, hub)
            await put_in_force(hub, project)
            key = await first_key(hub, settings)
            bell = await stack.enter_async_context(Bell(hub.redis_url))
            await stack.enter_async_context(Workers(self.workers, self.folder, worker_environment(hub)))
            await stack.enter_async_context(served(create_app(hub, ring=bell.ring), listening))
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
            monday = Monday(pack.joinpath("demo"), address(doubles), address(listening))
            outcome = await self._play(hub, monday, client)
            if not self.leave:
                _where_to_look(address(listening), key)
                await stop.wait()
        return outcome.duplicates == 0 and outcome.limbo == 0

    async def _play(self, hub: Hub, monday: Monday, client: httpx.AsyncClient) -> Outcome:
        with Progress(console=err, transient=True) as progress:
            ids = await monday.seed(client)
            task = progress.add_task("Orders arriving", total=len(ids))
            await monday.send(client, ids, lambda: progress.advance(task))
            progress.update(task, description="Orders on their way", total=None)
            await monday.finished(hub)
        outcome = await monday.outcome(hub, client, len(ids))
        seconds = time.monotonic() - self.started
        if not as_json(outcome.figures(seconds), self.to) or self.to != "-":
            _tell(outcome, seconds)
        return outcome


def lay_out(pack: Traversable, folder: Path) -> None:
    """A merchant's project from the pack: its flows, and the demo's hub.yaml with the tables it names."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    for file in pack.iterdir():
        if file.name.endswith(".yaml"):
            (folder / "flows" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("hub.yaml", "skus.csv", "substitutes.csv"):
        text = pack.joinpath("demo", name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")


def forget(hub: Hub) -> None:
    """Remove the servers' own folder, which as root lies elsewhere."""
    if hub.servers_folder is not None:
        shutil.rmtree(hub.servers_folder, ignore_errors=True)


def _tell(outcome: Outcome, seconds: float) -> None:
    table = Table(
        title="Monday, 80 orders", title_justify="left", show_header=False, box=None, padding=(0, 2)
    )
    table.add_row("orders received", str(outcome.orders))
    split = ", ".join(f"{name} {count}" for name, count in outcome.by_supplier.items() if count)
    table.add_row("purchase orders sent", f"{outcome.purchase_orders}  [dim]({split})[/dim]")
    table.add_row("held: apartment number missing", str(outcome.held_address))
    table.add_row("held: stock to be confirmed", str(outcome.held_stock))
    table.add_row("bought twice", str(outcome.duplicates))
    table.add_row("without a person", f"{outcome.touchless:.0%}")
    err.print()
    err.print(table)
    err.print(f"\n{seconds:.1f} s from an empty folder.", highlight=False)


def _where_to_look(hub: str, key: str) -> None:
    said("")
    said(f"The hub stays up at {hub}; Ctrl-C ends it. The admin key is in {key}.")
    said(f'  export KEY="Authorization: Bearer $(cat {key})"')
    said(f'  curl -sH "$KEY" {hub}/cases            the eight orders that wait for a person, and why')
    said(f'  curl -sH "$KEY" {hub}/orders/8401      one order: decision, purchase, every step')
    said(f"  curl -s {hub}/health                   nothing stuck, nothing lost")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(demo)
