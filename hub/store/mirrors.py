"""SQL of orders that several channels have: which of them is bought, and what the others show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hub.store.database import Connection
from hub.store.orders import OrderKey


@dataclass(frozen=True, slots=True)
class Counterpart:
    """An order of another channel that may be the same one. `goods` are pairs of SKU and count."""

    id: UUID
    number: str
    source: str
    copy_of: str
    person_id: UUID
    created_at: datetime
    total: Decimal
    currency: str
    is_cancelled: bool
    goods: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Kin:
    """One of the orders that are one order."""

    id: UUID
    number: str
    source: str
    is_copy: bool
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An order by its own name and its channel's."""

    id: UUID
    number: str
    source: str
    channel_id: str


async def take_turns(connection: Connection, store_id: str, names: Sequence[str]) -> None:
    """Whoever has a name in common with these waits until this transaction ends. Take it before any order's lock."""
    words = sorted({f"copies:{store_id}:{name}" for name in names})
    await connection.execute(
        """select pg_advisory_xact_lock(h) from
             (select distinct hashtextextended(w, 0) as h from unnest($1::text[]) as w order by h) as ordered""",
        words,
    )


async def names_of(connection: Connection, key: OrderKey) -> list[str]:
    """What an order and its copies may be called, without a lock."""
    row = await connection.fetchrow(
        "select number, copy_of from orders where store_id = $1 and source = $2 and channel_id = $3",
        key.store_id, key.source, key.channel_id,
    )  # fmt: skip
    return [key.channel_id, *(name for name in (row or ()) if name)]


async def counterparts(
    connection: Connection, store_id: str, channels: Sequence[str], own: Sequence[str], copy_of: str
) -> list[Counterpart]:
    """The orders of these channels that were copied from one of these `own` names, or are called `copy_of`, or were
    copied from the same order; oldest first."""
    rows = await connection.fetch(
        """select o.id, o.number, o.source, o.copy_of, o.person_id, o.created_at, o.total, o.currency,
             o.cancel_requested_at is not null as is_cancelled,
             coalesce((select jsonb_agg(jsonb_build_array(l.sku, l.quantity)) from order_lines l
                       where l.order_id = o.id and l.quantity > 0), '[]') as goods
           from orders o
           where o.recorded_at is not null and o.id in (
             select id from orders where store_id = $1 and copy_of <> '' and copy_of = any($3)
             union select id from orders where store_id = $1 and copy_of <> '' and copy_of = $4
             union select id from orders where store_id = $1 and source = any($2) and channel_id = $4
             union select id from orders where store_id = $1 and number = $4 and $4 <> '')
           order by o.recorded_at, o.id""",
        store_id, list(channels), list(own), copy_of,
    )  # fmt: skip
    # Were the channel a condition of the statement, it might be read by that: all orders of the channel.
    return [
        Counterpart(**{**row, "goods": [(sku, int(count)) for sku, count in row["goods"]]})
        for row in rows
        if row["source"] in channels
    ]


async def is_bought(connection: Connection, order_id: UUID) -> bool:
    """Whether something was planned or bought for an order. Of one that is bought as another, a plan is nothing."""
    found: bool = await connection.fetchval(
        """select exists (select 1 from purchases p join orders o on o.id = p.order_id
                          where p.order_id = $1 and o.mirrors is null
                            and p.state in ('planned', 'claimed', 'confirmed'))""",
        order_id,
    )
    return found


async def mirror(connection: Connection, ids: Sequence[UUID], bought: UUID) -> None:
    """From now on these orders are not bought, because this one is."""
    await connection.execute("update orders set mirrors = $2 where id = any($1)", list(ids), bought)


async def named(connection: Connection, id: UUID) -> Named:
    """An order's names."""
    row = await connection.fetchrow("select id, number, source, channel_id from orders where id = $1", id)
    assert row is not None  # orders are never deleted
    return Named(**row)


async def mirrors_of(connection: Connection, order_id: UUID) -> list[Named]:
    """The orders of other channels that are bought as this one."""
    rows = await connection.fetch(
        "select id, number, source, channel_id from orders where mirrors = $1 order by source, channel_id",
        order_id,
    )
    return [Named(**row) for row in rows]


async def bought_as(connection: Connection, order_id: UUID) -> UUID | None:
    """The order that is bought in place of this one; None where that is itself."""
    found: UUID | None = await connection.fetchval("select mirrors from orders where id = $1", order_id)
    return found


async def lines_of(connection: Connection, order_id: UUID) -> list[tuple[str, str, int]]:
    """What is on an order: line, SKU, and how many."""
    rows = await connection.fetch(
        """select line_id, sku, sum(quantity)::int as quantity from order_lines where order_id = $1
           group by line_id, sku order by line_id""",
        order_id,
    )
    return [(row["line_id"], row["sku"], row["quantity"]) for row in rows]


async def family(connection: Connection, order_id: UUID) -> list[Kin]:
    """The orders that are one with this one, itself included."""
    rows = await connection.fetch(
        """with bought as (select coalesce(mirrors, id) as id from orders where id = $1)
           select o.id, o.number, o.source, o.copy_of <> '' as is_copy,
             o.cancel_requested_at is not null as is_cancelled
           from orders o
           where o.id in (select id from bought
                          union select m.id from orders m join bought b on m.mirrors = b.id)
           order by o.id""",
        order_id,
    )
    return [Kin(**row) for row in rows]


async def show(
    connection: Connection, shipment_id: UUID, order_id: UUID, fulfilment_id: str, now: datetime
) -> None:
    """Note under which fulfilment a mirror shows a parcel; the first word stays."""
    await connection.execute(
        """insert into mirrored_parcels (shipment_id, order_id, fulfilment_id, shown_at) values ($1, $2, $3, $4)
           on conflict (shipment_id, order_id) do nothing""",
        shipment_id, order_id, fulfilment_id, now,
    )  # fmt: skip


async def shown(connection: Connection, order_id: UUID) -> dict[UUID, str]:
    """By parcel, the fulfilment that a mirror shows it as."""
    rows = await connection.fetch(
        "select shipment_id, fulfilment_id from mirrored_parcels where order_id = $1", order_id
    )
    return {row["shipment_id"]: row["fulfilment_id"] for row in rows}
