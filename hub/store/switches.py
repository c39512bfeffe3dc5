"""What people switch by hand: a store's pause, and the moment from which a connection counts as live."""

from datetime import datetime
from typing import Any

from hub.store.configuration import wake_parked
from hub.store.database import Connection


async def pause_store(connection: Connection, id: str, now: datetime) -> bool:
    """Close all of a store's connections for effects; False if there is no such store."""
    done = await connection.execute(
        "update stores set paused_at = coalesce(paused_at, $2) where id = $1", id, now
    )
    return bool(done == "UPDATE 1")


async def resume_store(connection: Connection, id: str, now: datetime) -> bool:
    """Open a store again; connections that are paused of their own stay so. False if there is no such store."""
    done = await connection.execute("update stores set paused_at = null where id = $1", id)
    await wake_parked(connection, now)
    return bool(done == "UPDATE 1")


async def go_live(connection: Connection, id: str, since: datetime, by: str, now: datetime) -> bool:
    """Leave what happened before `since` alone. Published anew, so that workers read it; False if there is none."""
    done = await connection.execute("update connections set live_from = $2 where id = $1", id, since)
    if done != "UPDATE 1":
        return False
    await connection.execute(
        'insert into publications (at, "by", what) select $1, $2, what from publications order by id desc limit 1',
        now,
        by,
    )
    return True


async def store_names(connection: Connection) -> list[str]:
    """Every store."""
    return [row["id"] for row in await connection.fetch("select id from stores order by id")]


async def connection_rows(connection: Connection) -> dict[str, Any]:
    """Every connection, by id."""
    return {row["id"]: row for row in await connection.fetch("select * from connections order by id")}


async def is_store_paused(connection: Connection, id: str) -> bool:
    """Whether somebody has paused a store."""
    return bool(await connection.fetchval("select paused_at is not null from stores where id = $1", id))
