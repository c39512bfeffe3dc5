"""SQL of orders that customers ask for by number."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Named:
    """An order that somebody named; `channel_id` is its sales channel's id."""

    id: UUID
    channel_id: str
    number: str


async def by_number(connection: Connection, store_id: str, number: str) -> Sequence[Named]:
    """The orders of a store with this number, with or without a # in front; several where it has several channels."""
    rows = await connection.fetch(
        """select id, channel_id, number from orders
           where store_id = $1 and number = any($2::text[]) order by recorded_at limit 10""",
        store_id,
        [number.lstrip("#"), f"#{number.lstrip('#')}"],
    )
    return [Named(**row) for row in rows]


async def runs_of_same_flow(connection: Connection, order_id: UUID, run_id: UUID) -> int:
    """How many other runs of this run's flow were about the order."""
    found: int = await connection.fetchval(
        """select count(*) from runs where order_id = $1 and id <> $2
           and flow = (select flow from runs where id = $2)""",
        order_id,
        run_id,
    )
    return found
