"""Invariant I lives here: one writer per run, and a step is all or nothing.

`write` puts many units, of different runs, into the open transaction: it locks in one order (correlations, orders,
runs, each sorted), fences every run by its lease serial, and tells which units survived. A unit whose lease is lost
writes nothing but facts about the world: definite answers. What every step changes is one statement; the rest is rare.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from hub.store.cases import About, open_case
from hub.store.database import Connection
from hub.store.unit import ClockPut, RunNew, Unit


@dataclass(slots=True)
class Written:
    """Which units were written. `cancelled` ones met a cancelled order: their purchase was not intended. `overtaken`
    ones settled a case that a person had just decided: they are walked again, from the decision."""

    survivors: set[UUID]
    cancelled: set[UUID] = field(default_factory=set)
    overtaken: set[UUID] = field(default_factory=set)


# `= any(array(...))` rather than `in (...)`: the survivors are found once, and no plan can make it quadratic.
# While a lease lasts the run stays due, so that a dead worker's run is found; `due_at` then keeps its value, as every
# change of an indexed column costs an entry in every index of the row.
_STEP = """
with u as materialized (
  select * from unnest($1::uuid[], $2::int[], $3::bytea[], $4::uuid[], $5::timestamptz[], $6::boolean[], $7::text[],
                       $8::int[], $9::timestamptz[], $10::boolean[])
    as u(id, serial, names, order_id, due, release, ended, wakes, now, parked)),
locked as materialized (select id from runs where id = any($1) order by id for no key update),
fenced as (
  update runs r set version = r.version + 1, names = coalesce(u.names, r.names),
    order_id = coalesce(u.order_id, r.order_id), is_parked = u.parked,
    due_at = case when u.ended is not null then null when r.wakes <> u.wakes then least(u.now, u.due)
                  when u.release then u.due else coalesce(r.due_at, u.now) end,
    lease_owner = case when u.release then null else r.lease_owner end,
    ended_at = case when u.ended is null then null else u.now end, end_reason = u.ended
  from u where r.id = u.id and r.id = any(array(select id from locked)) and r.lease_serial = u.serial
    and r.ended_at is null
  returning r.id),
known as (
  update effects e set state = p.state, attempt = p.attempt, lookups = p.lookups, answer = coalesce(p.answer, e.answer),
    refusal = p.refusal, reason = p.reason,
    attempted_at = case when p.state = 'intended' then p.now else e.attempted_at end,
    settled_at = case when p.state in ('confirmed', 'refused', 'skipped') then p.now end
  from unnest($11::uuid[], $12::uuid[], $13::text[], $14::int[], $15::int[], $16::bytea[], $17::text[], $18::text[],
              $19::timestamptz[]) as p(run, id, state, attempt, lookups, answer, refusal, reason, now)
  where e.id = p.id and (p.state in ('confirmed', 'refused') or p.run = any(array(select id from fenced)))
    and (e.state not in ('confirmed', 'refused', 'skipped') or (e.state = 'refused' and p.state = 'intended'))),
intended as (
  insert into effects (id, store_id, run_id, order_id, node, connection_id, action, kind, key, person_id, request,
                       state, attempt, lookups, reason, intended_at, attempted_at)
  select n.id, n.store, n.run, n.ord, n.node, n.conn, n.action, n.kind, n.key, n.person, n.request, 'intended', 1, 0,
         '', n.now, n.now
  from unnest($20::uuid[], $21::text[], $22::uuid[], $23::uuid[], $24::text[], $25::text[], $26::text[], $27::jsonb[],
              $28::text[], $29::uuid[], $30::bytea[], $31::timestamptz[])
    as n(id, store, run, ord, node, conn, action, kind, key, person, request, now)
  where n.run = any(array(select id from fenced))),
gone as (
  delete from tokens t using unnest($32::uuid[], $33::uuid[]) as g(run, id)
  where t.id = g.id and g.run = any(array(select id from fenced))),
standing as (
  insert into tokens (id, run_id, node, path, state, effect_id, wait_id, case_id, due_at)
  select t.* from unnest($34::uuid[], $35::uuid[], $36::text[], $37::text[], $38::text[], $39::uuid[], $40::uuid[],
                         $41::uuid[], $42::timestamptz[]) as t(id, run, node, path, state, effect, wait, held, due)
  where t.run = any(array(select id from fenced))
  on conflict (id) do update set node = excluded.node, path = excluded.path, state = excluded.state,
    effect_id = excluded.effect_id, wait_id = excluded.wait_id, case_id = excluded.case_id, due_at = excluded.due_at),
