"""Suppliers: how old their stock figures are, what is open with them, and whether they are trusted at the moment."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.assembly import Hub
from hub.store import silences, standings
from hub.store.silences import Standing

router = APIRouter(tags=["suppliers"])


class DistrustShown(BaseModel):
    """Why a supplier gets no more orders for now, or why its figures are doubted."""

    kind: str
    title: str
    since: datetime


class SupplierShown(BaseModel):
    """A supplier of a store."""

    store: str
    supplier: str = Field(description="The id of its connection.")
    name: str
    level: int = Field(description="1: e-mail, 2: files or a portal, 3: an API.")
    articles: int
    unavailable: int = Field(description="Articles that it does not sell at the moment.")
    stock_known: int = Field(description="Articles of which it said how many it has.")
    oldest_stock_at: datetime | None = None
    newest_stock_at: datetime | None = None
    is_stale: bool = Field(description="Its newest figure is older than the store lets it be.")
    open_purchases: int = Field(description="Of its newest thousand: sent or taken, and not shipped yet.")
    unacknowledged: int = Field(description="Of its newest thousand: those it has not acknowledged.")
    last_purchase_at: datetime | None = None
    is_paused: bool
    open_cases: int
    quarantine: list[DistrustShown] = Field(description="What is silent at it now, the longest first.")


@router.get("/suppliers", summary="List suppliers")
async def list_suppliers(
    hub: HubHere, caller: Viewer, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[SupplierShown]:
    """Every supplier of the stores one may see, with how it stands."""
    stores = scope(caller, store)
    specs = {
        (id, spec.connection): spec
        for id, config in hub.world.stores.items()
        if stores is None or id in stores
        for spec in config.suppliers
    }
    distrusted: dict[tuple[str, str], list[Standing]] = {}
    async with hub.database.connection() as connection:
        rows = await standings.suppliers(connection, list(specs))
        for id in {id for id, _ in specs}:
            names = [supplier for owner, supplier in specs if owner == id]
            for found in await silences.of_suppliers(connection, id, names):
                distrusted.setdefault((id, found.about), []).append(found)
    return [_shown(hub, row, specs[row["store"], row["supplier"]], distrusted) for row in rows]


def _shown(hub: Hub, row: Any, spec: Any, distrusted: dict[tuple[str, str], list[Standing]]) -> SupplierShown:
    policies = hub.world.stores[row["store"]].policies
    by_mode = policies.batch_stock_max_age if spec.stock_mode == "batch" else policies.stock_max_age
    most: timedelta = spec.stock_max_age or by_mode
    newest = row["newest_stock_at"]
    link = hub.world.links.get(row["supplier"])
    return SupplierShown(
        **dict(row),
        name=spec.name,
        level=spec.level,
        is_stale=newest is None or hub.clock.now() - newest > most,
        is_paused=link is None or link.paused is not None,
        quarantine=[
            DistrustShown(kind=s.kind, title=s.title, since=s.since)
            for s in distrusted.get((row["store"], row["supplier"]), [])
        ],
    )
