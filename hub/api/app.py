"""The API for machines: one app over one hub."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
from fastapi import FastAPI
from starlette.routing import Route

from hub.api import (
    addresses,
    case_groups,
    case_work,
    cases,
    catalog,
    changes,
    clocks,
    connections,
    flow_maps,
    flows,
    health,
    messages,
    oidc,
    orders,
    people,
    problems,
    reports,
    runs,
    search,
    silences,
    suppliers,
    trackings,
    variances,
)
from hub.api.bell import Bell, Ring
from hub.api.figures import Figures
from hub.api.gauges import Gauges
from hub.api.guard import Guard
from hub.api.oidc_provider import Provider
from hub.api.openapi import add_document
from hub.api.ration import Ration
from hub.api.reckoning import Reckoning
from hub.api.webhooks import Webhooks
from hub.assembly import Hub

log = structlog.get_logger()

ROOMS = (
    people, oidc, runs, case_groups, case_work, cases, search, silences, trackings, messages, orders, flow_maps, flows,
    addresses, connections, catalog, clocks, suppliers, variances, changes, reports, health,
)  # fmt: skip
"""In this order: an address that is spelt out comes before one with an id in its place."""

REFRESH = 1.0
"""Seconds between two looks for a newer configuration."""


def create_app(hub: Hub, *, ring: Ring | None = None) -> FastAPI:
    """The app. `ring` is called after a commit that gives workers something to do; its failure fails nothing."""
    bell, figures = Bell(ring), Figures()
    gauges, reckoning = Gauges(), Reckoning()
    webhooks = Webhooks(hub, bell, figures)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with hub.inbox() as inbox:
            webhooks.inbox = inbox
            try:
                async with _working(_refresh(hub), reckoning.keep_fresh(hub)):
                    yield
            finally:
                for each in (gauges, reckoning, bell):
                    await each.rest()

    app = FastAPI(
        title="Faros Hub",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    for room in ROOMS:
        app.include_router(room.router)
    app.state.addresses = Ration(addresses.A_MINUTE, 60.0)
    add_document(app)
    app.state.hub, app.state.bell, app.state.figures = hub, bell, figures
    app.state.gauges, app.state.reckoning = gauges, reckoning
    app.state.provider = Provider(hub.settings.oidc) if hub.settings.oidc else None
    problems.install(app)
    app.add_middleware(Guard)
    # A bare route: FastAPI's own cost more than everything else a webhook needs. Its documentation is in `openapi`.
    app.router.routes.append(Route("/webhooks/{connection}", webhooks, methods=["POST"]))
    return app


@asynccontextmanager
async def _working(*chores: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Chores that go on beside the requests, and end with them."""
    tasks = [asyncio.create_task(chore) for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _refresh(hub: Hub) -> None:
    while True:
        await asyncio.sleep(REFRESH)
        try:
            await hub.refresh()
            async with hub.database.connection() as connection:
                await hub.clock.refresh(connection)
        except Exception as error:  # noqa: BLE001  the old configuration serves until the database is back
            log.warning("configuration not refreshed", error=type(error).__name__)