told as (
  insert into journal (run_id, at, entries)
  select j.run, j.at, j.entries::jsonb from unnest($43::uuid[], $44::timestamptz[], $45::text[]) as j(run, at, entries)
  where j.run = any(array(select id from fenced)))
select id from fenced"""


async def write(connection: Connection, units: Sequence[Unit]) -> Written:
    """Write these units, of different runs, in the open transaction. Raises the driver's errors: the caller retries."""
    await _lock_correlations(connection, units)
    cancelled = await _cancelled(connection, units)
    overtaken = await _overtaken(connection, units)
    kept = [u for u in units if u.run_id not in cancelled | overtaken]
    rows = await connection.fetch(_STEP, *_step_arguments(units, kept))
    survivors = {row["id"] for row in rows}
    for unit in kept:
        if unit.run_id in survivors and unit.is_rare:
            await _write_rare(connection, unit)
    return Written(survivors, cancelled, overtaken)


def _step_arguments(units: Sequence[Unit], kept: Sequence[Unit]) -> list[list[Any]]:
    """One list per column. Facts of every unit go along, even of one that is not written."""
    runs = _columns(
        10,
        (
            (u.run_id, u.serial, u.names, u.order_id, u.due_at, u.release, u.ended, u.wakes, u.now, u.parked)
            for u in kept
        ),
    )
    known = _columns(
        9,
        (
            (u.run_id, p.id, p.state, p.attempt, p.lookups, p.answer, p.refusal, p.reason, u.now)
            for u in units
            for p in u.effects_put
        ),
    )
    intended = _columns(
        12,
        (
            (e.id, u.store_id, u.run_id, e.order_id, e.node, e.connection_id, e.action, e.kind, e.key, u.person_id,
             e.request, u.now)
            for u in kept
            for e in u.effects_new
        ),
    )  # fmt: skip
    gone = _columns(2, ((u.run_id, t) for u in kept for t in u.tokens_gone))
    standing = _columns(
        9,
        (
            (t.id, u.run_id, t.node, t.path, t.state, t.effect_id, t.wait_id, t.case_id, t.due_at)
            for u in kept
            for t in u.tokens_put
        ),
    )
    told = _columns(3, ((u.run_id, u.now, orjson.dumps(u.entries).decode()) for u in kept if u.entries))
    return [*runs, *known, *intended, *gone, *standing, *told]


async def _lock_correlations(connection: Connection, units: Sequence[Unit]) -> None:
    hashes = sorted({w.match_hash for u in units for w in u.waits_new})
    if hashes:
        # Admitting an event takes the same locks first: neither the event nor the wait can slip past the other.
        await connection.execute("select pg_advisory_xact_lock(h) from unnest($1::bigint[]) as h", hashes)


async def _cancelled(connection: Connection, units: Sequence[Unit]) -> set[UUID]:
    """Runs whose purchase meets an order that was cancelled: the intent and the cancellation lock the same row."""
    wanted = [(e.order_id, u.run_id) for u in units for e in u.effects_new if e.guards_order and e.order_id]
    if not wanted:
        return set()
    rows = await connection.fetch(
        "select id, cancel_requested_at from orders where id = any($1) order by id for no key update",
        sorted({order for order, _ in wanted}),
    )
    cancelled = {row["id"] for row in rows if row["cancel_requested_at"] is not None}
    return {run for order, run in wanted if order in cancelled}


async def _overtaken(connection: Connection, units: Sequence[Unit]) -> set[UUID]:
    """Runs whose case was decided by a person meanwhile. A decision locks the case first and the run second, too."""
    wanted = {c.id: u.run_id for u in units for c in u.cases_settled}
    if not wanted:
        return set()
    rows = await connection.fetch(
        "select id from cases where id = any($1) and state = 'open' order by id for no key update",
        sorted(wanted),
    )
    return set(wanted.values()) - {wanted[row["id"]] for row in rows}


