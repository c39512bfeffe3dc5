"""Promises for people's eyes: those that run, were warned of or are late; and how many, by what was promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.store.database import Connection
from hub.store.reading import Rows, Window


@dataclass(frozen=True, slots=True)
class ClocksAsked:
    """Which promises are wanted; None lets everything through. `late` are those whose run still goes on."""

    state: str
    flow: str | None = None
    clock: str | None = None
    due_before: datetime | None = None
    stores: list[str] | None = None


OPEN = ("running", "warned", "late")
"""States of promises that are listed only while their run goes on."""

# What was once late stays so when its run is over, and is more every day; the runs that go on are not.
_GOING = "with going as materialized (select id, flow, order_id from runs where ended_at is null) "

_LISTED = """select c.id, c.store_id, c.run_id, r.flow, c.clock, c.subject, r.order_id, c.state, c.started_at,
  c.warn_at, c.due_at, c.ended_at, c.due_at as mark
from clocks c join {runs} r on r.id = c.run_id
where c.state = $1 and ($2::text is null or r.flow = $2) and ($3::text is null or c.clock = $3)
  and ($4::timestamptz is null or c.due_at < $4) and ($5::text[] is null or c.store_id = any($5))
  and ($6::timestamptz is null or (c.due_at, c.id) > ($6, $7))
order by c.due_at, c.id limit $8"""
_OF_ALL, _OF_GOING = _LISTED.format(runs="runs"), _GOING + _LISTED.format(runs="going")


async def page_clocks(connection: Connection, window: Window, asked: ClocksAsked) -> Rows:
    """Promises in a state, those due first coming first."""
    return list(
        await connection.fetch(
            _OF_GOING if asked.state in OPEN else _OF_ALL,
            asked.state, asked.flow, asked.clock, asked.due_before, asked.stores, window.at, window.id, window.limit,
        )
    )  # fmt: skip


_COUNTED = """select r.flow, c.clock, count(*) filter (where c.state = 'running') as running,
  count(*) filter (where c.state = 'warned') as warned, count(*) filter (where c.state = 'late') as late,
  count(*) filter (where c.state <> 'late' and c.due_at > $3 and c.due_at <= d.ends) as due_today
from going r join clocks c on c.run_id = r.id
join unnest($1::text[], $2::timestamptz[]) as d(store, ends) on d.store = c.store_id
where c.state in ('running', 'warned', 'late') group by 1, 2 order by 1, 2"""


async def count_clocks(connection: Connection, days_end: Mapping[str, datetime], now: datetime) -> Rows:
    """The open promises of these stores by flow and clock; `days_end` is when each store's today ends."""
    return list(
        await connection.fetch(_GOING + _COUNTED, list(days_end), list(days_end.values()), now),
    )
