"""Whether anything changed, cheaply, so that a page is drawn again only when there is something to draw; and who did
what."""

import hashlib
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from hub.api.access import Admin, HubHere, Viewer, scope
from hub.store import standings
from hub.store.audit import page_audit

router = APIRouter(tags=["changes"])


class ChangesShown(BaseModel):
    """A word that stays while nothing changes."""

    mark: str


class ActShown(BaseModel):
    """Something that a person did. Such rows are never changed or removed."""

    id: int
    at: datetime
    store: str | None = None
    by: str
    what: str
    detail: dict[str, Any]


class Acts(BaseModel):
    """Part of the audit trail, the newest first."""

    items: list[ActShown]
    next: int | None = Field(None, description="Give this as `before` for what came earlier.")


@router.get("/changes", summary="Whether anything changed", responses={304: {"description": "Nothing did."}})
async def show_changes(
    hub: HubHere,
    caller: Viewer,
    response: Response,
    if_none_match: Annotated[str | None, Header(max_length=100)] = None,
) -> Any:
    """A mark that changes whenever a run moves, a person acts or something is published. Answered 304 to its own ETag.

    It says nothing of what changed, and so it is the same for everybody.
    """
    async with hub.database.connection() as connection:
        numbers = await standings.change_mark(connection)
    mark = hashlib.sha256(repr((numbers, hub.clock.is_real)).encode()).hexdigest()[:16]
    tag = f'"{mark}"'
    if if_none_match == tag:
        return Response(status_code=304, headers={"etag": tag})
    response.headers["etag"] = tag
    return ChangesShown(mark=mark)


@router.get("/audit", summary="Who did what")
async def list_acts(
    hub: HubHere,
    caller: Admin,
    store: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(description="`next` of the page before.")] = None,
) -> Acts:
    """The audit trail, the newest first. Acts about no store are shown to those who may see them all."""
    async with hub.database.connection() as connection:
        rows = await page_audit(connection, limit, before, scope(caller, store))
    items = [ActShown.model_validate({**row, "store": row["store_id"]}) for row in rows]
    return Acts(items=items, next=items[-1].id if len(items) == limit else None)
