"""SQL of suppliers: how fast they answer and ship, what they reject, whether their numbers and prices hold."""

from dataclasses import dataclass
from decimal import Decimal

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about


@dataclass(frozen=True, slots=True)
class Score:
    """One supplier. Hours are counted from the purchase order; where nothing was measured they are None.

    `purchases` were sent or tried, `rejects` of them given back; `untrackable` of its `parcels` no tracker knows.
    """

    supplier: str
    purchases: int
    rejects: int
    acknowledged: int
    acknowledge_p50: float | None
    acknowledge_p95: float | None
    shipped: int
    ship_p50: float | None
    ship_p95: float | None
    parcels: int
    untrackable: int


@dataclass(frozen=True, slots=True)
class Drift:
    """What purchases were expected to cost by the figures they were decided on, and what the supplier then said, or
    charged."""

    supplier: str
    currency: str
    purchases: int
    expected: Decimal
    said: Decimal


async def scores(connection: Connection, cohort: Cohort) -> list[Score]:
    """Every supplier that a purchase order was sent to."""
    rows = await connection.fetch(
        about(
            """, bought as (
              select p.id, p.supplier, p.store_id, p.state,
                extract(epoch from p.acknowledged_at - p.claimed_at) / 3600 as acknowledged,
                extract(epoch from min(s.shipped_at) - p.claimed_at) / 3600 as shipped,
                count(s.id) as parcels,
                count(s.id) filter (where exists (
                  select 1 from cases c join runs r on r.id = c.run_id
                  where c.order_id = o.id and c.kind = 'untrackable' and r.trigger_key = s.reference)) as untrackable
              from cohort o join purchases p on p.order_id = o.id and p.claimed_at is not null
              left join shipments s on s.purchase_id = p.id group by p.id)
            select supplier, count(*) as purchases, count(*) filter (where state = 'given-back') as rejects,
              count(acknowledged) as acknowledged, count(shipped) as shipped,
              percentile_cont(0.5) within group (order by acknowledged) as acknowledge_p50,
              percentile_cont(0.95) within group (order by acknowledged) as acknowledge_p95,
              percentile_cont(0.5) within group (order by shipped) as ship_p50,
              percentile_cont(0.95) within group (order by shipped) as ship_p95,
              sum(parcels)::int as parcels, sum(untrackable)::int as untrackable
            from bought group by supplier order by supplier"""
        ),
        *cohort.arguments,
    )
    return [Score(**row) for row in rows]


async def drifts(connection: Connection, cohort: Cohort) -> list[Drift]:
    """Purchases whose every unit cost was known and of which the supplier named a cost in the same currency."""
    rows = await connection.fetch(
        about(
            """, priced as (
              select p.id, p.supplier, p.currency, p.cost,
                sum((x ->> 'quantity')::int * (x -> 'unit_cost' ->> 'amount')::numeric) as expected,
                bool_and(x -> 'unit_cost' ->> 'currency' is not distinct from p.currency) as is_whole
              from cohort o join purchases p on p.order_id = o.id and p.state = 'confirmed' and p.cost is not null
              cross join lateral jsonb_array_elements(p.lines) x group by p.id)
            select supplier, currency, count(*) as purchases, sum(expected) as expected, sum(cost) as said
            from priced where is_whole and expected > 0 group by 1, 2 order by 1, 2"""
        ),
        *cohort.arguments,
    )
    return [Drift(**row) for row in rows]


async def charged(connection: Connection, cohort: Cohort) -> list[Drift]:
    """Purchases that were invoiced whole, and what all of their invoices come to. What is not owed is no drift."""
    rows = await connection.fetch(
        about(
            """select p.supplier, c.currency, count(*) as purchases,
                 sum(c.expected_articles + c.expected_parcel) as expected,
                 sum(c.expected_articles + c.expected_parcel + c.variance) as said
               from cohort o join purchases p on p.order_id = o.id and p.state in ('claimed', 'confirmed')
               join purchase_costs c on c.purchase_id = p.id
               where c.variance is not null and c.state not in ('partly-invoiced', 'not-owed')
                 and c.expected_articles + c.expected_parcel > 0
               group by 1, 2 order by 1, 2"""
        ),
        *cohort.arguments,
    )
    return [Drift(**row) for row in rows]
