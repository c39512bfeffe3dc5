"""SLA clocks as rows: found by their next moment, moved on once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


async def due_clocks(connection: Connection, now: datetime) -> list[Any]:
    """Running clocks whose next moment has passed, locked for this transaction; another worker's are passed over."""
    return list(
        await connection.fetch(
            """select c.*, r.person_id, r.order_id, r.flow from clocks c join runs r on r.id = c.run_id
               where c.next_at <= $1 order by c.next_at limit 200 for update of c skip locked""",
            now,
        )
    )


async def move_clock(connection: Connection, id: UUID, state: str, next_at: datetime | None) -> None:
    """A clock has passed a moment."""
    await connection.execute("update clocks set state = $2, next_at = $3 where id = $1", id, state, next_at)
