"""The audit trail: who did what, when and about which thing. Rows are only ever added."""

from datetime import datetime
from typing import Any

from hub.store.database import Connection


async def note(
    connection: Connection,
    by: str,
    what: str,
    detail: dict[str, Any],
    now: datetime,
    store_id: str | None = None,
) -> None:
    """Add a row, in the transaction of what it tells of. `detail` holds references, never bodies."""
    await connection.execute(
        'insert into audit (at, store_id, "by", what, detail) values ($1, $2, $3, $4, $5)',
        now,
        store_id,
        by,
        what,
        detail,
    )


async def page_audit(
    connection: Connection, limit: int, before: int | None, stores: list[str] | None
) -> list[Any]:
    """The newest rows first; with stores, only what is about them."""
    return list(
        await connection.fetch(
            """select * from audit where ($2::bigint is null or id < $2) and ($3::text[] is null or store_id = any($3))
               order by id desc limit $1""",
            limit,
            before,
            stores,
        )
    )


async def read_audit(connection: Connection, limit: int, before: int | None = None) -> list[Any]:
    """The newest rows first."""
    return list(
        await connection.fetch(
            "select * from audit where $2::bigint is null or id < $2 order by id desc limit $1", limit, before
        )
    )
