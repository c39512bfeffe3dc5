"""SQL of orders and their lines. Who changes an order locks its row first: buying and cancelling meet there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class OrderKey:
    """An order by its channel's id. The source tells two shops with the same numbers apart."""

    store_id: str
    source: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """What the hub knows of an order, read under the lock on its row."""

    id: UUID
    number: str
    recorded_at: datetime | None
    updated_at: datetime | None
    cancel_requested_at: datetime | None
    twin_of: str | None
    verified_address: bytes | None
    verdict: str | None
    is_address_good: bool
    mirrors: UUID | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An order as read from its channel; `body` is sealed."""

    number: str
    person_id: UUID
    items_hash: str
    payment: str
    total: Decimal
    currency: str
    body: bytes
    created_at: datetime
    updated_at: datetime
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order as a visitor's page needs it, read without a lock; `body` is sealed under the key of `person_id`."""

    id: UUID
    channel_id: str
    number: str
    person_id: UUID
    body: bytes
    verdict: str | None
    is_cancelled: bool


_LOCK = """
select id, number, recorded_at, updated_at, cancel_requested_at, twin_of, verified_address, verdict, is_address_good,
  mirrors
from orders where store_id = $1 and source = $2 and channel_id = $3 for no key update"""


async def lock(connection: Connection, key: OrderKey) -> StoredOrder | None:
    """Lock an order's row until the transaction ends; None if nothing is known of it."""
    row = await connection.fetchrow(_LOCK, key.store_id, key.source, key.channel_id)
    return StoredOrder(**row) if row else None


async def lock_or_insert(connection: Connection, key: OrderKey, id: UUID) -> StoredOrder:
    """Lock an order's row, making one under this id where there is none."""
    await connection.execute(
        """insert into orders (id, store_id, source, channel_id, number, is_address_good)
           values ($1, $2, $3, $4, '', false) on conflict (store_id, source, channel_id) do nothing""",
        id, key.store_id, key.source, key.channel_id,
    )  # fmt: skip
    stored = await lock(connection, key)
    assert stored is not None  # inserted above, and orders are never deleted
    return stored


async def lock_by_id(connection: Connection, id: UUID) -> None:
    """Lock the row of an order that is known to exist."""
    await connection.execute("select 1 from orders where id = $1 for no key update", id)


async def is_cancelled(connection: Connection, id: UUID) -> bool:
    """Whether an order is not wanted any more."""
    return bool(
        await connection.fetchval("select cancel_requested_at is not null from orders where id = $1", id)
    )


async def known(connection: Connection, id: UUID) -> KnownOrder | None:
    """What is known of an order whose person was not erased."""
    row = await connection.fetchrow(
        """select o.id, o.channel_id, o.number, o.person_id, o.body, o.verdict,
             o.cancel_requested_at is not null as is_cancelled
           from orders o join person_keys k on k.id = o.person_id where o.id = $1 and o.body is not null""",
        id,
    )
    return KnownOrder(**row) if row else None


async def total_of(connection: Connection, id: UUID) -> tuple[Decimal, str] | None:
    """What an order costs its customer, as amount and currency; None where that was never read."""
    row = await connection.fetchrow("select total, currency from orders where id = $1", id)
    return (row["total"], row["currency"]) if row and row["total"] is not None and row["currency"] else None


async def keep(connection: Connection, id: UUID, snapshot: Snapshot, now: datetime) -> None:
    """Replace what is known of an order; `recorded_at` stays that of the first time."""
    await connection.execute(
        """update orders set number = $2, person_id = $3, items_hash = $4, payment = $5, total = $6, currency = $7,
             body = $8, created_at = $9, updated_at = $10, recorded_at = coalesce(recorded_at, $11), copy_of = $12
           where id = $1""",
        id, snapshot.number, snapshot.person_id, snapshot.items_hash, snapshot.payment, snapshot.total,
        snapshot.currency, snapshot.body, snapshot.created_at, snapshot.updated_at, now, snapshot.copy_of,
    )  # fmt: skip


