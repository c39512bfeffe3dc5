"""SQL of how long routing rules have been in force, and of the orders that they may have spoken of."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection

Rows = list[Any]


async def rules_published(connection: Connection, store_id: str) -> Rows:
    """The rules of every publication of a store, newest first."""
    return list(
        await connection.fetch(
            "select at, what->$1->'rules' as rules from publications where what->$1 is not null order by id desc",
            store_id,
        )
    )


async def orders_since(
    connection: Connection, store_id: str, since: datetime, after: tuple[datetime, UUID] | None, most: int
) -> Rows:
    """A page of a store's orders as they were last read: those recorded since then, newest first."""
    at, id = after or (None, None)
    return list(
        await connection.fetch(
            """select id, body, person_id, recorded_at from orders
               where store_id = $1 and recorded_at >= $2 and body is not null
                 and ($3::timestamptz is null or (recorded_at, id) < ($3, $4))
               order by recorded_at desc, id desc limit $5""",
            store_id, since, at, id, most,
        )
    )  # fmt: skip
