"""Events: admitted once each, matched with triggers and waits under the correlation's lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


async def candidates(connection: Connection, wait: dict[str, Any], consumed: list[UUID]) -> list[Any]:
    """Events that may be what a wait asked for, oldest first: the one it was given, or those admitted before it."""
    if wait["event_id"] is not None:
        return list(await connection.fetch("select * from events where id = $1", wait["event_id"]))
    return list(
        await connection.fetch(
            """select e.* from event_matches m join events e on e.id = m.event_id
               where m.match_hash = $1 and m.admitted_at >= $2 and e.name = $3 and e.connection_id = any($4)
                 and e.id <> all($5) order by m.admitted_at, e.id limit 50""",
            wait["match_hash"],
            wait["since"],
            wait["event"],
            wait["connections"],
            consumed,
        )
    )


@dataclass(slots=True)
class EventRecord:
    """An event on its way in. `hashes` are those of its matchable fields; `value` is the fact itself."""

    id: UUID
    store_id: str
    connection_id: str
    name: str
    key: str
    subject: str | None
    person_id: UUID
    body: bytes
    happened_at: datetime | None
    value: dict[str, Any]
    hashes: list[int]


@dataclass(slots=True)
class RunStart:
    """A run that an event starts. `owner` is the worker that is granted the first lease, if any."""

    id: UUID
    flow: str
    flow_version_id: UUID
    trigger_key: str
    token_id: UUID
    node: str | None
    event: EventRecord
    owner: str | None


@dataclass(slots=True)
class StoreEvent:
    """An event that the hub makes outside of any run. `body` is sealed under the key of `person_id`, which is
    the store's own where it is about nobody; `source` is the connection it is told for; empty, it is the store."""

    id: UUID
    store_id: str
    name: str
    key: str
    subject: str | None
    person_id: UUID
    body: bytes
    source: str = ""


def own_source(store_id: str) -> str:
    """Where a store's own events come from. No connection can have such a name."""
    return f"hub:{store_id}"


async def tell(connection: Connection, events: Sequence[StoreEvent], now: datetime) -> None:
    """Make events, to be admitted like any other. One that was told before is not told again."""
    ordered = sorted(events, key=lambda e: (e.source or own_source(e.store_id), e.name, e.key))
    await connection.execute(
        """insert into events (id, store_id, connection_id, name, key, subject, person_id, body, made_at, state)
           select u.*, $9, 'new' from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
             $7::uuid[], $8::bytea[]) as u
           on conflict (connection_id, name, key) do nothing""",
        [e.id for e in ordered],
        [e.store_id for e in ordered],
        [e.source or own_source(e.store_id) for e in ordered],
        [e.name for e in ordered],
        [e.key for e in ordered],
        [e.subject for e in ordered],
        [e.person_id for e in ordered],
        [e.body for e in ordered],
        now,
    )


async def insert_events(connection: Connection, events: Sequence[EventRecord], now: datetime) -> set[UUID]:
    """Keep events; gives the ids of those that were new. Sorted by key, so that two admissions cannot deadlock."""
    ordered = sorted(events, key=lambda e: (e.connection_id, e.name, e.key))
    rows = await connection.fetch(
        """insert into events (id, store_id, connection_id, name, key, subject, person_id, body, happened_at,
                               made_at, state)
           select u.*, $10, 'admitted' from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
             $6::text[], $7::uuid[], $8::bytea[], $9::timestamptz[]) as u
           on conflict (connection_id, name, key) do nothing returning id""",
        [e.id for e in ordered],
        [e.store_id for e in ordered],
        [e.connection_id for e in ordered],
        [e.name for e in ordered],
        [e.key for e in ordered],
        [e.subject for e in ordered],
        [e.person_id for e in ordered],
        [e.body for e in ordered],
        [e.happened_at for e in ordered],
        now,
    )
    return {row["id"] for row in rows}


async def is_awaited(connection: Connection, match_hash: int) -> bool:
    """Whether any run still waits for an event that would have this hash."""
    found: bool = await connection.fetchval(
        "select exists(select 1 from waits where match_hash = $1 and event_id is null)", match_hash
    )
    return found


