"""Reports: figures of a store and a span of time, each with its denominator, and unknown where nothing was measured."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from hub.api.access import HubHere, Viewer, sees
from hub.api.periods import USUAL, PeriodShown, asked_of
from hub.api.problems import Declined, declined
from hub.api.reckoning import Reckoned, Reckoning
from hub.assembly import Hub
from hub.engine.world import StoreConfig
from hub.fulfilment.figures.figure import Figure
from hub.fulfilment.figures.reports import REPORTS, Report
from hub.store.keys import Caller

router = APIRouter(tags=["reports"])

LONGEST = timedelta(days=400)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No shop was open before; reckoning with all time ends where the calendar does."""


class ReportListed(BaseModel):
    """A report there is."""

    name: str
    title: str
    says: str = Field(description="What it tells, in a sentence.")


class ReportsListed(BaseModel):
    """All of them."""

    items: list[ReportListed]


class ReportShown(BaseModel):
    """A report."""

    report: str
    title: str
    says: str
    store: str
    period: PeriodShown
    figures: list[Figure] = Field(description="In the order to show them; those of one name are ranked.")


Moment = Annotated[AwareDatetime | None, Query(description="With a zone.")]


@router.get("/reports", summary="List reports")
async def list_reports(caller: Viewer) -> ReportsListed:
    """Every report by name."""
    return ReportsListed(
        items=[ReportListed(name=r.name, title=r.title, says=r.says) for r in REPORTS.values()]
    )


@router.get("/reports/{name}", summary="Show a report")
async def show_report(  # noqa: PLR0913  each is one of the query's parameters
    request: Request,
    hub: HubHere,
    caller: Viewer,
    name: str,
    store: Annotated[
        str | None, Query(max_length=100, description="May be left out where there is one.")
    ] = None,
    since: Moment = None,
    until: Moment = None,
    against: Annotated[
        AwareDatetime | None,
        Query(description="Where the earlier span begins that enquiries are compared with."),
    ] = None,
) -> ReportShown:
    """A report about the thirty days before now, or about another period. What takes long to reckon is told as it was
    some minutes ago: its period ends then."""
    report = REPORTS.get(name)
    if report is None:
        raise declined(
            404, "no-such-report", "There is no report of this name.", f"There are {', '.join(REPORTS)}."
        )
    config = _store(hub, caller, store)
    if since is None and until is None and against is None:
        reckoning: Reckoning = request.app.state.reckoning
        return _shown(report, config, await reckoning.usual(hub, config.id, name))
    period = _period(hub.clock.now(), since, until)
    if against is not None and not EARLIEST <= against <= period.until:
        raise _no_period()
    asked = asked_of(config, period, hub.clock.now(), against)
    async with hub.database.connection() as connection:
        figures = await report.compute(connection, asked)
    return _shown(report, config, Reckoned(period, figures, 0.0))


def _shown(report: Report, config: StoreConfig, found: Reckoned) -> ReportShown:
    return ReportShown(
        report=report.name,
        title=report.title,
        says=report.says,
        store=config.id,
        period=found.period,
        figures=found.figures,
    )


def _period(now: datetime, since: datetime | None, until: datetime | None) -> PeriodShown:
    end = until or now
    begin = since or max(end, EARLIEST + USUAL) - USUAL
    if begin < EARLIEST or end > now + LONGEST or not timedelta(0) < end - begin <= LONGEST:
        raise _no_period()
    return PeriodShown(since=begin.astimezone(UTC), until=end.astimezone(UTC))


def _no_period() -> Declined:
    hint = (
        f"`since` lies before `until`, at most {LONGEST.days} days, and nothing lies before {EARLIEST.year}."
    )
    return declined(422, "bad-period", "This is no period that can be counted.", hint)


def _store(hub: Hub, caller: Caller, wanted: str | None) -> StoreConfig:
    mine = {id: config for id, config in hub.world.stores.items() if sees(caller, id)}
    if wanted is None and len(mine) == 1:
        return next(iter(mine.values()))
    if wanted is None and mine:
        hint = f"Name one of them by `store`: {', '.join(sorted(mine))}."
        raise declined(422, "which-store", "There are several stores.", hint)
    if wanted not in mine:
        raise declined(404, "no-such-store", "There is no store of this name.")
    return mine[wanted]
