"""Cases: what a person must decide, and their decision."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.api.access import HubHere, Ops, Viewer, scope, sees
from hub.api.case_deciding import decide_one, declining, my_case, priced, whole_case
from hub.api.case_groups import cause_of
from hub.api.opening import boxes_of
from hub.api.paging import Asked, Page, cut
from hub.api.problems import declined
from hub.api.shapes import CaseShown, case_shown
from hub.engine.deciding import Decided, tick
from hub.sdk import HubError
from hub.store import reading
from hub.store.case_groups import page_group

router = APIRouter(tags=["cases"])


class ResolutionWanted(BaseModel):
    """A decision on a case."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(
        description="The case's version as you saw it: if it has changed since, nothing is done."
    )
    choice: str = Field(max_length=100, description="One of the case's choices.")
    note: str = Field("", max_length=2000, description="Why, for whoever reads it later.")
    answer: dict[str, Any] | None = Field(
        None, description="For `it-happened`: what the other side answered, or would have."
    )


@router.get("/cases", summary="List cases")
async def list_cases(  # noqa: PLR0913  each is one of the query's parameters
    hub: HubHere,
    caller: Viewer,
    window: Asked,
    state: Annotated[Literal["open", "resolved"], Query(description="Only these.")] = "open",
    kind: Annotated[str | None, Query(max_length=100)] = None,
    store: Annotated[str | None, Query(max_length=100)] = None,
    owner: Annotated[str | None, Query(max_length=100, description="Whose they are.")] = None,
    group: Annotated[
        str | None, Query(max_length=400, description="Only those of a group of `/cases/groups`.")
    ] = None,
) -> Page[CaseShown]:
    """Cases, those due first coming first."""
    asked = reading.CasesAsked(state, kind, scope(caller, store), owner)
    async with hub.database.connection() as connection:
        if group is None:
            rows = await reading.page_cases(connection, window, asked)
        else:
            cause = cause_of(group)
            if not sees(caller, cause.store):
                raise declined(404, "no-such-group", "There is no such group of cases.")
            rows = await page_group(connection, window, cause)
        boxes = await boxes_of(hub, connection, rows)
    shown, after = cut(rows, window)
    return Page(items=[priced(hub, case_shown(row, boxes)) for row in shown], next=after)


@router.get("/cases/{id}", summary="Show a case")
async def show_case(hub: HubHere, caller: Viewer, id: UUID) -> CaseShown:
    """A case, with what may be chosen, and what people wrote about it."""
    async with hub.database.connection() as connection:
        return await whole_case(hub, connection, await my_case(connection, id, caller))


@router.post(
    "/cases/{id}/resolution",
    summary="Resolve a case",
    responses={
        202: {"description": "It is kept until a second person chooses the same.", "model": CaseShown}
    },
)
async def resolve_case(
    request: Request, response: Response, hub: HubHere, caller: Ops, id: UUID, wanted: ResolutionWanted
) -> CaseShown:
    """Decide a case: its run goes on. Of two people who saw the same version, one decides and the other is told so.

    Where much money would leave, a second person must choose the same: until then it is answered with 202.
    """
    said = Decided(id, wanted.version, wanted.choice, caller.name, wanted.note, wanted.answer)
    row = await decide_one(hub, caller, said)
    if row["state"] == "open":
        response.status_code = 202
    request.app.state.bell.strike()
    async with hub.database.connection() as connection:
        return await whole_case(hub, connection, row)


class TickWanted(BaseModel):
    """An item of a checklist that was done."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(description="The case's version as you saw it.")


@router.post("/cases/{id}/checklist/{item}", summary="Tick an item of a case's checklist")
async def tick_item(hub: HubHere, caller: Ops, id: UUID, item: str, wanted: TickWanted) -> CaseShown:
    """Say that an item was done; who and when is kept. Some choices are offered only once all items are ticked."""
    try:
        async with hub.database.transaction() as connection:
            await my_case(connection, id, caller)
            row = await tick(connection, id, item[:100], (caller.name, wanted.version), hub.clock.now())
            return await whole_case(hub, connection, row)
    except HubError as error:
        raise await declining(hub, id, error) from None