async def _write_rare(connection: Connection, u: Unit) -> None:
    for settled in u.cases_settled:
        await connection.execute(
            """update cases set state = 'resolved', version = version + 1, choice = $2, resolved_by = 'hub',
                 resolved_at = $3 where id = $1""",
            settled.id, settled.choice, u.now,
        )  # fmt: skip
    await _put_waits(connection, u)
    for case in u.cases_new:
        await open_case(connection, case, About(u.store_id, u.person_id, u.run_id, u.order_id, u.subject))
    for clock in u.clocks:
        await _put_clock(connection, u, clock)
    for event in u.events_new:
        await connection.execute(
            """insert into events (id, store_id, connection_id, name, key, subject, person_id, body, made_at, state)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new') on conflict (connection_id, name, key) do nothing""",
            event.id, u.store_id, u.source, event.name, event.key, event.subject, u.person_id, event.body, u.now,
        )  # fmt: skip
    for run in u.runs_new:
        await _start_run(connection, u, run)


async def _put_waits(connection: Connection, u: Unit) -> None:
    for w in u.waits_new:
        # Under the correlation's lock: if an event that could match is here already, the run stays due to look at it.
        is_checked = await connection.fetchval(
            """insert into waits (id, store_id, run_id, match_hash, connections, event, match, since, is_checked)
               values ($1, $2, $3, $4::bigint, $5, $6, $7, $8::timestamptz, not exists (
                 select 1 from event_matches m
                 where m.match_hash = $4 and m.admitted_at >= $8 and m.event_id <> all($9::uuid[])))
               returning is_checked""",
            w.id, u.store_id, u.run_id, w.match_hash, w.connections, w.event, w.match, w.since, w.consumed,
        )  # fmt: skip
        if not is_checked:
            await connection.execute("update runs set due_at = $2 where id = $1", u.run_id, u.now)
    if u.waits_checked:
        await connection.execute("update waits set is_checked = true where id = any($1)", u.waits_checked)
    if u.waits_gone:
        await connection.execute("delete from waits where id = any($1)", u.waits_gone)


async def _put_clock(connection: Connection, u: Unit, clock: ClockPut) -> None:
    """Start a clock, or stop it: a promise that is met needs nobody who was warned of it, and stays late if it was."""
    if clock.due_at is None:
        await connection.execute(
            """with kept as (update clocks set next_at = null, ended_at = $3,
                   state = case when state = 'late' or due_at < $3 then 'late-but-met' else 'kept' end
                 where run_id = $1 and clock = $2 and state in ('running', 'warned', 'late') returning id)
               update cases set state = 'resolved', version = version + 1, choice = 'kept', resolved_by = 'hub',
                 resolved_at = $3 where state = 'open' and cause in (select 'due-soon:' || id from kept)""",
            u.run_id, clock.clock, u.now,
        )  # fmt: skip
        return
    await connection.execute(
        """insert into clocks (id, store_id, run_id, clock, subject, state, started_at, warn_at, due_at, next_at)
           values ($1, $2, $3, $4, $5, 'running', $6, $7::timestamptz, $8::timestamptz, coalesce($7, $8))
           on conflict (run_id, clock) do nothing""",
        clock.id, u.store_id, u.run_id, clock.clock, u.subject, u.now, clock.warn_at, clock.due_at,
    )  # fmt: skip


async def _start_run(connection: Connection, u: Unit, run: RunNew) -> None:
    await connection.execute(
        """insert into runs (id, store_id, flow, flow_version_id, source, trigger_key, subject, person_id, event_id,
                             order_id, parent_run_id, version, lease_serial, wakes, due_at, is_parked, started_at,
                             touched_by_person)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, 0, $12, false, $12, false)""",
        run.id, u.store_id, run.flow, run.flow_version_id, u.source, run.trigger_key, u.subject, u.person_id,
        run.event_id, u.order_id, u.run_id, u.now,
    )  # fmt: skip
    if run.node is not None:
        await connection.execute(
            "insert into tokens (id, run_id, node, path, state) values ($1, $2, $3, '[]', 'ready')",
            run.token_id, run.id, run.node,
        )  # fmt: skip


def _columns(width: int, rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as one list per column, as `unnest` takes them."""
    found = [list(column) for column in zip(*rows, strict=True)]
    return found or [[] for _ in range(width)]
