"""Cases: opened with what they are about, resolved once, by whoever names the version they saw."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.sdk import HubError
from hub.store.database import Connection
from hub.store.unit import CaseNew


class CaseChanged(HubError):
    """Somebody else has changed this case since it was read; read it again."""


async def open_cases(
    connection: Connection, store_id: str, person_id: UUID, cases: Sequence[CaseNew], now: datetime
) -> None:
    """Open cases that belong to no run. One with a `cause` that is open already is not opened twice."""
    for case in cases:
        await connection.execute(
            """insert into cases (id, store_id, person_id, kind, cause, body, choices, node, effect_id, connection_id,
                                  due_at, state, version, opened_at, owner, checklist, checked_first)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', 1, $12, $13, $14, $15)
               on conflict (cause) where state = 'open' and cause is not null do nothing""",
            case.id, store_id, person_id, case.kind, case.cause, case.body, case.choices, case.node, case.effect_id,
            case.connection_id, case.due_at, now, case.owner, case.checklist, case.checked_first,
        )  # fmt: skip


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
