"""SQL of what took too long: orders that were bought late, parcels that the shop showed late. Measured, not alarmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about


@dataclass(frozen=True, slots=True)
class Limit:
    """What took longer than `within` is late; what has not happened by `now` goes on being late."""

    within: timedelta
    now: datetime


async def bought_late(connection: Connection, cohort: Cohort, limit: Limit, kinds: Sequence[str]) -> int:
    """Orders that no supplier had taken in time, though nothing else was asked about them meanwhile.

    An order with a case of another kind than these is late for that reason, and counted there.
    """
    found: int = await connection.fetchval(
        about(
            """select count(*) from cohort o
            join orders r on r.id = o.id
            left join events e on e.connection_id = r.source and e.name = 'order_paid' and e.key = r.channel_id
            left join lateral (
              select min(settled_at) as at from purchases where order_id = o.id and state = 'confirmed') taken on true
            where coalesce(taken.at, $4) - least(r.recorded_at, e.made_at) > $5
              and (taken.at is not null or o.cancel_requested_at is null and exists (
                     select 1 from runs u where u.subject = o.number and u.store_id = $1 and u.ended_at is null))
              and not exists (
                select 1 from cases c where c.order_id = o.id and c.opened_at <= coalesce(taken.at, $4)
                  and c.kind <> all($6::text[]))"""
        ),
        *cohort.arguments,
        limit.now,
        limit.within,
        list(kinds),
    )
    return found


async def shown_late(connection: Connection, cohort: Cohort, limit: Limit, kinds: Sequence[str]) -> int:
    """Orders with a parcel that the shop did not show in time, or about whose number somebody was asked."""
    found: int = await connection.fetchval(
        about(
            """select count(*) from cohort o
            where exists (select 1 from cases c where c.order_id = o.id and c.kind = any($6::text[]))
               or exists (select 1 from shipments s where s.order_id = o.id
                          and coalesce(s.confirmed_at, s.voided_at, $4) - s.created_at > $5)"""
        ),
        *cohort.arguments,
        limit.now,
        limit.within,
        list(kinds),
    )
    return found
