"""SQL of how exceptions ended: one row for each run that noted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run that solves an exception is about: its flow, its order, and the kinds of its cases, oldest first."""

    flow: str
    order_id: UUID | None
    kinds: Sequence[str]


@dataclass(frozen=True, slots=True)
class Noted:
    """How an exception ended, and its root cause."""

    cause: str
    outcome: str


async def origin_of(connection: Connection, run_id: UUID) -> Origin:
    """What a run is about."""
    row = await connection.fetchrow(
        """select r.flow, r.order_id, coalesce(array_agg(c.kind order by c.opened_at, c.id)
                                               filter (where c.id is not null), '{}') as kinds
           from runs r left join cases c on c.run_id = r.id where r.id = $1 group by r.id""",
        run_id,
    )
    return Origin(**row)


async def note(connection: Connection, store_id: str, run_id: UUID, noted: Noted, now: datetime) -> None:
    """Keep how the exception that a run was about ended; what it notes later replaces what it noted before.

    The suppliers are those who gave up a line of the order, else those it was bought from, else those who sell it.
    """
    await connection.execute(
        """insert into outcomes (run_id, store_id, order_id, cause, outcome, suppliers, at)
           select r.id, $2, r.order_id, $3, $4, coalesce(
             (select array_agg(distinct supplier order by supplier) from purchase_claims
              where order_id = r.order_id and released_at is not null),
             (select array_agg(distinct supplier order by supplier) from purchase_claims
              where order_id = r.order_id),
             (select array_agg(distinct a.supplier order by a.supplier) from order_lines l
              join supplier_articles a on a.store_id = l.store_id and a.sku = l.sku where l.order_id = r.order_id),
             '{}'), $5
           from runs r where r.id = $1
           on conflict (run_id) do update
             set cause = excluded.cause, outcome = excluded.outcome, at = excluded.at""",
        run_id,
        store_id,
        noted.cause,
        noted.outcome,
        now,
    )
