"""SQL of what the choice of suppliers is worth: its cost, beside all of the same orders at one supplier."""

from dataclasses import dataclass
from decimal import Decimal

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the orders that one supplier could have had alone cost as they were decided, and would have cost there."""

    supplier: str
    currency: str
    orders: int
    chosen: Decimal
    alone: Decimal


@dataclass(frozen=True, slots=True)
class Compared:
    """`orders` were decided; each supplier that sells every line of some of them is a baseline, the widest first."""

    orders: int
    baselines: list[Baseline]


# Of a line that is shared nobody had enough: no supplier could have had that order alone.
# Articles, and once for each parcel its shipping and fee. A cost that is not known leaves the whole order out: nothing
# is compared by halves. Money of different currencies is never added.
_COSTS = """, lines as (
  select d.order_id, x ->> 'line_id' as line_id, x ->> 'supplier' as chosen, (x ->> 'quantity')::int as quantity,
    coalesce(x ->> 'reason' = 'shared', false) as is_shared, x -> 'candidates' as candidates
  from cohort o join decisions d on d.order_id = o.id and d.superseded_at is null
  cross join lateral jsonb_array_elements(d.lines) x),
wanted as (select order_id, count(*) as lines from lines group by 1),
offers as (
  select l.order_id, l.is_shared, l.chosen, c ->> 'supplier' as supplier, c -> 'unit_cost' ->> 'currency' as currency,
    l.quantity * (c -> 'unit_cost' ->> 'amount')::numeric as articles,
    (c -> 'shipping' ->> 'amount')::numeric + coalesce((c -> 'fee' ->> 'amount')::numeric, 0) as parcel
  from lines l cross join lateral jsonb_array_elements(l.candidates) c
  where c -> 'unit_cost' ->> 'amount' is not null and c -> 'shipping' ->> 'amount' is not null
    and c -> 'shipping' ->> 'currency' = c -> 'unit_cost' ->> 'currency' and c ->> 'standing' <> 'not-offered'),
taken as (
  select order_id, supplier, currency, count(*) as lines, sum(articles) + max(parcel) as cost
  from offers where supplier = chosen group by 1, 2, 3),
decided as (
  select order_id, min(currency) as currency, sum(cost) as cost from taken t join wanted w using (order_id)
  group by order_id, w.lines having sum(t.lines) = w.lines and count(distinct currency) = 1),
alone as (
  select order_id, supplier, currency, sum(articles) + max(parcel) as cost from offers o join wanted w using (order_id)
  where not is_shared group by order_id, supplier, currency, w.lines having count(*) = w.lines)
"""

_COMPARED = """select a.supplier, a.currency, count(*) as orders, sum(d.cost) as chosen, sum(a.cost) as alone
from alone a join decided d using (order_id, currency) group by 1, 2 order by 3 desc, 5, 1"""

_DECIDED = """select count(*) from cohort o
where exists (select 1 from decisions d where d.order_id = o.id and d.superseded_at is null)"""


async def compared(connection: Connection, cohort: Cohort) -> Compared:
    """What the orders cost as decided, beside each supplier that could have had some of them alone."""
    rows = await connection.fetch(about(_COSTS + _COMPARED), *cohort.arguments)
    orders: int = await connection.fetchval(about(_DECIDED), *cohort.arguments)
    return Compared(orders, [Baseline(**row) for row in rows])
