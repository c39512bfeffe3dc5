"""Bulk tracking: numbers that somebody pastes, shown with what would be done, and then done in one act."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from hub.api.access import HubHere, Ops, Viewer, scope
from hub.api.paging import Asked, Page, cut
from hub.api.problems import declined
from hub.assembly import Hub
from hub.engine.tracking_paste import apply, preview
from hub.engine.world import StoreConfig
from hub.fulfilment.missing_numbers import LOOKED_BACK
from hub.fulfilment.tracking_lines import MOST, Line, Outcome, Verdict, applied, mark_of, read_lines
from hub.store import audit
from hub.store.keys import Caller
from hub.store.tracking_gaps import page_missing, take_turns

router = APIRouter(tags=["trackings"])


class Pasted(BaseModel):
    """Lines of an order's number and a tracking number, perhaps with a carrier."""

    model_config = ConfigDict(extra="forbid")

    store: str = Field(max_length=100)
    text: str = Field(
        max_length=50_000, description="`order,tracking` or `order,tracking,carrier`, line by line."
    )

    @field_validator("text")
    @classmethod
    def _as_kept(cls, text: str) -> str:
        # PostgreSQL keeps no zero sign; a line that has one is of no order, and is said to be wrong as others are.
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


class PasteWanted(Pasted):
    """What was previewed, to be done."""

    mark: str = Field(
        max_length=100, description="The preview's: if anything else would be done now, nothing is."
    )
    note: str = Field("", max_length=300, description="Why, for whoever reads it later.")


class LineShown(BaseModel):
    """A line, and what is or would be done with it."""

    line: int
    order: str
    tracking: str
    carrier: str
    outcome: Outcome
    detail: str
    purchase: str | None = Field(None, description="Our reference of the purchase it is a parcel of.")


class PasteShown(BaseModel):
    """All lines."""

    ready: int
    known: int
    wrong: int
    mark: str = Field(description="Give it back to have exactly this done.")
    lines: list[LineShown]


class MissingShown(BaseModel):
    """A purchase that was taken and has no tracking number."""

    order: UUID
    store: str
    number: str
    purchase: str
    supplier: str
    bought_at: datetime
    status: str | None = None


@router.post("/trackings/preview", summary="Look at pasted tracking numbers")
async def preview_trackings(hub: HubHere, caller: Viewer, wanted: Pasted) -> PasteShown:
    """What would be done with each line. Nothing is."""
    store = _store(hub, caller, wanted.store)
    lines = _lines(wanted.text)
    async with hub.database.connection() as connection:
        verdicts = await preview(connection, store.id, lines)
    return _shown(verdicts, mark_of(verdicts))


@router.post("/trackings", summary="Take pasted tracking numbers")
async def take_trackings(request: Request, hub: HubHere, caller: Ops, wanted: PasteWanted) -> PasteShown:
    """Take every line that is ready, all in one act. Lines that are wrong are left, and those that are known stay."""
    store, now = _store(hub, caller, wanted.store), hub.clock.now()
    lines = _lines(wanted.text)
    async with hub.database.transaction() as connection:
        await take_turns(connection, store.id)
        verdicts = await preview(connection, store.id, lines)
        mark = mark_of(verdicts)
        if mark != wanted.mark:
            raise declined(
                409, "preview-changed", "Something else would be done now.", "Look at the preview again."
            )
        purchases = await apply(connection, store, verdicts, now)
        if purchases:
            detail = {"purchases": purchases, "note": wanted.note}
            await audit.note(connection, caller.name, "tracking numbers pasted", detail, now, store.id)
    request.app.state.bell.strike()
    return _shown(applied(verdicts), mark)


@router.get("/trackings/missing", summary="List purchases without a tracking number")
async def list_missing(
    hub: HubHere,
    caller: Viewer,
    window: Asked,
    store: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[MissingShown]:
    """What suppliers took in the last ninety days and named no parcel of, the oldest first."""
    async with hub.database.connection() as connection:
        rows = await page_missing(connection, window, scope(caller, store), hub.clock.now() - LOOKED_BACK)
    shown, after = cut(rows, window)
    items = [
        MissingShown(
            order=row["order_id"],
            store=row["store_id"],
            number=row["number"],
            purchase=row["reference"],
            supplier=row["supplier"],
            bought_at=row["mark"],
            status=row["status"],
        )
        for row in shown
    ]
    return Page(items=items, next=after)


def _store(hub: Hub, caller: Caller, id: str) -> StoreConfig:
    scope(caller, id)
    found = hub.world.stores.get(id)
    if found is None:
        raise declined(404, "no-such-store", "There is no store of this name.")
    return found


def _lines(text: str) -> list[Line]:
    lines = read_lines(text)
    if not lines:
        raise declined(422, "no-lines", "There is no line with an order and a tracking number.")
    if len(lines) > MOST:
        raise declined(422, "too-many-lines", f"There are {len(lines)} lines; {MOST} may be pasted at once.")
    return lines


def _shown(verdicts: list[Verdict], mark: str) -> PasteShown:
    counts = {word: sum(v.outcome == word for v in verdicts) for word in ("ready", "known", "wrong")}
    lines = [
        LineShown(
            line=v.line.number,
            order=v.line.order,
            tracking=v.line.tracking,
            carrier=v.line.carrier,
            outcome=v.outcome,
            detail=v.detail,
            purchase=v.purchase.reference if v.purchase else None,
        )
        for v in verdicts
    ]
    return PasteShown(**counts, mark=mark, lines=lines)
