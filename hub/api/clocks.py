"""Promises: which run, which were warned of, which are late, and what is due today."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from hub.api.access import HubHere, Viewer, scope
from hub.api.case_groups import days_end
from hub.api.paging import Asked, Page, cut
from hub.store.clock_list import ClocksAsked, count_clocks, page_clocks

router = APIRouter(tags=["clocks"])

State = Literal["running", "warned", "late", "kept", "late-but-met"]


class PromiseShown(BaseModel):
    """A promise with its due moment."""

    id: UUID
    store: str
    run: UUID
    flow: str
    clock: str
    subject: str | None = Field(None, description="Usually the order's number.")
    order: UUID | None = None
    state: State
    started_at: datetime
    warn_at: datetime | None = None
    due_at: datetime
    ended_at: datetime | None = None


class ClockCounted(BaseModel):
    """The open promises of one kind."""

    flow: str
    clock: str
    running: int
    warned: int
    late: int
    due_today: int = Field(description="Due later today, in each store's zone.")


class ClocksCounted(BaseModel):
    """All open promises."""

    running: int
    warned: int
    late: int = Field(description="Late, and their run still goes on.")
    due_today: int
    by_clock: list[ClockCounted]


class Filters:
    """The query's parameters, as FastAPI reads them."""

    def __init__(
        self,
        state: Annotated[
            State, Query(description="Only these; late ones only while their run goes on.")
        ] = "running",
        flow: Annotated[str | None, Query(max_length=100)] = None,
        clock: Annotated[str | None, Query(max_length=100)] = None,
        due_before: Annotated[AwareDatetime | None, Query(description="Due before then.")] = None,
        store: Annotated[str | None, Query(max_length=100)] = None,
    ) -> None:
        self.state, self.flow, self.clock, self.store = state, flow, clock, store
        self.due_before: datetime | None = due_before


@router.get("/clocks", summary="List promises")
async def list_clocks(
    hub: HubHere, caller: Viewer, window: Asked, filters: Annotated[Filters, Depends()]
) -> Page[PromiseShown]:
    """Promises in a state, those due first coming first."""
    f = filters
    asked = ClocksAsked(f.state, f.flow, f.clock, f.due_before, scope(caller, f.store))
    async with hub.database.connection() as connection:
        rows = await page_clocks(connection, window, asked)
    shown, after = cut(rows, window)
    return Page(items=[_shown(row) for row in shown], next=after)


@router.get("/clocks/summary", summary="Count promises")
async def count(
    hub: HubHere, caller: Viewer, store: Annotated[str | None, Query(max_length=100)] = None
) -> ClocksCounted:
    """How many promises run, were warned of and are late, and how many are due later today."""
    now = hub.clock.now()
    async with hub.database.connection() as connection:
        rows = await count_clocks(connection, days_end(hub, scope(caller, store), now), now)
    totals = {word: sum(row[word] for row in rows) for word in ("running", "warned", "late", "due_today")}
    return ClocksCounted(**totals, by_clock=[ClockCounted.model_validate(dict(row)) for row in rows])


def _shown(row: Any) -> PromiseShown:
    return PromiseShown.model_validate(
        {**row, "store": row["store_id"], "run": row["run_id"], "order": row["order_id"]}
    )
