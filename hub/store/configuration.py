"""What was published, as rows: stores, connections, flow versions. Each publication is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from hub.store.database import Connection

WEBHOOK, POLL = "webhook", "poll"
HEARS = (WEBHOOK, POLL)
"""How the hub may learn of what happens at a connection: it is told, and it asks."""


async def publication(connection: Connection) -> int:
    """The number of the newest publication; workers read their configuration again when it grows."""
    return int(await connection.fetchval("select coalesce(max(id), 0) from publications"))


async def read_configuration(connection: Connection) -> dict[str, list[Any]]:
    """Every store, connection and flow version that may still be needed: the active ones, and those of open runs."""
    return {
        "stores": list(await connection.fetch("select * from stores order by id")),
        "connections": list(await connection.fetch("select * from connections order by id")),
        "versions": list(
            await connection.fetch(
                """select * from flow_versions v where is_active or exists (
                     select 1 from runs r where r.flow_version_id = v.id and r.ended_at is null)"""
            )
        ),
        "latest": list(await connection.fetch("select * from publications order by id desc limit 1")),
    }


async def versions_in_hand(connection: Connection, worker: str, known: Sequence[UUID]) -> list[Any]:
    """Flow versions of this worker's leased runs that are not among the known: retired while their runs began."""
    return list(
        await connection.fetch(
            """select * from flow_versions where id in (
                 select flow_version_id from runs where lease_owner = $1 and flow_version_id <> all($2::uuid[]))""",
            worker,
            known,
        )
    )


async def read_version(connection: Connection, id: UUID) -> Any:
    """One flow version."""
    return await connection.fetchrow("select * from flow_versions where id = $1", id)


async def pause_connection(connection: Connection, id: str, why: str, now: datetime) -> None:
    """Close a connection for effects. What arrives is still taken."""
    await connection.execute(
        "update connections set paused_at = coalesce(paused_at, $2), paused_why = $3 where id = $1",
        id,
        now,
        why,
    )


async def resume_connection(connection: Connection, id: str, now: datetime) -> None:
    """Open a connection again, and wake the runs that rest because something was paused."""
    await connection.execute("update connections set paused_at = null, paused_why = '' where id = $1", id)
    await wake_parked(connection, now)


async def wake_parked(connection: Connection, now: datetime) -> None:
    """Let every run that rests under a pause look again, and act again."""
    # Runs before tokens, as every step has it.
    await connection.execute(
        """update runs set due_at = $1, wakes = wakes + 1 where id in (
             select id from runs where is_parked and ended_at is null order by id for no key update)""",
        now,
    )
    await connection.execute(
        """update tokens set due_at = null where state in ('ready', 'acting') and due_at is not null
           and run_id in (select id from runs where is_parked and ended_at is null)"""
    )


async def paused(connection: Connection) -> dict[str, str]:
    """Connections that are closed for effects, and why: of their own, or with their store."""
    rows = await connection.fetch(
        """select c.id, case when c.paused_at is not null then c.paused_why else 'The store is paused.' end as why
           from connections c join stores s on s.id = c.store_id
           where c.paused_at is not null or s.paused_at is not null"""
    )
    return {row["id"]: row["why"] or "Paused." for row in rows}


@dataclass(frozen=True, slots=True)
class FlowNew:
    """A flow version to publish. `mark` is a hash of its text and bindings."""

    id: UUID
    store_id: str
    flow: str
    text: str
    graph: str
    mark: str
    roles: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class ArticleNew:
    """One row of the SKU map: which supplier sells a store's article, under which name and at what cost. `units` of it
    make one of the store's; several rows of one supplier are the parts of a kit."""

    sku: str
    supplier: str
    supplier_sku: str
    unit_cost: Decimal
    currency: str
    units: int = 1


@dataclass(frozen=True, slots=True)
class SubstituteNew:
    """One row of the substitutes: what may be sent in place of a store's SKU. `kind` is equal or similar."""

    sku: str
    substitute_sku: str
    kind: str
    note: str = ""


async def put_store(connection: Connection, id: str, settings: dict[str, Any]) -> None:
    """A store as published."""
    await connection.execute(
        "insert into stores (id, settings) values ($1, $2) on conflict (id) do update set settings = excluded.settings",
        id,
        settings,
    )


@dataclass(frozen=True, slots=True)
class ConnectionSpec:
    """A connection as the merchant describes it. Settings still name their secrets; `hears` are some of `HEARS`."""

    id: str
    store_id: str
    connector: str
    mode: str = "live"
    base_url: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    hears: tuple[str, ...] = HEARS


