"""SQL of promises: how many were kept, by the step that made them and by supplier; and how parcels fared by carrier."""

from dataclasses import dataclass

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about


@dataclass(frozen=True, slots=True)
class Promised:
    """Promises of one kind whose time ran out in a span. `stage` is the letter of the step that made them, `supplier`
    whose purchase they were about; None where there is none."""

    stage: str | None
    flow: str
    supplier: str | None
    kept: int
    of: int


@dataclass(frozen=True, slots=True)
class Carried:
    """A carrier's parcels whose way is over; `steady` are those that arrived and never stood still."""

    carrier: str
    steady: int
    of: int


# The index on (state, due_at) bounds what is read. A run that watches a purchase has its reference as its key.
_PROMISED = """
with over as materialized (
  select run_id, clock, state = 'kept' as is_kept from clocks
  where state in ('kept', 'late', 'late-but-met') and due_at >= $2 and due_at < $3 and store_id = $1),
counted as (
  select r.flow_version_id, r.flow, o.clock, p.supplier, count(*) filter (where o.is_kept) as kept, count(*) as of
  from over o join runs r on r.id = o.run_id
  left join purchases p on p.store_id = $1 and p.reference = r.trigger_key
  group by 1, 2, 3, 4),
staged as (
  select c.flow_version_id, c.clock, min(v.graph::jsonb -> 'stages' ->> step.key) as stage
  from (select distinct flow_version_id, clock from counted) c
  join flow_versions v on v.id = c.flow_version_id
  cross join lateral jsonb_each(v.graph::jsonb -> 'nodes') as step
  where step.value ->> 'clock' = c.clock group by 1, 2)
select s.stage, c.flow, c.supplier, sum(c.kept)::int as kept, sum(c.of)::int as of
from counted c left join staged s using (flow_version_id, clock) group by 1, 2, 3 order by 1, 2, 3"""


async def promised(connection: Connection, span: Cohort) -> list[Promised]:
    """The promises of a store whose time ran out within a span."""
    rows = await connection.fetch(_PROMISED, *span.arguments)
    return [Promised(**row) for row in rows]


async def carried(connection: Connection, cohort: Cohort) -> list[Carried]:
    """The parcels of a cohort whose way is over, by carrier; a label that no carrier ever had is nobody's parcel."""
    rows = await connection.fetch(
        about(
            """select s.carrier, count(*) as of,
              count(*) filter (where s.delivered_at is not null and s.spells = 0) as steady
            from cohort o join shipments s on s.order_id = o.id
            where s.over_at is not null and (s.voided_at is null or s.last_scan_at is not null)
            group by 1 order by 2 desc, 1"""
        ),
        *cohort.arguments,
    )
    return [Carried(**row) for row in rows]
