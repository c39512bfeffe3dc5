"""Health and figures: whether the hub does its work, for whoever watches it."""

import asyncio
from collections.abc import Iterator
from typing import Literal

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, needs_whole_hub
from hub.assembly import Hub
from hub.store import health
from hub.store.configuration import publication
from hub.store.health import Tally

log = structlog.get_logger()
router = APIRouter(tags=["health"])

PATIENCE = 3.0
"""Seconds the database has to answer."""


class HealthShown(BaseModel):
    """Counts only: this is told to everybody."""

    status: Literal["ok", "degraded", "failing"] = Field(
        description="failing: the database does not answer, no worker lives, or a run is stuck. "
        "degraded: a plugin or a connection cannot be used."
    )
    database: bool
    publication: int | None = Field(None, description="The newest one in the database.")
    serving: int = Field(description="The one this process has read.")
    workers: int | None = Field(None, description="Workers that live.")
    stuck_runs: int | None = Field(None, description="Runs that nothing will ever move; there must be none.")
    broken_plugins: int
    broken_connections: int


class DoorShown(BaseModel):
    """Whether this process can take deliveries."""

    is_open: bool


@router.get(
    "/health",
    summary="Whether the hub works",
    responses={503: {"description": "It does not.", "model": HealthShown}},
)
async def show_health(hub: HubHere, response: Response) -> HealthShown:
    """The whole hub's health. Answered 503 while it is failing; let a load balancer ask `/health/door` instead."""
    shown = await _health(hub)
    if shown.status == "failing":
        response.status_code = 503
    return shown


@router.get(
    "/health/door",
    summary="Whether deliveries are taken",
    responses={503: {"description": "They are not.", "model": DoorShown}},
)
async def show_door(hub: HubHere, response: Response) -> DoorShown:
    """Only what this process needs to take deliveries: without workers they are kept all the same."""
    is_open = await _publication(hub) is not None
    if not is_open:
        response.status_code = 503
    return DoorShown(is_open=is_open)


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def show_metrics(request: Request, hub: HubHere, caller: Viewer) -> Response:
    """Counts by state, ages in seconds, how webhooks were answered, and the figures of the reports for thirty days; in
    Prometheus's text format."""
    needs_whole_hub(caller)
    async with hub.database.connection() as connection:
        found = await health.tally(connection, hub.clock.now())
    registry = CollectorRegistry()
    registry.register(_Snapshot(found))
    registry.register(await request.app.state.gauges.fresh(hub))
    own: CollectorRegistry = request.app.state.figures.registry
    return Response(generate_latest(registry) + generate_latest(own), media_type=CONTENT_TYPE_LATEST)


async def _health(hub: Hub) -> HealthShown:
    shown = HealthShown(
        status="failing",
        database=False,
        serving=hub.world.publication,
        broken_plugins=len(hub.catalog.installed.broken),
        broken_connections=len(hub.source.broken),
    )
    try:
        async with asyncio.timeout(PATIENCE), hub.database.connection() as connection:
            shown.publication = await publication(connection)
            shown.workers = await health.living_workers(connection)
            stuck = await health.limbo(connection)
    except Exception as error:  # noqa: BLE001  whatever it is, it is not healthy
        log.warning("database does not answer", error=type(error).__name__)
        return shown
    if stuck:
        log.error("runs stuck", runs=[str(id) for id in stuck])
    shown.database, shown.stuck_runs = True, len(stuck)
    if shown.workers and not stuck:
        shown.status = "degraded" if shown.broken_plugins or shown.broken_connections else "ok"
    return shown


async def _publication(hub: Hub) -> int | None:
    try:
        async with asyncio.timeout(PATIENCE), hub.database.connection() as connection:
            return await publication(connection)
    except Exception as error:  # noqa: BLE001  whatever it is, nothing can be kept
        log.warning("database does not answer", error=type(error).__name__)
        return None


class _Snapshot(Collector):
    """Figures of one moment, as Prometheus reads them."""

    def __init__(self, found: Tally) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = self._found
        for name, what, label, counts in (
            ("faros_deliveries", "Deliveries by state.", "state", found.deliveries),
            ("faros_runs", "Runs, open and ended.", "state", found.runs),
            ("faros_effects", "The ledger's rows by state.", "state", found.effects),
            ("faros_open_cases", "Cases that wait for a person, by kind.", "kind", found.cases),
            ("faros_clocks", "Promises by state.", "state", found.clocks),
        ):
            family = GaugeMetricFamily(name, what, labels=[label])
            for word, many in counts.items():
                family.add_metric([word], many)
            yield family
        lag = GaugeMetricFamily(
            "faros_poll_lag_seconds",
            "Since a connection's poll was last answered: what came there meanwhile is not known.",
            labels=["connection", "poll"],
        )
        for (connection, poll), seconds in found.poll_lags.items():
            lag.add_metric([connection, poll], seconds)
        yield lag
        for name, what, value in (
            (
                "faros_oldest_unread_delivery_seconds",
                "Since the oldest unread delivery arrived.",
                found.oldest_delivery,
            ),
            ("faros_oldest_due_run_seconds", "Since the run that is most overdue was due.", found.oldest_due),
            ("faros_workers", "Workers that live.", found.workers),
            ("faros_stuck_runs", "Runs that nothing will ever move; there must be none.", found.limbo),
        ):
            yield GaugeMetricFamily(name, what, value=value)
