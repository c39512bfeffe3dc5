"""`faros demo`: the main job on this machine, from an empty folder to eighty orders decided, against doubles."""

import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day
from enum import StrEnum
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
import uvloop
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from hub import logs
from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.cli.dashboard import PORT, Dashboard, DashboardPort
from hub.cli.monday import Monday, Outcome
from hub.cli.order_8492 import TUESDAY, ZONE, Order8492
from hub.cli.performance import Performance, Wanted, perform
from hub.cli.stage import stage_for
from hub.cli.telling import Moment
from hub.cli.terminal import Json, as_json, err, fail, said
from hub.cli.week import Week, WeekOutcome
from hub.cli.working import until_told


class Scenario(StrEnum):
    """What the demo plays."""

    MONDAY = "monday"
    ORDER_8492 = "order-8492"


def demo(
    leave: Annotated[
        bool, typer.Option("--exit", help="End when the orders are done, instead of staying up.")
    ] = False,
    to: Json = None,
    scenario: Annotated[
        Scenario, typer.Option("--scenario", help="A Monday's eighty orders, or one order's whole story.")
    ] = Scenario.MONDAY,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64)] = 2,
    dashboard_port: DashboardPort = PORT,
) -> None:
    """Watch orders go through Filter, Assign, Route, Observe and Solve, against doubles of every service."""
    started = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="faros-demo-"))
    try:
        show = Show(folder, catalog_of(), (port, dashboard_port), workers, leave, to, started, scenario)
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
    ports: tuple[int, int]
    """The API's and the dashboard's."""
    workers: int
    leave: bool
    to: str | None
    started: float
    scenario: Scenario

    async def run(self) -> bool:
        """Set everything up, play, tell what came of it; True if nothing was doubled or lost."""
        logs.configure("error")
        stop = until_told()
        is_story = self.scenario is Scenario.ORDER_8492
        pack = next(p for p in self.catalog.installed.flows if p.name == "faros")
        demo = pack / "demo" / self.scenario.value if is_story else pack / "demo"
        begins = TUESDAY - timedelta(minutes=1) if is_story else a_monday()
        async with perform(
            self.folder, Wanted(pack, demo, self.catalog, self.ports[0], self.workers, begins)
        ) as on:
            if is_story:
                is_right = await self._tell_story(on)
            else:
                is_right = await self._play_week(on, demo, begins)
            if not self.leave:
                async with Dashboard(on.address, self.ports[1]) as seen:
                    await seen.answers()
                    _where_to_look(on.address, seen.address, on.key, self.scenario)
                    await stop.wait()
        return is_right

    async def _tell_story(self, on: Performance) -> bool:
        said("Order #8492: a custom-engraved pendant for Sarah, from checkout to recovery.")
        outcome = await Order8492(await stage_for(on), on.doubles, show_moments).play()
        seconds = time.monotonic() - self.started
        as_json(outcome.figures(seconds), self.to)
        said(f"\nOutcome: {outcome.outcome}. {len(outcome.twice)} things were done twice. {seconds:.1f} s.")
        return outcome.outcome == "recovered" and not outcome.twice

    async def _play_week(self, on: Performance, demo: Traversable, begins: datetime) -> bool:
        """Monday's orders, and what becomes of their parcels; then time is real again."""
        # A shop's rate limit goes by its own clock; twenty seconds of it make no difference to a week.
        stage = await stage_for(on, timedelta(seconds=20))
        outcome = await self._play(Monday(demo, stage, on.doubles))
        with err.status("The week begins ...") as status:
            week = await Week(stage, on.doubles, begins, status.update).play()
        async with on.hub.database.connection() as connection:
            await on.hub.clock.release(connection)
        seconds = time.monotonic() - self.started
        figures = {**outcome.figures(seconds), "week": week.figures()}
        if not as_json(figures, self.to) or self.to != "-":
            _tell(outcome, week, seconds)
        return outcome.duplicates == week.twice == 0 and outcome.limbo == 0

    async def _play(self, monday: Monday) -> Outcome:
        with Progress(console=err, transient=True) as progress:
            ids = await monday.seed()
            task = progress.add_task("Orders arriving", total=len(ids))
            await monday.send(ids, lambda: progress.advance(task))
            progress.update(task, description="Orders on their way", total=None)
            await monday.stage.settle()
        return await monday.outcome(len(ids))


def a_monday() -> datetime:
    """Nine in the morning of a Monday in New York, far enough back for the week after it."""
    now = datetime.now(ZoneInfo(ZONE))
    day = (now - timedelta(days=now.weekday() + 21)).date()
    return datetime.combine(day, time_of_day(9), ZoneInfo(ZONE))


def show_moments(moments: list[Moment]) -> None:
    """What a scene brought, a line each; what is too long goes on below itself."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(style="bold", no_wrap=True, width=11)
    table.add_column()
    for moment in moments:
        is_question = moment.what.startswith("asks")
        what = Text(moment.what, style="yellow" if is_question else "")
        table.add_row(f"{moment.at:%a %H:%M}", moment.who, what)
    err.print(table)


def _tell(outcome: Outcome, week: WeekOutcome, seconds: float) -> None:
    table = Table(
        title="Monday, 80 orders", title_justify="left", show_header=False, box=None, padding=(0, 2)
    )
    table.add_row("orders received", str(outcome.orders))
    table.add_row("purchase orders sent", str(outcome.purchase_orders))
    for one in outcome.reached:
        table.add_row(f"  to {one.supplier}, by {one.by}", str(one.purchase_orders))
    table.add_row("held: apartment number missing", str(outcome.held_address))
    table.add_row("held: stock to be confirmed", str(outcome.held_stock))
    table.add_row("bought twice", str(outcome.duplicates))
    table.add_row("without a person", f"{outcome.touchless:.0%}")
    table.add_section()
    table.add_row("a week later: parcels delivered", str(week.delivered))
    found = week.recovered - week.replaced
    ends = f"{found} found, {week.replaced} replaced, {week.refunded} refunded"
    silent = f"{week.stalled}  [dim]({ends})[/dim]"
    table.add_row("fell silent for 72 hours", silent)
    table.add_row("messages to customers", f"{week.notices}  [dim]({week.twice} sent twice)[/dim]")
    err.print()
    err.print(table)
    err.print(f"\n{seconds:.1f} s from an empty folder.", highlight=False)


def _where_to_look(hub: str, dashboard: str, key: str, scenario: Scenario) -> None:
    said("")
    said(f"The dashboard is at {dashboard}; sign in with the API key in {key}.")
    said(f"The hub stays up at {hub}; Ctrl-C ends it.")
    said(f'  export KEY="Authorization: Bearer $(cat {key})"')
    number = "8401"
    if scenario is Scenario.ORDER_8492:
        number = "8492"
    else:
        said(f'  curl -sH "$KEY" {hub}/cases            the eight orders that wait for a person, and why')
    said(f'  curl -sH "$KEY" {hub}/orders/{number}      one order: decision, purchase, every step')
    said(f"  curl -s {hub}/health                   nothing stuck, nothing lost")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(demo)
