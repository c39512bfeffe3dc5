"""Cases: what a person must decide, and their decision."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.api.access import HubHere, Ops, Viewer, scope, sees
from hub.api.opening import boxes_of
from hub.api.paging import Asked, Page, cut
from hub.api.problems import Declined, WrongField, declined, problem
from hub.api.shapes import CaseShown, case_shown
from hub.assembly import Hub
from hub.engine.deciding import (
    AnswerNeeded,
    ChecklistOpen,
    Decided,
    NoSuchCase,
    NoSuchItem,
    NotOffered,
    NotOpen,
    decide,
    tick,
)
from hub.fulfilment.costs import at_risk
from hub.store import reading
from hub.store.cases import CaseChanged, read_case
from hub.store.database import Connection
from hub.store.keys import Caller
from hub.store.sealing import Erased

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
) -> Page[CaseShown]:
    """Cases, those due first coming first."""
    asked = reading.CasesAsked(state, kind, scope(caller, store), owner)
    async with hub.database.connection() as connection:
        rows = await reading.page_cases(connection, window, asked)
        boxes = await boxes_of(hub, connection, rows)
    shown, after = cut(rows, window)
    return Page(items=[_priced(hub, case_shown(row, boxes)) for row in shown], next=after)


@router.get("/cases/{id}", summary="Show a case")
async def show_case(hub: HubHere, caller: Viewer, id: UUID) -> CaseShown:
    """A case, with what may be chosen."""
    async with hub.database.connection() as connection:
        row = await _mine(connection, id, caller)
        return _priced(hub, case_shown(row, await boxes_of(hub, connection, [row])))


@router.post("/cases/{id}/resolution", summary="Resolve a case")
async def resolve_case(
    request: Request, hub: HubHere, caller: Ops, id: UUID, wanted: ResolutionWanted
) -> CaseShown:
    """Decide a case: its run goes on. Of two people who saw the same version, one decides and the other is told so."""
    said = Decided(id, wanted.version, wanted.choice, caller.name, wanted.note, wanted.answer)
    try:
        shown = await _decide(hub, said, caller)
    except NoSuchCase as error:
        raise declined(404, "no-such-case", str(error)) from None
    except CaseChanged as error:
        raise declined(409, "case-changed", str(error), "Read the case again.") from None
    except NotOffered as error:
        raise declined(422, "choice-not-offered", str(error)) from None
    except ChecklistOpen as error:
        raise declined(409, "checklist-open", str(error)) from None
    except AnswerNeeded as error:
        raise _answer_needed(error) from None
    except (NotOpen, Erased) as error:
        raise declined(409, "cannot-resolve", str(error)) from None
    request.app.state.bell.strike()
    return shown


class TickWanted(BaseModel):
    """An item of a checklist that was done."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(description="The case's version as you saw it.")


@router.post("/cases/{id}/checklist/{item}", summary="Tick an item of a case's checklist")
async def tick_item(hub: HubHere, caller: Ops, id: UUID, item: str, wanted: TickWanted) -> CaseShown:
    """Say that an item was done; who and when is kept. Some choices are offered only once all items are ticked."""
    try:
        async with hub.database.transaction() as connection:
            await _mine(connection, id, caller)
            row = await tick(connection, id, item[:100], (caller.name, wanted.version), hub.clock.now())
            return case_shown(row, await boxes_of(hub, connection, [row]))
    except NoSuchCase as error:
        raise declined(404, "no-such-case", str(error)) from None
    except NoSuchItem as error:
        raise declined(404, "no-such-item", str(error)) from None
    except CaseChanged as error:
        raise declined(409, "case-changed", str(error), "Read the case again.") from None


async def _mine(connection: Connection, id: UUID, caller: Caller) -> Any:
    """A case's row, of a store that the caller may see."""
    row = await read_case(connection, id)
    if row is None or not sees(caller, row["store_id"]):
        raise declined(404, "no-such-case", "There is no case of this id.")
    return row


async def _decide(hub: Hub, said: Decided, caller: Caller) -> CaseShown:
    async with hub.database.transaction() as connection:
        await _mine(connection, said.case, caller)
        row = await decide(connection, hub.world, hub.vault, said, hub.clock.now())
        return case_shown(row, await boxes_of(hub, connection, [row]))


def _priced(hub: Hub, shown: CaseShown) -> CaseShown:
    """The case with what it costs if it is not solved, by what its store says that things cost."""
    config = hub.world.stores.get(shown.store)
    if config is None:
        return shown
    currency = str(config.settings.get("currency", ""))
    return shown.model_copy(update={"cost_at_risk": at_risk(shown.cause, config.policies.costs, currency)})


def _answer_needed(error: AnswerNeeded) -> Declined:
    fields = [WrongField(field=f"answer.{name}", message=message) for name, message in error.wrong.items()]
    hint = "Give `answer` as the other side would have answered."
    return Declined(problem(422, "answer-needed", str(error), hint, fields))
