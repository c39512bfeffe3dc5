"""Open cases by what lies behind them: their kind, and the connection, action and refusal of their effect."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.store.database import Connection
from hub.store.reading import Rows, Window

SHOWN = 5
"""How many cases of a group are named."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What the cases of a group have in common; None where there is none."""

    store: str
    kind: str
    connection: str | None = None
    action: str | None = None
    refusal: str | None = None


async def group_cases(
    connection: Connection, days_end: Mapping[str, datetime], now: datetime, owner: str | None
) -> Rows:
    """The open cases of these stores in groups, those due first coming first; `days_end` is when each store's today
    ends."""
    return list(
        await connection.fetch(
            """select c.store_id as store, c.kind, coalesce(c.connection_id, e.connection_id) as connection, e.action,
                 e.refusal, count(*) as count, count(*) filter (where c.due_at <= $3) as overdue,
                 count(*) filter (where c.due_at > $3 and c.due_at <= d.ends) as due_today,
                 count(distinct c.order_id) as orders, min(c.due_at) as first_due, min(c.opened_at) as oldest,
                 array_agg(distinct c.owner order by c.owner) as owners,
                 array_agg(distinct c.choices::text) as choices,
                 (array_agg(c.id order by c.due_at nulls last, c.opened_at, c.id))[:$5] as first
               from cases c join unnest($1::text[], $2::timestamptz[]) as d(store, ends) on d.store = c.store_id
               left join effects e on e.id = c.effect_id
               where c.state = 'open' and ($4::text is null or c.owner = $4)
               group by 1, 2, 3, 4, 5 order by first_due nulls last, oldest, 1, 2""",
            list(days_end), list(days_end.values()), now, owner, SHOWN,
        )
    )  # fmt: skip


async def cases_named(connection: Connection, ids: list[Any]) -> dict[Any, Any]:
    """Cases by their ids."""
    rows = await connection.fetch("select * from cases where id = any($1::uuid[])", ids)
    return {row["id"]: row for row in rows}


async def page_group(connection: Connection, window: Window, cause: Cause) -> Rows:
    """The open cases of one group, those due first coming first."""
    return list(
        await connection.fetch(
            """select * from (
                 select c.*, coalesce(c.due_at, c.opened_at + interval '100 years') as mark
                 from cases c left join effects e on e.id = c.effect_id
                 where c.state = 'open' and c.store_id = $1 and c.kind = $2
                   and coalesce(c.connection_id, e.connection_id) is not distinct from $3
                   and e.action is not distinct from $4 and e.refusal is not distinct from $5) found
               where $6::timestamptz is null or (mark, id) > ($6, $7) order by mark, id limit $8""",
            cause.store, cause.kind, cause.connection, cause.action, cause.refusal, window.at, window.id, window.limit,
        )
    )  # fmt: skip
