"""SQL of stock and reservations. Whoever reserves locks the stock rows first, in one order, and then counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from hub.store.database import Connection

Article = tuple[str, str]
"""(supplier, supplier's SKU)"""


@dataclass(frozen=True, slots=True)
class Level:
    """A snapshot of an article; `is_confirmed` when somebody vouched for the figure, not only a feed."""

    supplier: str
    supplier_sku: str
    available: int
    as_of: datetime
    unit_cost: Decimal | None = None
    currency: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Reservation:
    """Units of an article for one line of a purchase."""

    supplier: str
    supplier_sku: str
    line_id: str
    quantity: int


async def keep_levels(
    connection: Connection, store_id: str, levels: Sequence[Level], now: datetime, *, is_said: bool = True
) -> int:
    """Take over snapshots that are not older than what is known; how many were. `is_said`: the supplier's own feed says
    so, and has said so since it last said otherwise."""
    ordered = sorted(levels, key=lambda level: (level.supplier, level.supplier_sku))
    rows = await connection.fetch(
        """insert into stock_levels as s (store_id, supplier, supplier_sku, available, as_of, unit_cost, currency,
                                          is_confirmed, recorded_at, said, said_since)
           select $1, u.*, $9, case when $10 then u.available end, case when $10 then u.as_of end
           from unnest($2::text[], $3::text[], $4::int[], $5::timestamptz[], $6::numeric[], $7::text[], $8::boolean[])
             as u(supplier, supplier_sku, available, as_of, unit_cost, currency, is_confirmed)
           on conflict (store_id, supplier, supplier_sku) do update set available = excluded.available,
             as_of = excluded.as_of, unit_cost = excluded.unit_cost, currency = excluded.currency,
             is_confirmed = excluded.is_confirmed, recorded_at = excluded.recorded_at,
             said = case when $10 then excluded.said else s.said end,
             said_since = case when $10 and s.said is distinct from excluded.said then excluded.said_since
                               else s.said_since end
           where s.as_of <= excluded.as_of returning 1""",
        store_id, [x.supplier for x in ordered], [x.supplier_sku for x in ordered], [x.available for x in ordered],
        [x.as_of for x in ordered], [x.unit_cost for x in ordered], [x.currency for x in ordered],
        [x.is_confirmed for x in ordered], now, is_said,
    )  # fmt: skip
    return len(rows)


async def lock_levels(
    connection: Connection, store_id: str, articles: Sequence[Article], now: datetime
) -> dict[Article, Level]:
    """Lock these articles and tell what is left of each after our own reservations."""
    return await _left(connection, f"{_LEVELS} for no key update of s", _names(store_id, articles), now)


async def read_levels(
    connection: Connection,
    store_id: str,
    articles: Sequence[Article],
    now: datetime,
    void: Sequence[UUID] = (),
) -> dict[Article, Level]:
    """What is left of each of these articles, as of now, without a lock; `void` purchases reserve nothing any more."""
    return await _left(connection, _LEVELS, _names(store_id, articles), now, void)


async def levels_of(connection: Connection, store_id: str, supplier: str) -> dict[str, Level]:
    """Every article that is known of a supplier, as it last said, our reservations not counted."""
    rows = await connection.fetch(
        """select supplier, supplier_sku, available, as_of, unit_cost, currency, is_confirmed
           from stock_levels where store_id = $1 and supplier = $2""",
        store_id, supplier,
    )  # fmt: skip
    return {row["supplier_sku"]: Level(**row) for row in rows}


_LEVELS = """
select s.supplier, s.supplier_sku, s.available, s.as_of, s.unit_cost, s.currency, s.is_confirmed
from stock_levels s join unnest($2::text[], $3::text[]) as u(supplier, sku)
  on s.supplier = u.supplier and s.supplier_sku = u.sku
where s.store_id = $1 order by s.supplier, s.supplier_sku"""


def _names(store_id: str, articles: Sequence[Article]) -> list[object]:
    wanted = sorted(set(articles))
    return [store_id, [s for s, _ in wanted], [k for _, k in wanted]]


async def _left(
    connection: Connection, query: str, names: list[object], now: datetime, void: Sequence[UUID] = ()
) -> dict[Article, Level]:
    # Two statements: the count must see what was committed while we waited for the lock.
    rows = await connection.fetch(query, *names)
    taken = await _taken(connection, names, now, void)
    return {
        (row["supplier"], row["supplier_sku"]): Level(
            **{**row, "available": row["available"] - taken.get((row["supplier"], row["supplier_sku"]), 0)}
        )
        for row in rows
    }


async def _taken(
    connection: Connection, names: list[object], now: datetime, void: Sequence[UUID]
) -> dict[Article, int]:
    # What was consumed before the snapshot is in the supplier's own figure already. A held unit counts a little longer
    # than it is held: the run that claims it in the last moment may be committing now.
    rows = await connection.fetch(
        """select r.supplier, r.supplier_sku, sum(r.quantity)::int as quantity
           from reservations r join unnest($2::text[], $3::text[]) as u(supplier, sku)
             on r.supplier = u.supplier and r.supplier_sku = u.sku
           join stock_levels s
             on s.store_id = r.store_id and s.supplier = r.supplier and s.supplier_sku = r.supplier_sku
           where r.store_id = $1 and r.purchase_id <> all($5::uuid[]) and (
             r.state = 'claimed' or (r.state = 'consumed' and r.settled_at >= s.as_of)
             or (r.state = 'held' and r.until > $4::timestamptz - interval '2 minutes'))
           group by r.supplier, r.supplier_sku""",
        *names, now, list(void),
    )  # fmt: skip
    return {(row["supplier"], row["supplier_sku"]): row["quantity"] for row in rows}


async def reserve(
    connection: Connection,
    store_id: str,
    purchase: tuple[UUID, UUID],
    wanted: Sequence[Reservation],
    until: datetime,
) -> None:
    """Set units aside for a purchase (order, purchase), under the locks of `lock_levels`."""
    order_id, purchase_id = purchase
    await connection.executemany(
        """insert into reservations (id, store_id, supplier, supplier_sku, order_id, purchase_id, line_id, quantity,
                                     state, until) values ($1, $2, $3, $4, $5, $6, $7, $8, 'held', $9)""",
        [
            (
                uuid4(),
                store_id,
                r.supplier,
                r.supplier_sku,
                order_id,
                purchase_id,
                r.line_id,
                r.quantity,
                until,
            )
            for r in wanted
        ],
    )


async def settle_reservations(
    connection: Connection, purchases: Sequence[UUID], state: str, now: datetime
) -> None:
    """Move the reservations of purchases to `claimed`, `consumed` or `released`; a released one stays released."""
    await connection.execute(
        """update reservations set state = $2, settled_at = $3
           where purchase_id = any($1::uuid[]) and state <> 'released'""",
        list(purchases), state, now,
    )  # fmt: skip
