"""SQL of exceptions: how many orders met one, how they ended, which orders were cancelled and why, what is open now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about

Causes = Mapping[str, str]
"""Kind of a case to its root cause; a kind that is missing is its own."""


@dataclass(frozen=True, slots=True)
class Met:
    """What an order met: a case of one of these kinds, or an outcome of one of these causes."""

    kinds: Sequence[str]
    causes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How many exceptions of a cause ended like this; `outcome` is None where nobody noted how."""

    cause: str
    outcome: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """How many orders were cancelled for a cause at suppliers; several suppliers of one order are named together."""

    cause: str
    suppliers: str
    count: int


@dataclass(frozen=True, slots=True)
class Open:
    """Open cases of a kind, and when the oldest was opened."""

    kind: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Touches:
    """How often a step of a flow asked a person."""

    flow: str
    node: str
    count: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    count: int
    of: int


async def orders_that_met(connection: Connection, cohort: Cohort, met: Met) -> int:
    """How many orders of a cohort met something; one that met it twice counts once."""
    found: int = await connection.fetchval(
        about(
            """select count(*) from cohort o
            where exists (select 1 from cases c where c.order_id = o.id and c.kind = any($4::text[]))
               or exists (select 1 from outcomes x where x.order_id = o.id and x.cause = any($5::text[]))"""
        ),
        *cohort.arguments,
        list(met.kinds),
        list(met.causes),
    )
    return found


async def bad_addresses_stopped(connection: Connection, cohort: Cohort, kinds: Sequence[str]) -> int:
    """How many orders met a doubtful address before anything was bought for them."""
    found: int = await connection.fetchval(
        about(
            """select count(*) from cohort o where exists (
              select 1 from cases c where c.order_id = o.id and c.kind = any($4::text[]) and not exists (
                select 1 from purchases p where p.order_id = o.id and p.claimed_at < c.opened_at))"""
        ),
        *cohort.arguments,
        list(kinds),
    )
    return found


async def ended(connection: Connection, cohort: Cohort, causes: Causes) -> list[Ended]:
    """Exceptions that are over, by root cause and outcome: each run that noted one, and each order with resolved
    cases of a cause for which no run noted any."""
    rows = await connection.fetch(
        about(
            """, noted as (
              select x.order_id, x.cause, x.outcome from cohort o join outcomes x on x.order_id = o.id),
            unnoted as (
              select distinct c.order_id, coalesce(m.cause, c.kind) as cause from cohort o
              join cases c on c.order_id = o.id and c.state = 'resolved'
              left join unnest($4::text[], $5::text[]) as m(kind, cause) on m.kind = c.kind)
            select cause, outcome, count(*) as count from (
              select cause, outcome from noted
              union all
              select u.cause, null from unnoted u where not exists (
                select 1 from noted n where n.order_id = u.order_id and n.cause = u.cause)) as over
            group by 1, 2 order by 3 desc, 1, 2"""
        ),
        *cohort.arguments,
        list(causes),
        list(causes.values()),
    )
    return [Ended(**row) for row in rows]


async def cancelled(connection: Connection, cohort: Cohort) -> list[Cancelled]:
    """Cancelled orders by cause: the one a run noted first, else fraud where a person said so, else somebody's wish."""
    rows = await connection.fetch(
        about(
            """, over as (
              select coalesce(x.cause, case when f.order_id is null then 'asked-for' else 'fraud' end) as cause,
                     coalesce(array_to_string(x.suppliers, ', '), '') as suppliers
              from cohort o
              left join lateral (
                select cause, suppliers from outcomes
                where order_id = o.id and outcome = 'cancelled' order by at limit 1) x on true
              left join lateral (
                select order_id from cases
                where order_id = o.id and kind = 'fraud-review' and choice = 'reject' limit 1) f on true
              where o.cancel_requested_at is not null or x.cause is not null)
            select cause, suppliers, count(*) as count from over group by 1, 2 order by 3 desc, 1, 2"""
        ),
        *cohort.arguments,
    )
    return [Cancelled(**row) for row in rows]


async def open_now(connection: Connection, store_id: str) -> list[Open]:
    """What waits for a person now, by kind; most first."""
    rows = await connection.fetch(
        """select kind, count(*) as count, min(opened_at) as oldest from cases
           where store_id = $1 and state = 'open' group by kind order by 2 desc, 1""",
        store_id,
    )
    return [Open(**row) for row in rows]


async def untouched(connection: Connection, cohort: Cohort) -> Share:
    """Orders for which no case was ever opened: nobody had to look at them."""
    row = await connection.fetchrow(
        about(
            """select count(*) as of, count(*) filter (
              where not exists (select 1 from cases c where c.order_id = o.id)) as count from cohort o"""
        ),
        *cohort.arguments,
    )
    return Share(**row)


async def asked_at(connection: Connection, cohort: Cohort) -> list[Touches]:
    """Where people were asked about the orders of a cohort: each step, most first."""
    rows = await connection.fetch(
        about(
            """select r.flow, coalesce(c.node, '') as node, count(*) as count
               from cohort o join cases c on c.order_id = o.id join runs r on r.id = c.run_id
               group by 1, 2 order by 3 desc, 1, 2"""
        ),
        *cohort.arguments,
    )
    return [Touches(**row) for row in rows]


async def decided_by_people(connection: Connection, cohort: Cohort) -> int:
    """How many cases of a cohort's orders a person decided; those that settled by themselves took nobody's time."""
    found: int = await connection.fetchval(
        about(
            """select count(*) from cohort o join cases c on c.order_id = o.id
               where c.state = 'resolved' and c.resolved_by is not null"""
        ),
        *cohort.arguments,
    )
    return found


async def seen_first(connection: Connection, cohort: Cohort, causes: Causes) -> Share:
    """Exceptions, each cause of an order once, whose first case was opened before its customer wrote at all."""
    row = await connection.fetchrow(
        about(
            """, found as (
              select c.order_id, coalesce(m.cause, c.kind) as cause, min(c.opened_at) as opened_at
              from cohort o join cases c on c.order_id = o.id
              left join unnest($4::text[], $5::text[]) as m(kind, cause) on m.kind = c.kind group by 1, 2)
            select count(*) as of, count(*) filter (where not exists (
              select 1 from enquiries e
              where e.order_id = f.order_id and e.received_at <= f.opened_at)) as count from found f"""
        ),
        *cohort.arguments,
        list(causes),
        list(causes.values()),
    )
    return Share(**row)


async def told_first(connection: Connection, cohort: Cohort) -> Share:
    """Notices that were sent before the customer of their order wrote at all."""
    row = await connection.fetchrow(
        about(
            """select count(*) as of, count(*) filter (where not exists (
              select 1 from enquiries e where e.order_id = n.order_id and e.received_at <= n.sent_at)) as count
            from cohort o join notices n on n.order_id = o.id and n.state = 'sent'"""
        ),
        *cohort.arguments,
    )
    return Share(**row)
