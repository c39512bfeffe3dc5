"""Figures of the whole hub, each one statement: what metrics and health show."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from hub.store.configuration import POLL
from hub.store.database import Connection
from hub.store.overdue import unasked

unwilling = (
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.ReadOnlySQLTransactionError,
)
"""The server is there but will not serve now: too many connections, a full disk, a standby. Nothing was done."""

_LIMBO = """
select r.id from runs r left join workers w on w.id = r.lease_owner and w.alive_until >= clock_timestamp()
where r.ended_at is null and r.due_at is null and w.id is null
  and not exists (select 1 from tokens t join cases c on c.id = t.case_id where t.run_id = r.id and c.state = 'open')
  and not exists (select 1 from runs k where k.parent_run_id = r.id and k.ended_at is null)
  and not exists (select 1 from waits x where x.run_id = r.id and x.event_id is null)
order by r.started_at limit 20"""


async def limbo(connection: Connection) -> list[UUID]:
    """Runs that nothing will ever move: not due, not leased, nobody asked, no child, no wait. There must be none."""
    return [row["id"] for row in await connection.fetch(_LIMBO)]


async def living_workers(connection: Connection) -> int:
    """Workers whose leases hold, by the database's clock."""
    return int(
        await connection.fetchval("select count(*) from workers where alive_until >= clock_timestamp()")
    )


@dataclass(slots=True)
class Tally:
    """Counts by state or kind, and ages in seconds by the trade's clock."""

    deliveries: dict[str, int] = field(default_factory=dict)
    runs: dict[str, int] = field(default_factory=dict)
    effects: dict[str, int] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)
    oldest_delivery: float = 0.0
    oldest_due: float = 0.0
    workers: int = 0
    limbo: int = 0
    poll_lags: dict[tuple[str, str], float] = field(default_factory=dict)
    """By connection and poll, since it was last answered."""


_GROUPS = {
    "deliveries": "select state as word, count(*) as many from deliveries group by state",
    "runs": "select case when ended_at is null then 'open' else 'ended' end as word, count(*) as many"
    " from runs group by 1",
    "effects": "select state as word, count(*) as many from effects group by state",
    "cases": "select kind as word, count(*) as many from cases where state = 'open' group by kind",
    "clocks": "select state as word, count(*) as many from clocks group by state",
}


async def tally(connection: Connection, now: datetime) -> Tally:
    """Count everything. Costs a scan of the large tables: ask every quarter of a minute, not every second."""
    found = Tally()
    for name, sql in _GROUPS.items():
        setattr(found, name, {row["word"]: row["many"] for row in await connection.fetch(sql)})
    found.oldest_delivery = await _age(
        connection, "min(received_at) from deliveries where state = 'new'", now
    )
    found.oldest_due = await _age(connection, "min(due_at) from runs where ended_at is null", now)
    found.workers = await living_workers(connection)
    found.limbo = len(await limbo(connection))
    found.poll_lags = {
        (poll.connection_id, poll.poll): max(0.0, (now - poll.answered_at).total_seconds())
        for poll in await unasked(connection)
    }
    return found


async def _age(connection: Connection, oldest: str, now: datetime) -> float:
    moment = await connection.fetchval(f"select {oldest}")
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


async def is_moving(
    connection: Connection, now: datetime, *, soon: timedelta = timedelta(seconds=30)
) -> bool:
    """Whether anything is still to be done without a person or more time than `soon`: unread news, or a run in hand or
    due."""
    return bool(
        await connection.fetchval(
            """select exists (select 1 from deliveries where state = 'new')
               or exists (select 1 from events where state = 'new')
               or exists (select 1 from runs where ended_at is null
                          and (lease_owner is not null or due_at <= $1::timestamptz + $2::interval))""",
            now,
            soon,
        )
    )


async def is_asking(connection: Connection, now: datetime, held: timedelta) -> bool:
    """Whether a poll is due, or is being asked; `held` is how long it then belongs to a worker. One that was put off is
    neither."""
    return bool(
        await connection.fetchval(
            """select exists (select 1 from poll_cursors p join connections c on c.id = p.connection_id
                              where $2 = any(c.hears) and (p.due_at <= $1
                                or p.answered_at < p.asked_at and p.due_at = p.asked_at + $3::interval))""",
            now,
            POLL,
            held,
        )
    )


async def touched_by_people(connection: Connection) -> int:
    """Orders that a person had to look at: one of their runs had a case, open or resolved."""
    return int(
        await connection.fetchval(
            """select count(distinct r.subject) from runs r
               where r.touched_by_person or exists (select 1 from cases c where c.run_id = r.id)"""
        )
    )
