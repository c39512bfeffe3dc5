"""Cases: opened with what they are about, resolved once, by whoever names the version they saw."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.sdk import HubError
from hub.store.database import Connection
from hub.store.events import tell
from hub.store.unit import CaseNew


class CaseChanged(HubError):
    """Somebody else has changed this case since it was read; read it again."""


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about. `person_id` is under whose key its body is sealed; `subject` is usually an order's number.
    `run_id` is the run that waits for the decision, if one does."""

    store_id: str
    person_id: UUID
    run_id: UUID | None = None
    order_id: UUID | None = None
    subject: str | None = None


async def open_case(connection: Connection, case: CaseNew, about: About) -> None:
    """Open a case, and make the event that tells of it. One whose `cause` is open already is not opened, nor told."""
    opened = await connection.fetchval(
        """insert into cases (id, store_id, run_id, order_id, connection_id, effect_id, node, kind, cause, subject,
                              person_id, body, choices, state, version, opened_at, due_at, owner, checklist,
                              checked_first)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', 1, $14, $15, $16, $17, $18)
           on conflict (cause) where state = 'open' and cause is not null do nothing returning id""",
        case.id, about.store_id, about.run_id, about.order_id, case.connection_id, case.effect_id, case.node, case.kind,
        case.cause, about.subject, about.person_id, case.body, case.choices, case.opened_at, case.due_at, case.owner,
        case.checklist, case.checked_first,
    )  # fmt: skip
    if opened is not None:
        await tell(connection, [case.told], case.opened_at)


async def tick_item(
    connection: Connection, id: UUID, item: str, said: tuple[str, int], now: datetime
) -> bool:
    """Tick one item of an open case's checklist, as (by, version seen); False if it was ticked before.

    Raises `CaseChanged` unless the case is open and at that version, `LookupError` for an item it has not got.
    """
    by, version = said
    row = await connection.fetchrow("select * from cases where id = $1 for no key update", id)
    if row is None or row["state"] != "open" or row["version"] != version:
        raise CaseChanged
    checklist = [dict(i) for i in row["checklist"]]
    mine = next((i for i in checklist if i["item"] == item), None)
    if mine is None:
        raise LookupError(item)
    if mine["at"] is not None:
        return False
    mine |= {"by": by, "at": now.isoformat()}
    await connection.execute(
        "update cases set checklist = $2, version = version + 1 where id = $1", id, checklist
    )
    return True


async def set_outcome(connection: Connection, run_id: UUID, outcome: str) -> int:
    """Note on a run's cases how the exception ended; gives their number."""
    rows = await connection.fetch(
        "update cases set outcome = $2 where run_id = $1 returning id", run_id, outcome
    )
    return len(rows)


async def outcomes_of(connection: Connection, kind: str) -> dict[str, int]:
    """How the cases of a kind ended, counted; those without a noted outcome are left out."""
    rows = await connection.fetch(
        "select outcome, count(*) from cases where kind = $1 and outcome is not null group by 1", kind
    )
    return {row["outcome"]: row["count"] for row in rows}


async def outcome_of(connection: Connection, kind: str, subject: str) -> str | None:
    """How the newest case of a kind about a subject ended, once that was noted."""
    found: str | None = await connection.fetchval(
        "select outcome from cases where kind = $1 and subject = $2 order by opened_at desc limit 1",
        kind,
        subject,
    )
    return found


async def read_case(connection: Connection, id: UUID) -> Any:
    """One case's row, or None."""
    return await connection.fetchrow("select * from cases where id = $1", id)


async def list_cases(
    connection: Connection, state: str, limit: int, store_id: str | None = None
) -> list[Any]:
    """Cases in one state, those due first first."""
    return list(
        await connection.fetch(
            """select * from cases where state = $1 and ($3::text is null or store_id = $3)
               order by due_at nulls last, opened_at, id limit $2""",
            state,
            limit,
            store_id,
        )
    )


async def resolve_case(
    connection: Connection, id: UUID, version: int, said: tuple[str, str, bytes], now: datetime
) -> None:
    """Resolve a case, as (choice, by, sealed note and answer), and wake its run, in one go.

    Raises `CaseChanged` unless the case is open and at that version.
    """
    choice, by, sealed = said
    row = await connection.fetchrow(
        """update cases set state = 'resolved', version = version + 1, choice = $3, resolved_by = $4, resolution = $5,
             resolved_at = $6 where id = $1 and version = $2 and state = 'open' returning run_id""",
        id,
        version,
        choice,
        by,
        sealed,
        now,
    )
    if row is None:
        raise CaseChanged
    if row["run_id"] is not None:
        await connection.execute(
            """update runs set wakes = wakes + 1, due_at = $2, touched_by_person = true
               where id = $1 and ended_at is null""",
            row["run_id"],
            now,
        )
