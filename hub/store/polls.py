"""Polls: when each is due, and where it goes on from. Each is taken by one worker at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Turn:
    """A poll that was taken. `waited` is how long it was put off the last time; zero at first."""

    connection_id: str
    poll: str
    cursor: str | None
    waited: timedelta


async def know_polls(connection: Connection, polls: Sequence[tuple[str, str]], now: datetime) -> None:
    """Make a row for every (connection, poll) that has none; it is due at once."""
    await connection.execute(
        """insert into poll_cursors (connection_id, poll, due_at)
           select u.*, $3 from unnest($1::text[], $2::text[]) as u on conflict do nothing""",
        [connection_id for connection_id, _ in polls],
        [poll for _, poll in polls],
        now,
    )


async def take_polls(
    connection: Connection, polls: Sequence[tuple[str, str]], now: datetime, until: datetime
) -> list[Turn]:
    """Take those of these polls that are due; nobody else asks them before `until`, even if this worker dies."""
    rows = await connection.fetch(
        """with due as (
             select p.* from poll_cursors p
             join unnest($1::text[], $2::text[]) as u(connection_id, poll) using (connection_id, poll)
             where p.due_at <= $3 order by p.due_at for update of p skip locked)
           update poll_cursors p set asked_at = $3, due_at = $4 from due
           where p.connection_id = due.connection_id and p.poll = due.poll
           returning p.connection_id, p.poll, p.cursor, due.due_at - due.asked_at as waited""",
        [connection_id for connection_id, _ in polls],
        [poll for _, poll in polls],
        now,
        until,
    )
    return [Turn(r["connection_id"], r["poll"], r["cursor"], r["waited"] or timedelta()) for r in rows]


async def move_on(connection: Connection, turn: Turn, cursor: str | None, due_at: datetime) -> bool:
    """Move a cursor on; False if somebody else has moved it since it was taken, and the row is left alone."""
    done = await connection.execute(
        """update poll_cursors set cursor = $3, due_at = $4
           where connection_id = $1 and poll = $2 and cursor is not distinct from $5""",
        turn.connection_id,
        turn.poll,
        cursor,
        due_at,
        turn.cursor,
    )
    return bool(done == "UPDATE 1")


async def put_off(connection: Connection, turn: Turn, due_at: datetime) -> None:
    """Ask again later, from where it was."""
    await connection.execute(
        "update poll_cursors set due_at = $3 where connection_id = $1 and poll = $2",
        turn.connection_id,
        turn.poll,
        due_at,
    )
