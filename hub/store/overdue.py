"""SQL of what is overdue: orders nobody forwarded, parcels nobody shows, purchases nobody answered, polls nobody
answered, feeds that stand still. Facts only; what they mean is `hub.fulfilment.silence`'s to say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hub.store.configuration import POLL
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Kept:
    """An order that is kept waiting. `stands_at` is the connection that has not done what it was asked, where one is
    known; `is_paused` where the order rests because something was paused."""

    order_id: UUID | None
    number: str
    since: datetime
    stands_at: str | None
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class Unasked:
    """A poll that was not answered since `answered_at`, though it is to be asked `every` so often; `asked_at` is when
    it was asked last, if ever."""

    connection_id: str
    poll: str
    every: timedelta
    answered_at: datetime
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ordered:
    """A purchase that a supplier was given, and when it answered: took it, or gave it back."""

    supplier: str
    reference: str
    at: datetime
    answered_at: datetime | None
    order_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Still:
    """A supplier's figures, none of which has changed `since`; units of them were sold after it."""

    supplier: str
    since: datetime
    units: int


# Only what is stuck with nobody being asked: whatever holds an open case is known to people. The time counts anew from
# a person's decision and from a purchase that came back, for only then could the order go on. A question that a silence
# itself has asked is no such question, here and below.
_UNFORWARDED = """
with paid as (
  select o.id as order_id, e.subject as number, e.connection_id as source, e.made_at, o.updated_at
  from events e left join orders o
    on o.store_id = e.store_id and o.source = e.connection_id and o.channel_id = e.key
  where e.store_id = $1 and e.name = 'order_paid' and e.made_at between $3 and $2 and e.subject is not null
    and (o.id is null or o.cancel_requested_at is null
         and (o.recorded_at is null or o.payment in ('paid', 'partly_refunded')))
    and (o.id is null
         or not exists (select 1 from purchases p where p.order_id = o.id and p.state = 'confirmed')
         or exists (select 1 from purchases p where p.order_id = o.id and p.state in ('planned', 'claimed')))),
stuck as (
  select p.*, r.id as run_id, r.is_parked from paid p cross join lateral (
    select id, is_parked from runs where subject = p.number and store_id = $1 and source = p.source
      and ended_at is null and flow = any($4::text[]) order by started_at desc limit 1) r),
unasked as (
  select s.order_id, s.number, s.is_parked as is_paused,
  greatest(s.made_at, s.updated_at,
    (select max(resolved_at) from cases c where c.order_id = s.order_id and not exists (
      select 1 from runs w join events v on v.id = w.event_id where w.id = c.run_id and v.name = 'silence_began')),
    (select max(resolved_at) from cases c where c.run_id = s.run_id),
    (select max(settled_at) from purchases p where p.order_id = s.order_id and p.state = 'given-back'),
    (select max(asked_at) from replacements x where x.order_id = s.order_id)) as since,
  (select e.connection_id from effects e where e.run_id = s.run_id and e.state in ('intended', 'not-done', 'in-doubt')
     order by e.attempted_at desc limit 1) as stands_at
from stuck s
where not exists (select 1 from cases c where c.order_id = s.order_id and c.state = 'open'
                    and c.kind not in ('late', 'due-soon') and not exists (
      select 1 from runs w join events v on v.id = w.event_id where w.id = c.run_id and v.name = 'silence_began'))
  and not exists (select 1 from cases c where c.run_id = s.run_id and c.state = 'open'))
select * from unasked where since <= $2 order by since, number"""


async def unforwarded(
    connection: Connection, store_id: str, flows: Sequence[str], limit: datetime, horizon: datetime
) -> list[Kept]:
    """Paid orders since before `limit`, and after `horizon`, that no supplier has taken, while a run of one of these
    flows is still to bring them there, and about which nobody is asked; the longest waiting first."""
    rows = await connection.fetch(_UNFORWARDED, store_id, limit, horizon, list(flows))
    return [Kept(**row) for row in rows]


async def unshown(connection: Connection, store_id: str, limit: datetime, horizon: datetime) -> list[Kept]:
    """Orders with a parcel that the sales channel does not show, and about which nobody is asked.

    A number beyond those that already hold everything is no parcel that the channel could be told of.
    """
    rows = await connection.fetch(
        """select o.id as order_id, o.number, min(s.created_at) as since, coalesce(min(a.connection_id), o.source)
             as stands_at
           from shipments s join orders o on o.id = s.order_id
           left join lateral (
             select e.connection_id from runs r join effects e on e.run_id = r.id
             where r.subject = o.number and r.store_id = $1 and r.trigger_key = s.reference and r.ended_at is null
               and e.state in ('intended', 'not-done', 'in-doubt') order by e.attempted_at desc limit 1) a on true
           where s.store_id = $1 and s.over_at is null and s.created_at between $3 and $2
             and s.confirmed_at is null and s.voided_at is null and o.cancel_requested_at is null
             and (s.lines <> '[]'::jsonb or not exists (
               select 1 from shipments k where k.purchase_id = s.purchase_id and k.confirmed_at is not null))
             and not exists (
               select 1 from cases c where c.order_id = o.id and c.state = 'open' and c.opened_at >= s.created_at
                 and not exists (
      select 1 from runs w join events v on v.id = w.event_id where w.id = c.run_id and v.name = 'silence_began'))
           group by o.id, o.number, o.source order by 3, 2""",
        store_id, limit, horizon,
    )  # fmt: skip
    return [Kept(**row) for row in rows]


