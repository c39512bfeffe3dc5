"""Silences: what should have been heard of by now and was not, and whom it keeps waiting."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.store import silences
from hub.store.silences import Standing

router = APIRouter(tags=["silences"])


class WaitingShown(BaseModel):
    """An order that a silence keeps waiting."""

    number: str
    order: UUID | None = Field(None, description="Missing where the order was never read.")
    since: datetime


class SilenceShown(BaseModel):
    """One cause that lasts."""

    id: UUID
    store: str
    kind: str = Field(
        description="What is missing, such as `tracking-gap`; the case about it has the same kind."
    )
    about: str = Field(description="The connection that is the cause, or an order's number.")
    title: str
    since: datetime
    found_at: datetime
    orders: list[WaitingShown] = Field(description="The longest waiting first.")


class SilencesShown(BaseModel):
    """Everything that is silent now."""

    items: list[SilenceShown]


@router.get("/silences", summary="List what is silent")
async def list_silences(
    hub: HubHere,
    caller: Viewer,
    kind: Annotated[str | None, Query(max_length=100, description="Only these.")] = None,
    store: Annotated[str | None, Query(max_length=100)] = None,
) -> SilencesShown:
    """What should have been heard of by now and was not, the longest first; each with the orders it keeps waiting."""
    async with hub.database.connection() as connection:
        found = await silences.lasting(connection, scope(caller, store), kind)
    return SilencesShown(items=[_shown(store_id, silence) for store_id, silence in found])


def _shown(store_id: str, silence: Standing) -> SilenceShown:
    return SilenceShown(
        id=silence.id,
        store=store_id,
        kind=silence.kind,
        about=silence.about,
        title=silence.title,
        since=silence.since,
        found_at=silence.found_at,
        orders=[
            WaitingShown(number=order["number"], order=order["id"] or None, since=order["since"])
            for order in silence.orders
        ],
    )
