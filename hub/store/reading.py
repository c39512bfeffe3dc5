"""Queries for people's eyes: lists by page, and one thing with all that hangs on it. Nothing here changes a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection

Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a page ended: the moment it is sorted by, and the id among equals."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` rows after `after`."""

    limit: int
    after: Mark | None = None

    @property
    def at(self) -> datetime | None:
        """The moment of the mark."""
        return self.after.at if self.after else None

    @property
    def id(self) -> UUID | None:
        """The id of the mark."""
        return self.after.id if self.after else None


@dataclass(frozen=True, slots=True)
class RunsAsked:
    """Which runs are wanted; None lets everything through."""

    open: bool | None
    flow: str | None = None
    subject: str | None = None
    stores: list[str] | None = None


async def page_runs(connection: Connection, window: Window, asked: RunsAsked) -> Rows:
    """Runs, newest first."""
    return list(
        await connection.fetch(
            """select r.id, r.store_id, r.flow, v.number as version, r.source, r.subject, r.order_id,
                 r.parent_run_id, r.started_at, r.ended_at, r.end_reason, r.due_at, r.is_parked, r.touched_by_person,
                 r.started_at as mark
               from runs r join flow_versions v on v.id = r.flow_version_id
               where ($1::boolean is null or (r.ended_at is null) = $1) and ($2::text is null or r.flow = $2)
                 and ($3::text is null or r.subject = $3) and ($7::text[] is null or r.store_id = any($7))
                 and ($4::timestamptz is null or (r.started_at, r.id) < ($4, $5))
               order by r.started_at desc, r.id desc limit $6""",
            asked.open, asked.flow, asked.subject, window.at, window.id, window.limit, asked.stores,
        )
    )  # fmt: skip


async def read_run(connection: Connection, id: UUID) -> Any:
    """One run, with its version's number; None if there is none."""
    return await connection.fetchrow(
        """select r.*, v.number as flow_version from runs r join flow_versions v on v.id = r.flow_version_id
           where r.id = $1""",
        id,
    )


async def tokens_of(connection: Connection, run_id: UUID) -> Rows:
    """Where a run stands."""
    return list(await connection.fetch("select * from tokens where run_id = $1 order by id", run_id))


async def tokens_of_runs(connection: Connection, run_ids: list[UUID]) -> Rows:
    """Where some runs stand."""
    return list(
        await connection.fetch("select * from tokens where run_id = any($1) order by run_id, id", run_ids)
    )


async def effects_of(connection: Connection, run_ids: list[UUID], order_id: UUID | None = None) -> Rows:
    """The ledger of some runs, and of an order whoever acted for it; oldest first."""
    return list(
        await connection.fetch(
            """select * from effects where run_id = any($1) or ($2::uuid is not null and order_id = $2)
               order by intended_at, id""",
            run_ids,
            order_id,
        )
    )


async def read_effect(connection: Connection, id: UUID) -> Any:
    """One row of the ledger, or None."""
    return await connection.fetchrow("select * from effects where id = $1", id)


async def journal_of(connection: Connection, run_ids: list[UUID]) -> Rows:
    """The history of some runs, oldest first."""
    return list(await connection.fetch("select * from journal where run_id = any($1) order by id", run_ids))


async def cases_of(connection: Connection, run_ids: list[UUID], order_id: UUID | None = None) -> Rows:
    """Cases of some runs, and of an order; oldest first."""
    return list(
        await connection.fetch(
            """select * from cases where run_id = any($1) or ($2::uuid is not null and order_id = $2)
               order by opened_at, id""",
            run_ids,
            order_id,
        )
    )


@dataclass(frozen=True, slots=True)
class CasesAsked:
    """Which cases are wanted; None lets everything through."""

    state: str
    kind: str | None = None
    stores: list[str] | None = None
    owner: str | None = None


async def page_cases(connection: Connection, window: Window, asked: CasesAsked) -> Rows:
    """Cases in a state: those due first come first, those without a due moment after all others."""
    return list(
        await connection.fetch(
            """select * from (
                 select c.*, coalesce(due_at, opened_at + interval '100 years') as mark from cases c
                 where state = $1 and ($2::text is null or kind = $2) and ($3::text[] is null or store_id = any($3))
                   and ($7::text is null or owner = $7)) found
               where $4::timestamptz is null or (mark, id) > ($4, $5) order by mark, id limit $6""",
            asked.state, asked.kind, asked.stores, window.at, window.id, window.limit, asked.owner,
        )
    )  # fmt: skip


async def orders_numbered(connection: Connection, number: str, stores: list[str] | None) -> Rows:
    """The orders of exactly this number, newest first: two shops may both have a 1001."""
    return list(
        await connection.fetch(
            """select * from orders where upper(ltrim(number, '#')) = upper(ltrim($1, '#'))
                 and ltrim(number, '#') = ltrim($1, '#') and ($2::text[] is null or store_id = any($2))
               order by coalesce(recorded_at, cancel_requested_at, 'epoch') desc, id limit 20""",
            number,
            stores,
        )
    )


_PURCHASES = """
select p.*, array(select jsonb_build_object('amendment', p.reference || '~' || a.number, 'state', a.state,
  'asked_at', a.asked_at, 'settled_at', a.settled_at)
  from amendments a where a.purchase_id = p.id order by a.number) as amendments
from purchases p where order_id = $1 order by supplier, number"""


