"""SQL of parcels: how long a customer could not see what had left, and whether sold, bought and shipped agree."""

from dataclasses import dataclass
from uuid import UUID

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about

MOST_NAMED = 100
"""How many differences are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Minutes from leaving a supplier until the shop showed the number: half of the parcels took no longer than
    `p50`, nineteen of twenty no longer than `p95`. `waiting` are those that the shop does not show yet."""

    supplier: str
    p50: float | None
    p95: float | None
    shown: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Books:
    """Lines, each once: those the shop sold, those bought of them, those that left. `differing` counts those whose
    units differ by what explains it; what nothing explains is under the empty word."""

    sold: int
    bought: int
    shipped: int
    differing: dict[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line whose units differ."""

    order_id: UUID
    number: str
    line_id: str
    sold: int
    bought: int
    shipped: int


async def hidden(connection: Connection, cohort: Cohort) -> list[Hidden]:
    """The dangerous time between shipping and showing, for each supplier; the slowest first."""
    rows = await connection.fetch(
        about(
            """, gaps as (
              select p.supplier, s.confirmed_at,
                extract(epoch from s.confirmed_at - s.shipped_at) / 60 as minutes
              from cohort o join shipments s on s.order_id = o.id join purchases p on p.id = s.purchase_id
              where s.voided_at is null or s.confirmed_at is not null)
            select supplier, percentile_cont(0.5) within group (order by minutes) as p50,
              percentile_cont(0.95) within group (order by minutes) as p95,
              count(minutes) as shown, count(*) filter (where confirmed_at is null) as waiting
            from gaps group by supplier order by p95 desc nulls last, supplier"""
        ),
        *cohort.arguments,
    )
    return [Hidden(**row) for row in rows]


# A purchase counts in the generation its lines have now: what was lost and bought anew is not bought twice. A parcel
# that nobody described holds all of its purchase. More bought than sold, or more shipped than bought, is never merely
# under way.
_BOOKS = """, sold as (
  select l.order_id, l.line_id, sum(l.quantity)::int as quantity
  from cohort o join order_lines l on l.order_id = o.id where l.quantity > 0 group by 1, 2),
live as (
  select p.id, p.order_id, x ->> 'line_id' as line_id, (x ->> 'quantity')::int as quantity
  from cohort o join purchases p on p.order_id = o.id and p.state in ('claimed', 'confirmed')
  cross join lateral jsonb_array_elements(p.lines) x
  join purchase_claims k on k.purchase_id = p.id and k.line_id = x ->> 'line_id' and k.released_at is null
  join order_lines l on l.order_id = k.order_id and l.line_id = k.line_id and l.portion = k.portion
    and l.generation = k.generation),
bought as (select order_id, line_id, sum(quantity)::int as quantity from live group by 1, 2),
shipped as (
  select order_id, line_id, sum(quantity)::int as quantity from (
    select v.order_id, v.line_id, coalesce((x ->> 'quantity')::int, v.quantity) as quantity
    from live v join shipments s on s.purchase_id = v.id and s.voided_at is null
    left join lateral jsonb_array_elements(s.lines) x on x ->> 'line_id' = v.line_id
    where x is not null or s.lines = '[]'::jsonb) as units
  group by 1, 2),
books as (
  select order_id, line_id, coalesce(s.quantity, 0) as sold, coalesce(b.quantity, 0) as bought,
    coalesce(l.quantity, 0) as shipped
  from sold s full join bought b using (order_id, line_id) full join shipped l using (order_id, line_id)),
differing as (
  select b.*, o.number, case
    when o.cancel_requested_at is not null then 'cancelled'
    when exists (select 1 from cases c where c.order_id = o.id and c.state = 'open') then 'a person is asked'
    when exists (select 1 from outcomes x where x.order_id = o.id and x.outcome in ('cancelled', 'refunded'))
      then 'given back'
    when b.bought <= b.sold and b.shipped <= b.bought
      and (exists (select 1 from runs r where r.order_id = o.id and r.ended_at is null)
           or exists (select 1 from runs r where r.subject = o.number and r.store_id = $1 and r.ended_at is null))
      then 'under way'
    else '' end as why
  from books b join cohort o on o.id = b.order_id where not (b.sold = b.bought and b.bought = b.shipped))
"""

_COUNTED = """select count(*) filter (where sold > 0) as sold, count(*) filter (where bought > 0) as bought,
  count(*) filter (where shipped > 0) as shipped,
  (select coalesce(jsonb_object_agg(why, many), '{}')
   from (select why, count(*) as many from differing group by why) as d) as differing from books"""

_UNEXPLAINED = """select order_id, number, line_id, sold, bought, shipped from differing
where why = '' order by number, line_id limit $4"""


async def books(connection: Connection, cohort: Cohort) -> Books:
    """How many lines were sold, bought and shipped, and of how many the units differ."""
    return Books(**await connection.fetchrow(about(_BOOKS + _COUNTED), *cohort.arguments))


async def unexplained(connection: Connection, cohort: Cohort) -> list[Difference]:
    """The first lines whose units differ and that nothing explains."""
    rows = await connection.fetch(about(_BOOKS + _UNEXPLAINED), *cohort.arguments, MOST_NAMED)
    return [Difference(**row) for row in rows]
