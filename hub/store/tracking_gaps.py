"""What was bought and has no tracking number yet, and what must be known to fit pasted numbers to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.store.database import Connection
from hub.store.reading import Rows, Window


@dataclass(frozen=True, slots=True)
class Missing:
    """A supplier's purchases without a tracking number: how many, and the numbers of the first orders."""

    supplier: str
    count: int
    first: Sequence[str]


async def take_turns(connection: Connection, store_id: str) -> None:
    """Until the transaction ends nobody else fits numbers in this store."""
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended('trackings:' || $1, 0))", store_id
    )


async def named_orders(connection: Connection, store_id: str, names: Sequence[str]) -> Rows:
    """The orders of these numbers (with or without `#`) or purchase references, each with its purchases that were sent
    and the parcels of those; one row for each purchase, and one for an order without any."""
    bare = [name.lstrip("#") for name in names]
    return list(
        await connection.fetch(
            """select o.id, o.number, p.reference, p.supplier,
                 coalesce(array_agg(s.tracking_number order by s.created_at) filter (where s.voided_at is null
                   and s.id is not null), '{}') as parcels
               from orders o
               left join purchases p on p.order_id = o.id and p.state in ('claimed', 'confirmed')
               left join shipments s on s.purchase_id = p.id
               where o.store_id = $1 and (o.number = any($2::text[]) or o.id in (
                 select order_id from purchases where store_id = $1 and reference = any($3::text[])))
               group by o.id, o.number, p.reference, p.supplier order by o.number, p.reference""",
            store_id,
            [*bare, *(f"#{name}" for name in bare)],
            list(names),
        )
    )


async def owners_of(connection: Connection, store_id: str, numbers: Sequence[str]) -> Rows:
    """Whose these tracking numbers are, as tracking number and the order's number."""
    return list(
        await connection.fetch(
            """select s.tracking_number, o.number from shipments s join orders o on o.id = s.order_id
               where s.store_id = $1 and s.tracking_number = any($2::text[])""",
            store_id,
            list(numbers),
        )
    )


async def told_before(connection: Connection, event: str, keys: Sequence[tuple[str, str]]) -> set[str]:
    """Which of these events, as (connection, key), there are already."""
    rows = await connection.fetch(
        """select e.key from events e join unnest($2::text[], $3::text[]) as u(connection, key)
             on e.connection_id = u.connection and e.key = u.key where e.name = $1""",
        event,
        [connection_id for connection_id, _ in keys],
        [key for _, key in keys],
    )
    return {row["key"] for row in rows}


async def awaited(connection: Connection, hashes: Sequence[int]) -> set[int]:
    """Which of these some run waits for."""
    rows = await connection.fetch(
        "select distinct match_hash from waits where match_hash = any($1::bigint[]) and event_id is null",
        list(hashes),
    )
    return {row["match_hash"] for row in rows}


async def page_missing(
    connection: Connection, window: Window, stores: list[str] | None, since: datetime
) -> Rows:
    """Purchases since then that a supplier took and that no parcel is known of, oldest first."""
    return list(
        await connection.fetch(
            """select p.id, p.store_id, o.id as order_id, o.number, p.reference, p.supplier, p.status,
                 p.claimed_at as mark
               from purchases p join orders o on o.id = p.order_id
               where p.state = 'confirmed' and o.cancel_requested_at is null
                 and p.claimed_at >= $5 and ($1::text[] is null or p.store_id = any($1))
                 and not exists (select 1 from shipments s where s.purchase_id = p.id and s.voided_at is null)
                 and ($2::timestamptz is null or (p.claimed_at, p.id) > ($2, $3))
               order by p.claimed_at, p.id limit $4""",
            stores, window.at, window.id, window.limit, since,
        )
    )  # fmt: skip


async def missing_by_supplier(
    connection: Connection, store_id: str, since: datetime, most: int
) -> list[Missing]:
    """A store's purchases since then that no parcel is known of, by supplier; each names its `most` oldest orders."""
    rows = await connection.fetch(
        """select p.supplier, count(*) as count, (array_agg(o.number order by p.claimed_at, p.id))[:$3] as first
           from purchases p join orders o on o.id = p.order_id
           where p.store_id = $1 and p.state = 'confirmed' and p.claimed_at >= $2 and o.cancel_requested_at is null
             and not exists (select 1 from shipments s where s.purchase_id = p.id and s.voided_at is null)
           group by p.supplier order by p.supplier""",
        store_id,
        since,
        most,
    )
    return [Missing(**row) for row in rows]


def one_each(rows: Rows) -> dict[str, Any]:
    """Order numbers without `#`, each with how many orders have it."""
    found: dict[str, set[Any]] = {}
    for row in rows:
        found.setdefault(row["number"].lstrip("#"), set()).add(row["id"])
    return {number: len(ids) for number, ids in found.items()}
