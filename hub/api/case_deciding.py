"""A person's decision on a case, as the routes take it, and every way in which it can be declined, in words."""

from typing import Any
from uuid import UUID

from hub.api.access import sees
from hub.api.opening import boxes_of, opened
from hub.api.problems import Declined, WrongField, declined, problem
from hub.api.shapes import CaseShown, NoteShown, ProposalShown, case_shown
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
)
from hub.engine.second_person import SecondPersonNeeded, choices_for_two
from hub.fulfilment.costs import at_risk
from hub.sdk import HubError
from hub.store.case_talk import notes_of, proposal_of
from hub.store.cases import CaseChanged, read_case
from hub.store.database import Connection
from hub.store.keys import Caller
from hub.store.sealing import Erased


async def my_case(connection: Connection, id: UUID, caller: Caller) -> Any:
    """A case's row, of a store that the caller may see."""
    row = await read_case(connection, id)
    if row is None or not sees(caller, row["store_id"]):
        raise declined(404, "no-such-case", "There is no case of this id.")
    return row


async def decide_one(hub: Hub, caller: Caller, said: Decided) -> Any:
    """Decide a case in a transaction of its own; gives its row. What cannot be done is raised as it is answered."""
    try:
        async with hub.database.transaction() as connection:
            await my_case(connection, said.case, caller)
            return await decide(connection, hub.world, hub.vault, said, hub.clock.now())
    except (HubError, CaseChanged, Erased) as error:
        raise await declining(hub, said.case, error) from None


async def declining(hub: Hub, id: UUID, error: HubError) -> Declined:  # noqa: C901  one case for each failure
    """How an expected failure of a change to a case is answered."""
    match error:
        case NoSuchCase():
            return declined(404, "no-such-case", str(error))
        case NoSuchItem():
            return declined(404, "no-such-item", str(error))
        case CaseChanged():
            return declined(409, "case-changed", await _what_happened(hub, id), "Read the case again.")
        case NotOffered():
            return declined(422, "choice-not-offered", str(error))
        case ChecklistOpen():
            return declined(409, "checklist-open", str(error))
        case SecondPersonNeeded():
            return declined(409, "second-person-needed", str(error), "Ask a colleague to decide it, too.")
        case AnswerNeeded(wrong=wrong):
            fields = [WrongField(field=f"answer.{name}", message=said) for name, said in wrong.items()]
            hint = "Give `answer` as the other side would have answered."
            return Declined(problem(422, "answer-needed", str(error), hint, fields))
        case NotOpen() | Erased():
            return declined(409, "cannot-resolve", str(error))
    raise error


async def _what_happened(hub: Hub, id: UUID) -> str:
    """Who was there first, and what they did."""
    async with hub.database.connection() as connection:
        row, proposal = await read_case(connection, id), await proposal_of(connection, id)
    if row["state"] == "resolved":
        return (
            f"{row['resolved_by']} resolved it as {row['choice']} at {row['resolved_at']:%Y-%m-%d %H:%M} UTC."
        )
    if proposal is not None:
        return f"{proposal['by']} chose {proposal['choice']}; a second person must choose the same."
    return f"Somebody changed this case since you read it; it is at version {row['version']} now."


async def whole_case(hub: Hub, connection: Connection, row: Any) -> CaseShown:
    """A case with what it costs if it is not solved, its notes, and what waits for a second person."""
    boxes = await boxes_of(hub, connection, [row])
    proposal = await proposal_of(connection, row["id"])
    is_open = row["state"] == "open"
    return priced(hub, case_shown(row, boxes)).model_copy(
        update={
            "notes": [
                NoteShown(by=note["by"], at=note["at"], text=opened(boxes, note, "body") or "")
                for note in await notes_of(connection, row["id"])
            ],
            "proposed": ProposalShown.model_validate(dict(proposal)) if proposal and is_open else None,
            "needs_second": sorted(await choices_for_two(connection, hub.world, row)) if is_open else [],
        }
    )


def priced(hub: Hub, shown: CaseShown) -> CaseShown:
    """The case with what it costs if it is not solved, by what its store says that things cost."""
    config = hub.world.stores.get(shown.store)
    if config is None:
        return shown
    currency = str(config.settings.get("currency", ""))
    return shown.model_copy(update={"cost_at_risk": at_risk(shown.cause, config.policies.costs, currency)})
