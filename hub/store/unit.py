"""Invariant I lives here: one writer per run, and a step is all or nothing.

A `Unit` is everything one step of one run changes. `write` puts many units, of different runs, into one transaction by
set-based statements: it locks in one order (correlations, orders, runs, each sorted), fences every run by its lease
serial, and tells which units survived. A unit whose lease is lost writes nothing but facts about the world.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from hub.store.database import Connection


@dataclass(slots=True)
class TokenPut:
    """A token as it stands after the step."""

    id: UUID
    node: str
    path: str
    state: str
    effect_id: UUID | None = None
    wait_id: UUID | None = None
    case_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(slots=True)
class EffectNew:
    """An intent. `guards_order`: it buys, so it is written only while the order is not cancelled."""

    id: UUID
    order_id: UUID | None
    node: str
    connection_id: str
    action: str
    kind: dict[str, Any]
    key: str
    request: bytes
    guards_order: bool = False


@dataclass(slots=True)
class EffectPut:
    """What is now known of an effect. A definite answer (confirmed, refused) is written even when the lease is lost."""

    id: UUID
    state: str
    attempt: int
    lookups: int = 0
    answer: bytes | None = None
    refusal: str | None = None
    reason: str = ""


@dataclass(slots=True)
class WaitNew:
    """An interest in an event."""

    id: UUID
    match_hash: int
    connections: list[str]
    event: str
    match: bytes
    since: datetime
    consumed: list[UUID] = field(default_factory=list)
    """Events this run has already taken, its trigger among them."""


@dataclass(slots=True)
class CaseNew:
    """A question to a person. `cause`, where given, is open at most once."""

    id: UUID
    kind: str
    body: bytes
    choices: dict[str, str]
    node: str | None = None
    due_at: datetime | None = None
    effect_id: UUID | None = None
    connection_id: str | None = None
    cause: str | None = None


@dataclass(slots=True)
class ClockPut:
    """A promise that begins (`due_at` set) or ends (`due_at` None)."""

    id: UUID
    clock: str
    due_at: datetime | None = None
    warn_at: datetime | None = None


@dataclass(slots=True)
class EventNew:
    """An event of the hub's own, to be admitted like any other. `hashes` are those of its matchable fields."""

    id: UUID
    name: str
    key: str
    subject: str | None
    body: bytes


@dataclass(slots=True)
class RunNew:
    """Another flow's run, started by a step."""

    id: UUID
    flow: str
    flow_version_id: UUID
    trigger_key: str
    event_id: UUID
    token_id: UUID
    node: str | None


@dataclass(slots=True)
class Unit:
    """Everything one step changes of one run. `wakes` is the count this step has seen: news that came since keeps the
    run due."""

    run_id: UUID
    store_id: str
    serial: int
    wakes: int
    now: datetime
    person_id: UUID
    source: str = ""
    subject: str | None = None
    order_id: UUID | None = None
    names: bytes | None = None
    due_at: datetime | None = None
    release: bool = False
    parked: bool = False
    ended: str | None = None
    tokens_put: list[TokenPut] = field(default_factory=list)
    tokens_gone: list[UUID] = field(default_factory=list)
    effects_new: list[EffectNew] = field(default_factory=list)
    effects_put: list[EffectPut] = field(default_factory=list)
    waits_new: list[WaitNew] = field(default_factory=list)
    waits_checked: list[UUID] = field(default_factory=list)
    waits_gone: list[UUID] = field(default_factory=list)
    cases_new: list[CaseNew] = field(default_factory=list)
    clocks: list[ClockPut] = field(default_factory=list)
    events_new: list[EventNew] = field(default_factory=list)
    runs_new: list[RunNew] = field(default_factory=list)
    entries: list[tuple[str, str, str]] = field(default_factory=list)

    def copy(self) -> "Unit":
        """A unit whose lists are its own: a transaction that is repeated starts from the same one."""
        own = {f.name: list(v) for f in fields(self) if isinstance(v := getattr(self, f.name), list)}
        return replace(self, **own)  # type: ignore[arg-type]  # lists stay lists


@dataclass(slots=True)
class Written:
    """Which units were written. `cancelled` ones met a cancelled order: their purchase was not intended."""

    survivors: set[UUID]
    cancelled: set[UUID] = field(default_factory=set)