async def keep_lines(
    connection: Connection, store_id: str, order_id: UUID, lines: Sequence[tuple[str, str, int]]
) -> None:
    """Replace an order's lines (id, SKU, quantity). A line that is gone stays with quantity 0, for its generation.

    Of a line in several portions, those that are bought keep their units first, and those that are open have the rest.
    """
    await connection.execute(
        """with known as (
             select u.*, coalesce(l.portion, 0) as portion, c.quantity is not null as is_bought,
               coalesce(c.quantity, l.quantity, u.wanted) as units
             from unnest($3::text[], $4::text[], $5::int[]) as u(line_id, sku, wanted)
             left join order_lines l on l.order_id = $1 and l.line_id = u.line_id
             left join purchase_claims c on c.order_id = l.order_id and c.line_id = l.line_id
               and c.portion = l.portion and c.generation = l.generation),
           shared as (
             select *, sum(units) over line as in_all,
               sum(units) over (line order by is_bought desc, portion) as so_far,
               row_number() over (line order by is_bought, portion) = 1 as has_the_rest
             from known window line as (partition by line_id))
           insert into order_lines (order_id, line_id, portion, store_id, sku, quantity, generation,
                                    generation_reason)
           select $1, line_id, portion, $2, sku, greatest(0, least(units, wanted - (so_far - units)))
             + case when has_the_rest then greatest(0, wanted - in_all) else 0 end, 0, '' from shared
           on conflict (order_id, line_id, portion) do update set sku = excluded.sku, quantity = excluded.quantity""",
        order_id, store_id, [i for i, _, _ in lines], [s for _, s, _ in lines], [q for _, _, q in lines],
    )  # fmt: skip
    await connection.execute(
        "update order_lines set quantity = 0 where order_id = $1 and line_id <> all($2::text[])",
        order_id, [i for i, _, _ in lines],
    )  # fmt: skip


async def generations(connection: Connection, order_id: UUID) -> dict[str, int]:
    """The highest generation of each line."""
    rows = await connection.fetch(
        "select line_id, max(generation) as generation from order_lines where order_id = $1 group by line_id",
        order_id,
    )
    return {row["line_id"]: row["generation"] for row in rows}


async def request_cancel(connection: Connection, id: UUID, now: datetime) -> None:
    """Note that an order is not wanted any more; it stays so."""
    await connection.execute(
        "update orders set cancel_requested_at = coalesce(cancel_requested_at, $2) where id = $1", id, now
    )


async def keep_verdict(
    connection: Connection, id: UUID, address: bytes, verdict: tuple[str, bool], now: datetime
) -> None:
    """Note what a verifier said (its word, and whether that is good enough) of exactly this sealed address."""
    await connection.execute(
        """update orders set verified_address = $2, verdict = $3, is_address_good = $4, verified_at = $5
           where id = $1""",
        id, address, *verdict, now,
    )  # fmt: skip


async def find_twin(
    connection: Connection, store_id: str, id: UUID, snapshot: Snapshot, window: timedelta
) -> str | None:
    """The number of another order of the same person for the same items, made within the window; noted on this one."""
    # Two twins recorded at once would not see each other: they take turns.
    likeness = f"{store_id}:{snapshot.person_id}:{snapshot.items_hash}"
    await connection.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", likeness)
    twin: str | None = await connection.fetchval(
        """select number from orders where store_id = $1 and person_id = $2 and items_hash = $3 and id <> $4
           and cancel_requested_at is null and created_at between $5 and $6 order by created_at, number limit 1""",
        store_id, snapshot.person_id, snapshot.items_hash, id,
        snapshot.created_at - window, snapshot.created_at + window,
    )  # fmt: skip
    if twin is not None:
        await connection.execute("update orders set twin_of = $2 where id = $1", id, twin)
    return twin


async def live_from(connection: Connection, source: str) -> datetime | None:
    """From when on a connection's orders are ours to buy; None: all of them."""
    moment: datetime | None = await connection.fetchval(
        "select live_from from connections where id = $1", source
    )
    return moment