async def put_connection(connection: Connection, spec: ConnectionSpec) -> None:
    """A connection as published; whether it is paused, and since when it is live, stays as it was."""
    await connection.execute(
        """insert into connections (id, store_id, connector, mode, base_url, settings, hears, paused_why)
           values ($1, $2, $3, $4, $5, $6, $7, '') on conflict (id) do update set store_id = excluded.store_id,
             connector = excluded.connector, mode = excluded.mode, base_url = excluded.base_url,
             settings = excluded.settings, hears = excluded.hears""",
        spec.id,
        spec.store_id,
        spec.connector,
        spec.mode,
        spec.base_url,
        dict(spec.settings),
        list(spec.hears),
    )


async def heard_by(connection: Connection) -> dict[str, tuple[str, ...]]:
    """How the hub hears of each connection, as it was published last."""
    rows = await connection.fetch("select id, hears from connections")
    return {row["id"]: tuple(row["hears"]) for row in rows}


async def bound_roles(connection: Connection, store_id: str) -> dict[str, dict[str, list[str]]]:
    """The connections bound to the roles of each active flow of a store, by flow."""
    rows = await connection.fetch(
        "select flow, roles from flow_versions where is_active and store_id = $1 order by flow", store_id
    )
    return {row["flow"]: dict(row["roles"]) for row in rows}


async def listen_anew(connection: Connection, id: str, now: datetime) -> None:
    """Another way of hearing begins without a past: what was silent because nobody listened or asked is no silence, and
    a poll that was left alone is due and goes on from where it was."""
    await connection.execute("delete from signals where connection_id = $1", id)
    await connection.execute(
        "update poll_cursors set due_at = $2, answered_at = $2 where connection_id = $1", id, now
    )


async def activate_flow(connection: Connection, new: FlowNew, by: str, now: datetime) -> int | None:
    """Make this version the one that starts new runs; its number, or None if it is the active one already."""
    active = await connection.fetchrow(
        "select id, text_hash from flow_versions where store_id = $1 and flow = $2 and is_active for update",
        new.store_id,
        new.flow,
    )
    if active is not None and active["text_hash"] == new.mark:
        return None
    await connection.execute(
        "update flow_versions set is_active = false where store_id = $1 and flow = $2 and is_active",
        new.store_id,
        new.flow,
    )
    number = await connection.fetchval(
        "select coalesce(max(number), 0) + 1 from flow_versions where store_id = $1 and flow = $2",
        new.store_id,
        new.flow,
    )
    await connection.execute(
        """insert into flow_versions (id, store_id, flow, number, text, graph, text_hash, roles, published_at,
                                      published_by, is_active)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, true)""",
        new.id, new.store_id, new.flow, number, new.text, new.graph, new.mark, new.roles, now, by,
    )  # fmt: skip
    return int(number)


async def retire_flows(connection: Connection, store_id: str, kept: list[str]) -> None:
    """Flows that are no longer published start no more runs; those on their way finish."""
    await connection.execute(
        "update flow_versions set is_active = false where store_id = $1 and is_active and flow <> all($2)",
        store_id,
        kept,
    )


async def put_publication(connection: Connection, what: dict[str, Any], by: str, now: datetime) -> int:
    """Note that something was published; its number tells workers to read again."""
    number = await connection.fetchval(
        "insert into publications (at, by, what) values ($1, $2, $3) returning id", now, by, what
    )
    return int(number)


async def put_articles(connection: Connection, store_id: str, articles: Sequence[ArticleNew]) -> None:
    """The SKU map as published; stock figures of articles that stay are kept."""
    await connection.execute(
        """delete from supplier_articles a where a.store_id = $1 and not exists (
             select 1 from unnest($2::text[], $3::text[], $4::text[]) as u(sku, supplier, supplier_sku)
             where u.sku = a.sku and u.supplier = a.supplier and u.supplier_sku = a.supplier_sku)""",
        store_id,
        [a.sku for a in articles],
        [a.supplier for a in articles],
        [a.supplier_sku for a in articles],
    )
    await connection.executemany(
        """insert into supplier_articles
             (store_id, sku, supplier, supplier_sku, unit_cost, currency, units, is_available)
           values ($1, $2, $3, $4, $5, $6, $7, true) on conflict (store_id, sku, supplier, supplier_sku) do update
           set unit_cost = excluded.unit_cost, currency = excluded.currency, units = excluded.units""",
        [(store_id, a.sku, a.supplier, a.supplier_sku, a.unit_cost, a.currency, a.units) for a in articles],
    )


async def put_substitutes(
    connection: Connection, store_id: str, substitutes: Sequence[SubstituteNew]
) -> None:
    """The substitutes as published, in their order."""
    await connection.execute("delete from substitutes where store_id = $1", store_id)
    await connection.executemany(
        """insert into substitutes (store_id, sku, substitute_sku, kind, note, position)
           values ($1, $2, $3, $4, $5, $6)""",
        [
            (store_id, s.sku, s.substitute_sku, s.kind, s.note, position)
            for position, s in enumerate(substitutes)
        ],
    )
