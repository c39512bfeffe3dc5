"""Work on cases besides deciding one: many at once, notes, whose it is, and what would follow from each choice."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from hub.api.access import HubHere, Ops, Viewer
from hub.api.case_deciding import decide_one, declining, my_case, whole_case
from hub.api.problems import Declined
from hub.api.shapes import CaseShown
from hub.assembly import Hub
from hub.engine.deciding import Decided
from hub.engine.second_person import choices_for_two, graph_of, money_choices
from hub.flow.consequences import Consequence, consequences
from hub.flow.graph import Graph, Hold
from hub.flow.wording import words_of
from hub.model import case as cases
from hub.sdk import HubError
from hub.store import audit
from hub.store.case_talk import Said, add_note, set_owner
from hub.store.encoding import to_bytes
from hub.store.keys import Caller

router = APIRouter(tags=["cases"])

MOST = 200
"""Cases that may be decided at once."""

_OUTCOMES = {
    "no-such-case": "no-such-case",
    "case-changed": "changed",
    "choice-not-offered": "not-offered",
    "checklist-open": "checklist-open",
    "second-person-needed": "waits-for-second",
}
Outcome = Literal[
    "resolved",
    "waits-for-second",
    "changed",
    "not-offered",
    "checklist-open",
    "no-such-case",
    "cannot-resolve",
]


class CaseSeen(BaseModel):
    """A case, as it was seen."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    version: int


class ResolutionsWanted(BaseModel):
    """One decision on several cases."""

    model_config = ConfigDict(extra="forbid")

    choice: str = Field(max_length=100, description="A choice that each of them offers.")
    note: str = Field("", max_length=2000, description="Why, for whoever reads it later.")
    cases: list[CaseSeen] = Field(min_length=1, max_length=MOST)


class CaseOutcome(BaseModel):
    """What became of one of them."""

    id: UUID
    subject: str | None = None
    outcome: Outcome
    detail: str = ""


class ResolutionsShown(BaseModel):
    """What became of each, in the order in which they were given."""

    resolved: int
    outcomes: list[CaseOutcome]


class NoteWanted(BaseModel):
    """Something worth knowing about a case."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=2000)


class OwnerWanted(BaseModel):
    """Whose a case shall be."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(description="The case's version as you saw it.")
    owner: str = Field(
        min_length=1, max_length=100, description="A team, such as support, or somebody's name."
    )


class StepAhead(BaseModel):
    """What the flow will do, or may do."""

    node: str
    kind: str
    says: str
    is_certain: bool = Field(description="It follows whatever else turns out.")


class ChoiceAhead(BaseModel):
    """A choice, with what follows until the next person is asked."""

    choice: str
    label: str
    steps: list[StepAhead]
    is_money: bool = Field(description="Money leaves, or may: to the customer, or for sending again.")
    needs_second: bool = Field(description="A second person must choose the same.")


@router.post("/cases/resolutions", summary="Resolve several cases")
async def resolve_cases(
    request: Request, hub: HubHere, caller: Ops, wanted: ResolutionsWanted
) -> ResolutionsShown:
    """Decide several cases alike, each by itself: what cannot be decided is told, and does not hold up the others."""
    outcomes = [await _decided(hub, caller, wanted, seen) for seen in wanted.cases]
    request.app.state.bell.strike()
    return ResolutionsShown(resolved=sum(o.outcome == "resolved" for o in outcomes), outcomes=outcomes)


@router.post("/cases/{id}/notes", summary="Write a note on a case")
async def write_note(hub: HubHere, caller: Ops, id: UUID, wanted: NoteWanted) -> CaseShown:
    """Write down something worth knowing. Notes are never changed."""
    now = hub.clock.now()
    try:
        async with hub.database.transaction() as connection:
            row = await my_case(connection, id, caller)
            box = await hub.vault.box(connection, row["person_id"])
            await add_note(connection, row, Said(caller.name, now, box.seal(to_bytes(wanted.text))))
            await audit.note(connection, caller.name, "case noted", {"case": str(id)}, now, row["store_id"])
            return await whole_case(hub, connection, row)
    except HubError as error:
        raise await declining(hub, id, error) from None


@router.post("/cases/{id}/owner", summary="Give a case to somebody")
async def give_case(hub: HubHere, caller: Ops, id: UUID, wanted: OwnerWanted) -> CaseShown:
    """Say whose an open case is from now on."""
    now = hub.clock.now()
    try:
        async with hub.database.transaction() as connection:
            row = await my_case(connection, id, caller)
            await set_owner(connection, id, wanted.version, wanted.owner)
            detail = {"case": str(id), "from": row["owner"], "to": wanted.owner}
            await audit.note(connection, caller.name, "case given", detail, now, row["store_id"])
            return await whole_case(hub, connection, await my_case(connection, id, caller))
    except HubError as error:
        raise await declining(hub, id, error) from None


@router.get("/cases/{id}/consequences", summary="What follows from each choice")
async def show_consequences(hub: HubHere, caller: Viewer, id: UUID) -> list[ChoiceAhead]:
    """What the run will do after each choice of a case, as its flow says, until the next person is asked."""
    async with hub.database.connection() as connection:
        row = await my_case(connection, id, caller)
        money = await money_choices(connection, hub.world, row)
        two = await choices_for_two(connection, hub.world, row)
        graph = await graph_of(connection, hub.world, row)
    return [
        ChoiceAhead(
            choice=choice,
            label=label,
            steps=_steps(hub, graph, row["node"], choice),
            is_money=choice in money,
            needs_second=choice in two,
        )
        for choice, label in row["choices"].items()
    ]


async def _decided(hub: Hub, caller: Caller, wanted: ResolutionsWanted, seen: CaseSeen) -> CaseOutcome:
    said = Decided(seen.id, seen.version, wanted.choice, caller.name, wanted.note)
    try:
        row = await decide_one(hub, caller, said)
    except Declined as error:
        kind = error.problem.type.removeprefix("urn:faros:")
        outcome = _OUTCOMES.get(kind, "cannot-resolve")
        return CaseOutcome.model_validate({"id": seen.id, "outcome": outcome, "detail": error.problem.detail})
    if row["state"] == "open":
        detail = "A second person must choose the same."
        return CaseOutcome(id=seen.id, subject=row["subject"], outcome="waits-for-second", detail=detail)
    return CaseOutcome(id=seen.id, subject=row["subject"], outcome="resolved")


_OWN_CHOICES = {
    cases.IT_HAPPENED: "The run goes on as if the answer had come.",
    cases.SEND_AGAIN: "The same request is sent once more.",
    cases.TRY_AGAIN: "It is tried once more.",
    cases.GIVE_UP: "The run ends here; nothing more is done for it.",
}
"""What the hub itself does after a choice of a case that it opened."""


def _steps(hub: Hub, graph: Graph | None, node: str | None, choice: str) -> list[StepAhead]:
    hold = graph.nodes.get(node) if graph is not None and node is not None else None
    if graph is not None and isinstance(hold, Hold):
        return [_step(hub, graph, one) for one in consequences(graph, hold, choice)]
    says = _OWN_CHOICES.get(choice)
    return [StepAhead(node=node or "", kind="hub", says=says, is_certain=True)] if says else []


def _step(hub: Hub, graph: Graph, one: Consequence) -> StepAhead:
    node = one.node
    says = words_of(hub.catalog, graph, node)
    return StepAhead(node=node.id, kind=node.kind, says=says, is_certain=one.is_certain)