async def unnumbered(connection: Connection, store_id: str, limit: datetime, horizon: datetime) -> list[Kept]:
    """Orders with a purchase that its supplier calls shipped without naming any parcel."""
    rows = await connection.fetch(
        """select o.id as order_id, o.number, p.untracked_since as since, p.supplier as stands_at
           from purchases p join orders o on o.id = p.order_id
           where p.store_id = $1 and p.untracked_since is not null and p.untracked_since between $3 and $2
             and p.state = 'confirmed' and o.cancel_requested_at is null
             and not exists (
               select 1 from cases c where c.order_id = o.id and c.state = 'open' and c.opened_at >= p.untracked_since
                 and not exists (
      select 1 from runs w join events v on v.id = w.event_id where w.id = c.run_id and v.name = 'silence_began'))
           order by p.untracked_since, o.number""",
        store_id, limit, horizon,
    )  # fmt: skip
    return [Kept(**row) for row in rows]


async def unasked(connection: Connection, store_id: str | None = None) -> list[Unasked]:
    """When each poll was last answered: of a store's connections that are to be asked, or of all such."""
    rows = await connection.fetch(
        """select p.connection_id, p.poll, p.every, p.answered_at, p.asked_at
           from poll_cursors p join connections c on c.id = p.connection_id
           where ($1::text is null or c.store_id = $1) and $2 = any(c.hears)
             and p.every is not null and p.answered_at is not null
           order by p.connection_id, p.poll""",
        store_id,
        POLL,
    )
    return [Unasked(**row) for row in rows]


async def unanswered(
    connection: Connection, store_id: str, limit: datetime, horizon: datetime
) -> dict[str, datetime]:
    """Suppliers that have not answered a purchase which reached them between `horizon` and `limit`, and its moment."""
    rows = await connection.fetch(
        """select p.supplier, min(r.reached_at) as first
           from purchases p left join exports e on e.purchase_id = p.id
             -- None of what is laid aside for a batch that has not gone out. No batch is older than thirty days.
             cross join lateral (select case when e.purchase_id is null then p.claimed_at else e.exported_at end
                                   as reached_at) r
           where p.store_id = $1 and p.state = 'confirmed' and p.acknowledged_at is null
             and p.claimed_at between $3::timestamptz - interval '30 days' and $2
             and r.reached_at between $3 and $2 group by p.supplier order by p.supplier""",
        store_id, limit, horizon,
    )  # fmt: skip
    return {row["supplier"]: row["first"] for row in rows}


async def ordered_from(
    connection: Connection, store_id: str, supplier: str, since: datetime
) -> list[Ordered]:
    """Everything that a supplier was given since a moment, oldest first. Giving it back is an answer, too."""
    rows = await connection.fetch(
        """select p.supplier, p.reference, r.reached_at as at, o.id as order_id, o.number,
             case when p.state = 'given-back' then coalesce(p.acknowledged_at, p.settled_at)
                  else p.acknowledged_at end as answered_at
           from purchases p join orders o on o.id = p.order_id left join exports e on e.purchase_id = p.id
             cross join lateral (select case when e.purchase_id is null then p.claimed_at else e.exported_at end
                                   as reached_at) r
           where p.store_id = $1 and p.supplier = $2
             and p.claimed_at >= $3::timestamptz - interval '30 days' and r.reached_at >= $3
             and p.state in ('confirmed', 'given-back') order by r.reached_at, p.reference""",
        store_id, supplier, since,
    )  # fmt: skip
    return [Ordered(**row) for row in rows]


async def still_feed(
    connection: Connection, store_id: str, supplier: str, after: timedelta, now: datetime
) -> Still | None:
    """The supplier's figures, if none has changed for this long although they were told anew at the end of it."""
    since: datetime | None = await connection.fetchval(
        "select max(said_since) from stock_levels where store_id = $1 and supplier = $2", store_id, supplier
    )
    if since is None or since > now - after:
        return None
    is_told_anew = await connection.fetchval(
        """select exists (select 1 from stock_levels where store_id = $1 and supplier = $2 and said is not null
             and recorded_at >= $3)""",
        store_id, supplier, since + after,
    )  # fmt: skip
    if not is_told_anew:
        return None
    units = await connection.fetchval(
        """select coalesce(sum(quantity), 0)::int from reservations
           where store_id = $1 and supplier = $2 and state = 'consumed' and settled_at > $3""",
        store_id, supplier, since,
    )  # fmt: skip
    return Still(supplier, since, units)
