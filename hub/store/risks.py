"""SQL of how suppliers keep their promises: weighed now and then from their purchases, read with every assignment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """Of so many purchases of a supplier that something can be said of, which left late and which were refused."""

    supplier: str
    purchases: int
    late: int
    rejected: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is looked at: purchases since then, as of now, without refusals for these reasons."""

    since: datetime
    now: datetime
    not_theirs: Sequence[str] = ()


async def of_suppliers(connection: Connection, store_id: str, suppliers: Sequence[str]) -> list[Kept]:
    """What was weighed last of each of these."""
    rows = await connection.fetch(
        """select supplier, purchases, late, rejected, as_of from supplier_risks
           where store_id = $1 and supplier = any($2::text[]) order by supplier""",
        store_id, list(suppliers),
    )  # fmt: skip
    return [Kept(**row) for row in rows]


async def are_due(connection: Connection, store_id: str, suppliers: Sequence[str], before: datetime) -> bool:
    """Whether any of these was weighed last before then, or never."""
    found: bool = await connection.fetchval(
        """select exists (select 1 from unnest($2::text[]) as u(supplier) where not exists (
             select 1 from supplier_risks r
             where r.store_id = $1 and r.supplier = u.supplier and r.as_of > $3))""",
        store_id, list(suppliers), before,
    )  # fmt: skip
    return found


async def weigh(connection: Connection, store_id: str, suppliers: Sequence[str], weighing: Weighing) -> None:
    """Weigh each of these anew; of one without purchases that is known, too.

    Nothing can be said yet of what may still leave in time, nor ever of what the customer cancelled or what was sent
    before promises were kept: refusals of that time are left out with it, or they would be all that is seen of it.
    """
    await connection.execute(
        """insert into supplier_risks as kept (store_id, supplier, purchases, late, rejected, as_of)
           select $1, u.supplier, count(b.state), count(*) filter (where b.is_late),
                  count(*) filter (where b.state = 'given-back'), $4
           from unnest($2::text[]) as u(supplier)
           left join (
             select p.supplier, p.state,
                    p.state = 'confirmed' and coalesce(l.left_at, $4::timestamptz) > p.ship_by as is_late
             from purchases p join orders o on o.id = p.order_id
             left join lateral (
               select min(s.shipped_at) as left_at from shipments s where s.purchase_id = p.id) l on true
             where p.store_id = $1 and p.claimed_at >= (
                 select min(claimed_at) from purchases
                 where store_id = $1 and claimed_at >= $3 and ship_by is not null)
               and o.cancel_requested_at is null
               and (p.state = 'given-back' and p.reason <> all($5::text[])
                    or p.state = 'confirmed' and p.ship_by is not null
                       and (l.left_at is not null or p.ship_by < $4))
           ) b on b.supplier = u.supplier
           group by u.supplier
           on conflict (store_id, supplier) do update set purchases = excluded.purchases, late = excluded.late,
             rejected = excluded.rejected, as_of = excluded.as_of""",
        store_id, list(suppliers), weighing.since, weighing.now, list(weighing.not_theirs),
    )  # fmt: skip