async def take_emitted(connection: Connection, most: int) -> list[Any]:
    """The hub's own events that nobody has admitted yet; another worker's are passed over."""
    return list(
        await connection.fetch(
            "select * from events where state = 'new' order by made_at limit $1 for update skip locked", most
        )
    )


async def settle_emitted(connection: Connection, ids: Sequence[UUID]) -> None:
    """The hub's own events are admitted."""
    await connection.execute("update events set state = 'admitted' where id = any($1)", list(ids))


async def correlate(connection: Connection, events: Sequence[EventRecord], now: datetime) -> list[Any]:
    """Make events findable, under their correlations' locks, and give the open waits that may want them.

    A step that registers a wait takes the same lock: whoever comes second sees the other.
    """
    pairs = sorted({(h, e.id) for e in events for h in e.hashes})
    if not pairs:
        return []
    hashes = sorted({h for h, _ in pairs})
    await connection.execute("select pg_advisory_xact_lock(h) from unnest($1::bigint[]) as h", hashes)
    # A new statement, so that it sees the waits of whoever held the locks before.
    return list(
        await connection.fetch(
            """with made as (
                 insert into event_matches (match_hash, event_id, admitted_at)
                 select u.h, u.e, $3 from unnest($1::bigint[], $2::uuid[]) as u(h, e) on conflict do nothing)
               select w.*, r.person_id from waits w join runs r on r.id = w.run_id
               where w.match_hash = any($4::bigint[]) and w.event_id is null order by w.id""",
            [h for h, _ in pairs],
            [e for _, e in pairs],
            now,
            hashes,
        )
    )


async def give(connection: Connection, gifts: Sequence[tuple[UUID, UUID, UUID]], now: datetime) -> None:
    """Give events to waits, as (wait, run, event), and wake the runs. A wait takes the first it is given."""
    await connection.execute(
        """update waits w set event_id = u.event from unnest($1::uuid[], $2::uuid[]) as u(wait, event)
           where w.id = u.wait and w.event_id is null""",
        [w for w, _, _ in gifts],
        [e for _, _, e in gifts],
    )
    await connection.execute(
        """update runs set wakes = wakes + 1, due_at = $2 where id in (
             select id from runs where id = any($1) and ended_at is null order by id for no key update)""",
        [r for _, r, _ in gifts],
        now,
    )


async def start_runs(connection: Connection, starts: Sequence[RunStart], now: datetime) -> set[UUID]:
    """Start runs; gives the ids of those that were new: one per (store, flow, source, trigger key)."""
    ordered = sorted(starts, key=lambda s: (s.event.store_id, s.flow, s.event.connection_id, s.trigger_key))
    rows = await connection.fetch(
        """with new as (
             insert into runs (id, store_id, flow, flow_version_id, source, trigger_key, subject, person_id, event_id,
               lease_owner, lease_serial, version, wakes, due_at, is_parked, started_at, touched_by_person)
             select u.id, u.store, u.flow, u.version, u.source, u.key, u.subject, u.person, u.event, u.owner,
                    case when u.owner is null then 0 else 1 end, 0, 0, $11, false, $11, false
             from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                         $9::uuid[], $10::text[])
               as u(id, store, flow, version, source, key, subject, person, event, owner)
             on conflict (store_id, flow, source, trigger_key) do nothing returning id),
           standing as (
             insert into tokens (id, run_id, node, path, state)
             select t.id, t.run, t.node, '[]', 'ready'
             from unnest($12::uuid[], $1::uuid[], $13::text[]) as t(id, run, node)
             where t.node is not null and t.run in (select id from new))
           select id from new""",
        [s.id for s in ordered],
        [s.event.store_id for s in ordered],
        [s.flow for s in ordered],
        [s.flow_version_id for s in ordered],
        [s.event.connection_id for s in ordered],
        [s.trigger_key for s in ordered],
        [s.event.subject for s in ordered],
        [s.event.person_id for s in ordered],
        [s.event.id for s in ordered],
        [s.owner for s in ordered],
        now,
        [s.token_id for s in ordered],
        [s.node for s in ordered],
    )
    return {row["id"] for row in rows}