async def trade_of(connection: Connection, order: Any) -> dict[str, Rows]:
    """What hangs on an order: its lines, decisions, purchases and runs."""
    id, number = order["id"], order["number"]
    return {
        "lines": list(
            await connection.fetch(
                """select line_id, max(sku) as sku, sum(quantity)::int as quantity, max(generation) as generation,
                     (array_agg(generation_reason order by generation desc))[1] as generation_reason
                   from order_lines where order_id = $1 group by line_id order by line_id""",
                id,
            )
        ),
        "decisions": list(
            await connection.fetch(
                """select id, run_id, rules_version, lines, tags, proof, made_at, superseded_at from decisions
                   where order_id = $1 order by made_at, id""",
                id,
            )
        ),
        "purchases": list(await connection.fetch(_PURCHASES, id)),
        # A run learns its order's id only when it has recorded it; until then the number is what they share.
        "runs": list(
            await connection.fetch(
                """select r.*, v.number as flow_version from runs r join flow_versions v on v.id = r.flow_version_id
                   where r.order_id = $1 or (r.order_id is null and r.store_id = $2 and $3 <> ''
                     and r.subject = any(array[$3, '#' || ltrim($3, '#'), ltrim($3, '#')]))
                   order by r.started_at, r.id""",
                id,
                order["store_id"],
                number,
            )
        ),
    }


async def aftermath_of(connection: Connection, order_id: UUID, runs: list[UUID]) -> dict[str, Rows]:
    """What followed an order's purchases: parcels, notices without their texts, and the promises of its runs."""
    return {
        "parcels": list(
            await connection.fetch(
                """select s.*, p.reference as purchase, p.supplier from shipments s
                   join purchases p on p.id = s.purchase_id where s.order_id = $1 order by s.created_at, s.reference""",
                order_id,
            )
        ),
        "notices": list(
            await connection.fetch(
                """select order_id, milestone, notice, parcel, state, reason, made_at, sent_at from notices
                   where order_id = $1 order by made_at, milestone""",
                order_id,
            )
        ),
        "clocks": list(
            await connection.fetch(
                """select c.*, r.flow from clocks c join runs r on r.id = c.run_id
                   where c.run_id = any($1) order by c.started_at, c.clock""",
                runs,
            )
        ),
    }


async def stages_of(connection: Connection, run_ids: list[UUID]) -> Rows:
    """Of each run, the stages of its flow's steps, and the step that is first."""
    return list(
        await connection.fetch(
            """with runs_asked as (select id, flow_version_id from runs where id = any($1)),
                 versions as materialized (
                   select id, graph::jsonb as graph from flow_versions
                   where id in (select flow_version_id from runs_asked))
               select r.id, v.graph->'stages' as stages, v.graph->>'start' as start
               from runs_asked r join versions v on v.id = r.flow_version_id""",
            run_ids,
        )
    )


async def list_flows(connection: Connection, stores: list[str] | None) -> Rows:
    """The newest version of every flow, with its runs on their way in all versions."""
    return list(
        await connection.fetch(
            """select distinct on (store_id, flow) v.id, v.store_id, v.flow, v.number, v.is_active, v.roles,
                 v.published_at, v.published_by,
                 (select count(*) from runs r where r.store_id = v.store_id and r.flow = v.flow and r.ended_at is null)
                   as open_runs,
                 (select count(*) from jsonb_each(v.graph::jsonb -> 'nodes') n where n.value ->> 'kind' = 'hold')
                   as manual_steps
               from flow_versions v where $1::text[] is null or store_id = any($1)
               order by store_id, flow, number desc""",
            stores,
        )
    )


async def versions_of(connection: Connection, flow: str, stores: list[str] | None) -> Rows:
    """Every version of a flow in these stores, newest first."""
    return list(
        await connection.fetch(
            """select v.*,
                 (select count(*) from runs r where r.flow_version_id = v.id and r.ended_at is null) as open_runs,
                 (select count(*) from jsonb_each(v.graph::jsonb -> 'nodes') n where n.value ->> 'kind' = 'hold')
                   as manual_steps
               from flow_versions v where flow = $1 and ($2::text[] is null or store_id = any($2))
               order by store_id, number desc""",
            flow,
            stores,
        )
    )


# An effect that is not settled has a token that acts, or a case that asks about it: they are few, and what a large
# supplier was ever asked is not.
_CONNECTIONS = """
with unsettled as (
  select e.connection_id, count(*) as effects from effects e
  where e.state in ('intended', 'in-doubt') and e.id = any(array(
    select effect_id from tokens where state = 'acting' union
    select effect_id from cases where state = 'open' and effect_id is not null))
  group by 1)
select c.*, b.retry_at, s.paused_at is not null as is_store_paused, coalesce(u.effects, 0) as open_effects
from connections c join stores s on s.id = c.store_id
left join unsettled u on u.connection_id = c.id
left join connection_budgets b on b.connection_id = c.id
where $1::text[] is null or c.store_id = any($1) order by c.id"""


async def list_connections(connection: Connection, stores: list[str] | None) -> Rows:
    """The connections of these stores, with what the other side asked us to wait for."""
    return list(await connection.fetch(_CONNECTIONS, stores))


async def read_connection(connection: Connection, id: str, stores: list[str] | None) -> Any:
    """One connection of these stores as it is listed, or None."""
    return next((row for row in await list_connections(connection, stores) if row["id"] == id), None)
