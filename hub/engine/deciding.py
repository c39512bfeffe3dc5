"""A person decides a case: checked against what the case offers, kept with an audit row, and the run is woken."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ValidationError

from hub.engine.second_person import SecondPersonNeeded, choices_for_two
from hub.engine.world import World
from hub.model import case as cases
from hub.sdk import HubError
from hub.sdk.commerce import PurchaseOrder
from hub.store import audit
from hub.store.case_talk import Said, end_proposal, proposal_of, propose
from hub.store.cases import CaseChanged, read_case, resolve_case, tick_item
from hub.store.configuration import resume_connection
from hub.store.database import Connection
from hub.store.encoding import from_bytes
from hub.store.inbox import read_again
from hub.store.reading import read_effect
from hub.store.sealing import Box, Vault


class NoSuchCase(HubError):
    """There is no case of this id."""


class NotOffered(HubError):
    """The case does not offer this choice."""

    def __init__(self, choices: dict[str, str]) -> None:
        super().__init__(f"The case offers: {', '.join(sorted(choices))}.")


class NoSuchItem(HubError):
    """The case's checklist has no such item."""

    def __init__(self, items: list[str]) -> None:
        super().__init__(f"The checklist has: {', '.join(items)}." if items else "The case has no checklist.")


class ChecklistOpen(HubError):
    """This choice needs every item of the case's checklist ticked."""

    def __init__(self, open_items: list[str]) -> None:
        super().__init__(f"First tick: {', '.join(open_items)}.")


class AnswerNeeded(HubError):
    """The run goes on with what the other side answered, so the person who says it happened must say that, too."""

    def __init__(self, wrong: dict[str, str]) -> None:
        super().__init__()
        self.wrong = wrong
        """Field of the answer to what is wrong with it; no values."""


class NotOpen(HubError):
    """The case's connection is not open, so nobody can tell what its answer looks like."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person says: the choice, for the version of the case they saw."""

    case: UUID
    version: int
    choice: str
    by: str
    note: str = ""
    answer: dict[str, Any] | None = None


async def decide(connection: Connection, world: World, vault: Vault, said: Decided, now: datetime) -> Any:
    """Resolve a case in the open transaction; gives its row, still open where a second person must decide, too.

    Raises `NoSuchCase`, `CaseChanged`, `NotOffered`, `ChecklistOpen`, `SecondPersonNeeded`, `AnswerNeeded`, `NotOpen`.
    Ring once it is committed.
    """
    row = await _decidable(connection, said)
    box = await vault.box(connection, row["person_id"])
    first = await proposal_of(connection, said.case)
    if said.choice in await choices_for_two(connection, world, row):
        if first is None or first["choice"] != said.choice:
            return await _propose(connection, row, box, said, now)
        if first["by"] == said.by:
            raise SecondPersonNeeded
    answer = said.answer
    if said.choice == cases.IT_HAPPENED and row["effect_id"] is not None:
        answer = await _answer(connection, world, vault, row["effect_id"], answer)
    sealed = box.seal(orjson.dumps({"note": said.note, "answer": answer}))
    # Whoever else read the same version is shut out by this one statement, not by the look above.
    await resolve_case(connection, said.case, said.version, (said.choice, said.by, sealed), now)
    await _follow_up(connection, row, box, said, now)
    detail = {"case": str(said.case), "kind": row["kind"], "choice": said.choice}
    if first is not None:
        await end_proposal(connection, said.case)
        detail |= {"proposed": first["choice"], "proposed_by": first["by"]}
    await audit.note(connection, said.by, "case resolved", detail, now, row["store_id"])
    return await read_case(connection, said.case)


async def _decidable(connection: Connection, said: Decided) -> Any:
    """The case's row, if it may be decided so."""
    row = await read_case(connection, said.case)
    if row is None:
        raise NoSuchCase
    if row["state"] != "open" or row["version"] != said.version:
        raise CaseChanged
    if said.choice not in row["choices"]:
        raise NotOffered(row["choices"])
    open_items = [i["item"] for i in row["checklist"] if i["at"] is None]
    if said.choice in row["checked_first"] and open_items:
        raise ChecklistOpen(open_items)
    return row


async def _follow_up(connection: Connection, row: Any, box: Box, said: Decided, now: datetime) -> None:
    """What a decision changes besides its run: a connection opens again, a delivery is read again."""
    if row["kind"] == cases.CONNECTION_UNAUTHORISED and row["connection_id"] is not None:
        await resume_connection(connection, row["connection_id"], now)
    if row["kind"] == cases.DELIVERY_UNREADABLE and said.choice == cases.TRY_AGAIN:
        await read_again(connection, UUID(from_bytes(box.open(row["body"]))["detail"]["delivery"]))


async def _propose(connection: Connection, row: Any, box: Box, said: Decided, now: datetime) -> Any:
    """Keep what the first of two people decided; the case stays open, at its next version."""
    sealed = box.seal(orjson.dumps({"note": said.note, "answer": said.answer}))
    await propose(connection, row, said.choice, Said(said.by, now, sealed))
    detail = {"case": str(said.case), "kind": row["kind"], "choice": said.choice}
    await audit.note(connection, said.by, "case decision proposed", detail, now, row["store_id"])
    return await read_case(connection, said.case)


async def tick(connection: Connection, case: UUID, item: str, said: tuple[str, int], now: datetime) -> Any:
    """Tick an item of a case's checklist, as (by, version seen), in the open transaction; gives the case's row.

    Raises `NoSuchCase`, `CaseChanged`, `NoSuchItem`. Ticking what is ticked changes nothing.
    """
    row = await read_case(connection, case)
    if row is None:
        raise NoSuchCase
    try:
        is_new = await tick_item(connection, case, item, said, now)
    except LookupError:
        raise NoSuchItem([i["item"] for i in row["checklist"]]) from None
    if is_new:
        detail = {"case": str(case), "item": item}
        await audit.note(connection, said[0], "case item ticked", detail, now, row["store_id"])
    return await read_case(connection, case)


async def _answer(
    connection: Connection, world: World, vault: Vault, effect_id: UUID, given: dict[str, Any] | None
) -> dict[str, Any]:
    """The other side's answer as its type has it, so that the flow's next steps can rely on it."""
    effect = await read_effect(connection, effect_id)
    link = world.links.get(effect["connection_id"])
    if link is None or effect["action"] not in link.actions:
        raise NotOpen
    output = link.actions[effect["action"]].shape.output_type
    if given is None:
        box = await vault.box(connection, effect["person_id"])
        given = _assumed(output, from_bytes(box.open(effect["request"])))
    try:
        # As JSON: that is how a resolution is kept, and what the flow's next steps validate again.
        return output.model_validate_json(orjson.dumps(given)).model_dump(mode="json")
    except ValidationError as error:
        wrong = {
            ".".join(map(str, e["loc"])) or "answer": e["msg"]
            for e in error.errors(include_input=False, include_url=False)
        }
        raise AnswerNeeded(wrong) from None


def _assumed(output: type[BaseModel], request: dict[str, Any]) -> dict[str, Any]:
    """What is plain without being said: a purchase order that was taken has our reference and is accepted."""
    if issubclass(output, PurchaseOrder) and "reference" in request:
        return {"reference": request["reference"], "status": "accepted"}
    return {}
