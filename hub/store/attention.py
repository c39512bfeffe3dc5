"""SQL of what waits for a person: cases counted, never opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case as it is listed. `subject` is usually the order's number."""

    id: UUID
    kind: str
    subject: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """How many there are, and the first of them."""

    count: int
    first: list[Waiting]


async def opened_between(
    connection: Connection, store_id: str, kind: str, since: datetime, until: datetime, most: int
) -> Listed:
    """Cases of one kind that were opened in a span of time, whatever has become of them; oldest first."""
    return await _listed(
        connection,
        """select id, kind, subject, count(*) over () as many from cases
           where store_id = $1 and kind = $2 and opened_at >= $3 and opened_at < $4
           order by opened_at, id limit $5""",
        store_id,
        kind,
        since,
        until,
        most,
    )


async def open_orders(connection: Connection, store_id: str, most: int) -> Listed:
    """Orders with an open case, each once, by its oldest; the most frequent kind first."""
    return await _listed(
        connection,
        """with orders as (
             select distinct on (order_id) id, kind, subject, opened_at from cases
             where store_id = $1 and state = 'open' and order_id is not null order by order_id, opened_at, id),
           counted as (
             select o.*, count(*) over () as many, count(*) over (partition by kind) as of_kind from orders o)
           select id, kind, subject, many from counted order by of_kind desc, kind, opened_at, id limit $2""",
        store_id,
        most,
    )


async def open_kinds(connection: Connection, store_id: str) -> list[tuple[str, int]]:
    """How many orders have their oldest open case of each kind; the most frequent first."""
    rows = await connection.fetch(
        """with orders as (
             select distinct on (order_id) kind from cases
             where store_id = $1 and state = 'open' and order_id is not null order by order_id, opened_at, id)
           select kind, count(*) as many from orders group by kind order by many desc, kind""",
        store_id,
    )
    return [(row["kind"], row["many"]) for row in rows]


async def open_others(connection: Connection, store_id: str, most: int) -> Listed:
    """Open cases that are about no order, oldest first."""
    return await _listed(
        connection,
        """select id, kind, subject, count(*) over () as many from cases
           where store_id = $1 and state = 'open' and order_id is null order by opened_at, id limit $2""",
        store_id,
        most,
    )


async def _listed(connection: Connection, sql: str, *arguments: object) -> Listed:
    rows = await connection.fetch(sql, *arguments)
    found = [Waiting(row["id"], row["kind"], row["subject"]) for row in rows]
    return Listed(rows[0]["many"] if rows else 0, found)
