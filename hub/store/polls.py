"""Polls: when each is due, and where it goes on from. Each is taken by one worker at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.configuration import POLL
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Turn:
    """A poll that was taken. `waited` is how long it was put off the last time; zero at first. `is_failing`: the last
    time it was not answered."""

    connection_id: str
    poll: str
    cursor: str | None
    waited: timedelta
    is_failing: bool = False


async def know_polls(
    connection: Connection, polls: Sequence[tuple[str, str, timedelta]], now: datetime
) -> None:
    """Make a row for every (connection, poll, how often) that has none; it is due at once, and its silence counts from
    now. One that is known is asked as often as its connector now says."""
    await connection.execute(
        """insert into poll_cursors (connection_id, poll, every, due_at, answered_at)
           select u.*, $4, $4 from unnest($1::text[], $2::text[], $3::interval[]) as u
           on conflict (connection_id, poll) do update set every = excluded.every,
             answered_at = coalesce(poll_cursors.answered_at, excluded.answered_at)""",
        [connection_id for connection_id, _, _ in polls],
        [poll for _, poll, _ in polls],
        [every for _, _, every in polls],
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
           returning p.connection_id, p.poll, p.cursor, due.due_at - due.asked_at as waited,
             due.answered_at < due.asked_at as is_failing""",
        [connection_id for connection_id, _ in polls],
        [poll for _, poll in polls],
        now,
        until,
    )
    return [
        Turn(r["connection_id"], r["poll"], r["cursor"], r["waited"] or timedelta(), bool(r["is_failing"]))
        for r in rows
    ]


async def move_on(
    connection: Connection, turn: Turn, cursor: str | None, due_at: datetime, now: datetime
) -> bool:
    """Move a cursor on, now that it was answered; False if somebody else has moved it since it was taken, and the row
    is left alone."""
    done = await connection.execute(
        """update poll_cursors set cursor = $3, due_at = $4, answered_at = $6
           where connection_id = $1 and poll = $2 and cursor is not distinct from $5""",
        turn.connection_id,
        turn.poll,
        cursor,
        due_at,
        turn.cursor,
        now,
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


async def hasten(connection: Connection, connection_id: str, now: datetime) -> list[str]:
    """Make everything that is polled on a connection due at once; the names of the polls. One that is being asked this
    moment is asked again: whichever answer comes first moves the cursor, and the other is left."""
    rows = await connection.fetch(
        """update poll_cursors p set due_at = least(p.due_at, $2) from connections c
           where p.connection_id = $1 and c.id = $1 and $3 = any(c.hears) returning p.poll""",
        connection_id,
        now,
        POLL,
    )
    return sorted(row["poll"] for row in rows)
