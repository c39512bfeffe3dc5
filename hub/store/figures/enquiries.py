"""SQL of what customers ask the support desk: which order, about what, and what was wrong with it just then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort

RECENT_DAYS = 60
"""An order that is older is not taken to be what a customer asks about without naming it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An order somebody may have asked about."""

    id: UUID
    channel_id: str
    number: str


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A ticket that a customer began, as it is kept. Nothing of what was written is."""

    ticket_id: str
    order_id: UUID | None
    topic: str
    gap: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """How an order stands: its open cases by kind, its parcels and its purchases."""

    is_cancelled: bool
    open_kinds: Sequence[str]
    parcels: int
    delivered: int
    not_shown: int
    stalled: int
    bought: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tickets of a topic met a gap."""

    topic: str
    gap: str
    count: int


async def of_person(connection: Connection, store_id: str, person_id: UUID, now: datetime) -> list[Asked]:
    """The recent orders of a person that are neither cancelled nor wholly delivered, at most two of them."""
    rows = await connection.fetch(
        """select id, channel_id, number from orders o
           where store_id = $1 and person_id = $2 and recorded_at > $3::timestamptz - make_interval(days => $4)
             and cancel_requested_at is null and (
               not exists (select 1 from shipments s where s.order_id = o.id)
               or exists (select 1 from shipments s where s.order_id = o.id and s.over_at is null))
           order by recorded_at desc limit 2""",
        store_id,
        person_id,
        now,
        RECENT_DAYS,
    )
    return [Asked(**row) for row in rows]


async def facts_of(connection: Connection, order_id: UUID, late_kinds: Sequence[str]) -> Facts:
    """How an order stands now. It is late if a case says so or its promise to leave was broken."""
    row = await connection.fetchrow(
        """select o.cancel_requested_at is not null as is_cancelled,
             array(select kind from cases where order_id = o.id and state = 'open' order by opened_at) as open_kinds,
             s.parcels, s.delivered, s.not_shown, s.stalled,
             (select count(*) from purchases p where p.order_id = o.id and p.state = 'confirmed') as bought,
             exists (select 1 from cases where order_id = o.id and kind = any($2::text[]))
               or exists (select 1 from runs r join clocks k on k.run_id = r.id
                          where r.order_id = o.id and k.clock = 'left' and k.state like 'late%') as is_late
           from orders o, lateral (
             select count(*) as parcels, count(delivered_at) as delivered,
               count(*) filter (where confirmed_at is null) as not_shown, count(stalled_at) as stalled
             from shipments where order_id = o.id and voided_at is null) s
           where o.id = $1""",
        order_id,
        list(late_kinds),
    )
    return Facts(**row)


async def keep(connection: Connection, owner: tuple[str, str], enquiry: Enquiry, now: datetime) -> None:
    """Keep a ticket of (store, desk's connection); a ticket that is kept already stays as it was."""
    store_id, connection_id = owner
    await connection.execute(
        """insert into enquiries (connection_id, ticket_id, store_id, order_id, topic, gap, received_at, recorded_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (connection_id, ticket_id) do nothing""",
        connection_id, enquiry.ticket_id, store_id, enquiry.order_id, enquiry.topic, enquiry.gap,
        enquiry.received_at, now,
    )  # fmt: skip


async def tally(connection: Connection, span: Cohort) -> list[Tally]:
    """Tickets that came within a span, by topic and gap; most first."""
    rows = await connection.fetch(
        """select topic, gap, count(*) as count from enquiries
           where store_id = $1 and received_at >= $2 and received_at < $3 group by 1, 2 order by 3 desc, 1, 2""",
        *span.arguments,
    )
    return [Tally(**row) for row in rows]


async def are_kept(connection: Connection, store_id: str, until: datetime) -> bool:
    """Whether any ticket of the store was kept before a moment: without one nobody knows what customers ask."""
    found: bool = await connection.fetchval(
        "select exists (select 1 from enquiries where store_id = $1 and received_at < $2)", store_id, until
    )
    return found
