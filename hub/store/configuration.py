"""What was published, as rows: stores, connections, flow versions. Each publication is one transaction."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


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


async def read_version(connection: Connection, id: UUID) -> Any:
    """One flow version."""
    return await connection.fetchrow("select * from flow_versions where id = $1", id)


async def pause_connection(connection: Connection, id: str, why: str, now: datetime) -> None:
    """Close a connection for effects. What arrives is still taken."""
    await connection.execute(
        "update connections set paused_at = coalesce(paused_at, $2), paused_why = $3 where id = $1", id, now, why
    )


async def resume_connection(connection: Connection, id: str, now: datetime) -> None:
    """Open a connection again, and wake the runs that rest because something was paused."""
    await connection.execute("update connections set paused_at = null, paused_why = '' where id = $1", id)
    await wake_parked(connection, now)


async def wake_parked(connection: Connection, now: datetime) -> None:
    """Let every run that rests under a pause look again."""
    await connection.execute(
        """update runs set due_at = $1, wakes = wakes + 1 where id in (
             select id from runs where is_parked and ended_at is null order by id for no key update)""",
        now,
    )


async def paused(connection: Connection) -> dict[str, str]:
    """Connections that are closed for effects, and why: of their own, or with their store."""
    rows = await connection.fetch(
        """select c.id, case when c.paused_at is not null then c.paused_why else 'The store is paused.' end as why
           from connections c join stores s on s.id = c.store_id
           where c.paused_at is not null or s.paused_at is not null"""
    )
    return {row["id"]: row["why"] or "Paused." for row in rows}