_FENCE = """
update runs r set version = r.version + 1, names = coalesce(u.names, r.names),
  order_id = coalesce(u.order_id, r.order_id),
  due_at = case when u.ended is not null then null when r.wakes <> u.wakes then least(u.now, u.due) else u.due end,
  lease_owner = case when u.release then null else r.lease_owner end, is_parked = u.parked,
  ended_at = case when u.ended is null then null else u.now end, end_reason = u.ended
from unnest($1::uuid[], $2::int[], $3::bytea[], $4::uuid[], $5::timestamptz[], $6::boolean[], $7::text[], $8::int[],
            $9::timestamptz[], $10::boolean[])
  as u(id, serial, names, order_id, due, release, ended, wakes, now, parked)
where r.id = u.id and r.lease_serial = u.serial and r.ended_at is null
returning r.id"""


async def write(connection: Connection, units: Sequence[Unit]) -> Written:
    """Write these units, of different runs, in the open transaction. Raises the driver's errors: the caller retries."""
    await _lock_correlations(connection, units)
    facts = [p for u in units for p in u.effects_put if p.state in ("confirmed", "refused")]
    cancelled = await _cancelled(connection, units)
    kept = [u for u in units if u.run_id not in cancelled]
    # Runs are locked in one order by everybody, so that two batches cannot deadlock.
    await connection.execute(
        "select 1 from runs where id = any($1) order by id for no key update", sorted(u.run_id for u in kept)
    )
    rows = await connection.fetch(
        _FENCE,
        [u.run_id for u in kept],
        [u.serial for u in kept],
        [u.names for u in kept],
        [u.order_id for u in kept],
        [u.due_at for u in kept],
        [u.release for u in kept],
        [u.ended for u in kept],
        [u.wakes for u in kept],
        [u.now for u in kept],
        [u.parked for u in kept],
    )
    survivors = {row["id"] for row in rows}
    alive = [u for u in kept if u.run_id in survivors]
    lost_facts = facts if len(alive) < len(units) else []
    await _put_effects(connection, units, alive, lost_facts)
    await _put_waits_and_cases(connection, alive)
    await _put_tokens(connection, alive)
    await _put_rest(connection, alive)
    return Written(survivors, cancelled)


async def _lock_correlations(connection: Connection, units: Sequence[Unit]) -> None:
    hashes = sorted({w.match_hash for u in units for w in u.waits_new})
    if hashes:
        # Admitting an event takes the same locks first: neither the event nor the wait can slip past the other.
        await connection.execute("select pg_advisory_xact_lock(h) from unnest($1::bigint[]) as h", hashes)


async def _cancelled(connection: Connection, units: Sequence[Unit]) -> set[UUID]:
    """Runs whose purchase meets an order that was cancelled: the intent and the cancellation lock the same row."""
    wanted = {e.order_id: u.run_id for u in units for e in u.effects_new if e.guards_order and e.order_id}
    if not wanted:
        return set()
    rows = await connection.fetch(
        "select id, cancel_requested_at from orders where id = any($1) order by id for no key update", sorted(wanted)
    )
    return {wanted[row["id"]] for row in rows if row["cancel_requested_at"] is not None}


