"""What people say about a case besides deciding it: notes, whose it is, a decision that waits for a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.cases import CaseChanged
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Said:
    """Something that somebody wrote about a case; `body` is sealed under its person's key."""

    by: str
    at: datetime
    body: bytes


async def add_note(connection: Connection, case: Any, said: Said) -> None:
    """Keep a note. It changes nothing that anybody decides by, so the case's version stays."""
    await connection.execute(
        """insert into case_notes (case_id, store_id, person_id, "by", at, body) values ($1, $2, $3, $4, $5, $6)""",
        case["id"],
        case["store_id"],
        case["person_id"],
        said.by,
        said.at,
        said.body,
    )


async def notes_of(connection: Connection, case_id: UUID) -> list[Any]:
    """The notes of a case, oldest first."""
    return list(
        await connection.fetch("select * from case_notes where case_id = $1 order by at, id", case_id)
    )


async def set_owner(connection: Connection, case_id: UUID, version: int, owner: str) -> None:
    """Give an open case to somebody. Raises `CaseChanged` unless it is open and at that version."""
    await _next_version(connection, case_id, version)
    await connection.execute("update cases set owner = $2 where id = $1", case_id, owner)


async def propose(connection: Connection, case: Any, choice: str, said: Said) -> None:
    """Keep a decision until a second person makes the same one; an earlier proposal is replaced.

    Raises `CaseChanged` unless the case is still open and as it was read.
    """
    await _next_version(connection, case["id"], case["version"])
    await connection.execute(
        """insert into case_proposals (case_id, store_id, person_id, choice, "by", at, body)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict (case_id) do update
           set choice = excluded.choice, "by" = excluded."by", at = excluded.at, body = excluded.body""",
        case["id"],
        case["store_id"],
        case["person_id"],
        choice,
        said.by,
        said.at,
        said.body,
    )


async def proposal_of(connection: Connection, case_id: UUID) -> Any:
    """The decision that waits for a second person, or None."""
    return await connection.fetchrow("select * from case_proposals where case_id = $1", case_id)


async def end_proposal(connection: Connection, case_id: UUID) -> None:
    """Nothing waits for a second person any more."""
    await connection.execute("delete from case_proposals where case_id = $1", case_id)


async def _next_version(connection: Connection, case_id: UUID, version: int) -> None:
    done = await connection.execute(
        "update cases set version = version + 1 where id = $1 and version = $2 and state = 'open'",
        case_id,
        version,
    )
    if done != "UPDATE 1":
        raise CaseChanged