async def _put_effects(
    connection: Connection, units: Sequence[Unit], alive: Sequence[Unit], facts: Sequence[EffectPut]
) -> None:
    puts = [(u.now, p) for u in alive for p in u.effects_put]
    known = {p.id for _, p in puts}
    puts += [(u.now, p) for u in units for p in facts if p in u.effects_put and p.id not in known]
    if puts:
        await connection.execute(
            """update effects e set state = u.state, attempt = u.attempt, lookups = u.lookups,
                 answer = coalesce(u.answer, e.answer), refusal = u.refusal, reason = u.reason,
                 attempted_at = case when u.state = 'intended' then u.now else e.attempted_at end,
                 settled_at = case when u.state in ('confirmed', 'refused', 'skipped') then u.now end
               from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::bytea[], $6::text[], $7::text[],
                           $8::timestamptz[]) as u(id, state, attempt, lookups, answer, refusal, reason, now)
               where e.id = u.id and (e.state not in ('confirmed', 'refused', 'skipped')
                 or (e.state = 'refused' and u.state = 'intended'))""",
            [p.id for _, p in puts],
            [p.state for _, p in puts],
            [p.attempt for _, p in puts],
            [p.lookups for _, p in puts],
            [p.answer for _, p in puts],
            [p.refusal for _, p in puts],
            [p.reason for _, p in puts],
            [now for now, _ in puts],
        )
    fresh = [(u, e) for u in alive for e in u.effects_new]
    if fresh:
        await connection.execute(
            """insert into effects (id, store_id, run_id, order_id, node, connection_id, action, kind, key, person_id,
                                    request, state, attempt, lookups, reason, intended_at, attempted_at)
               select id, store, run, ord, node, conn, action, kind, key, person, request, 'intended', 1, 0, '', now, now
               from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                           $8::jsonb[], $9::text[], $10::uuid[], $11::bytea[], $12::timestamptz[])
               as u(id, store, run, ord, node, conn, action, kind, key, person, request, now)""",
            *_columns(
                (e.id, u.store_id, u.run_id, e.order_id, e.node, e.connection_id, e.action, e.kind, e.key, u.person_id,
                 e.request, u.now)
                for u, e in fresh
            ),
        )  # fmt: skip


async def _put_tokens(connection: Connection, alive: Sequence[Unit]) -> None:
    gone = [t for u in alive for t in u.tokens_gone]
    if gone:
        await connection.execute("delete from tokens where id = any($1)", gone)
    puts = [(u.run_id, t) for u in alive for t in u.tokens_put]
    if puts:
        await connection.execute(
            """insert into tokens (id, run_id, node, path, state, effect_id, wait_id, case_id, due_at)
               select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[],
                                    $8::uuid[], $9::timestamptz[])
               on conflict (id) do update set node = excluded.node, path = excluded.path, state = excluded.state,
                 effect_id = excluded.effect_id, wait_id = excluded.wait_id, case_id = excluded.case_id,
                 due_at = excluded.due_at""",
            *_columns(
                (t.id, run, t.node, t.path, t.state, t.effect_id, t.wait_id, t.case_id, t.due_at) for run, t in puts
            ),
        )


async def _put_waits_and_cases(connection: Connection, alive: Sequence[Unit]) -> None:
    waits = [(u, w) for u in alive for w in u.waits_new]
    for u, w in waits:
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
    checked = [w for u in alive for w in u.waits_checked]
    if checked:
        await connection.execute("update waits set is_checked = true where id = any($1)", checked)
    gone = [w for u in alive for w in u.waits_gone]
    if gone:
        await connection.execute("delete from waits where id = any($1)", gone)
    for u in alive:
        for c in u.cases_new:
            await insert_case(connection, u, c)


async def insert_case(connection: Connection, unit: Unit, case: CaseNew) -> None:
    """Open a case. One with a `cause` that is open already is not opened twice."""
    await connection.execute(
        """insert into cases (id, store_id, run_id, order_id, connection_id, effect_id, node, kind, cause, subject,
                              person_id, body, choices, state, version, opened_at, due_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open', 1, $14, $15)
           on conflict (cause) where state = 'open' and cause is not null do nothing""",
        case.id, unit.store_id, unit.run_id, unit.order_id, case.connection_id, case.effect_id, case.node, case.kind,
        case.cause, unit.subject, unit.person_id, case.body, case.choices, unit.now, case.due_at,
    )  # fmt: skip


async def _put_rest(connection: Connection, alive: Sequence[Unit]) -> None:
    for u in alive:
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
    journal = [(u.run_id, u.now, orjson.dumps(u.entries).decode()) for u in alive if u.entries]
    if journal:
        await connection.execute(
            """insert into journal (run_id, at, entries)
               select u.run, u.at, u.entries::jsonb from unnest($1::uuid[], $2::timestamptz[], $3::text[])
               as u(run, at, entries)""",
            *_columns(journal),
        )


async def _put_clock(connection: Connection, u: Unit, clock: ClockPut) -> None:
    if clock.due_at is None:
        await connection.execute(
            """update clocks set state = 'kept', next_at = null, ended_at = $3
               where run_id = $1 and clock = $2 and state in ('running', 'warned')""",
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


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as one list per column, as `unnest` takes them."""
    return [list(column) for column in zip(*rows, strict=True)]
