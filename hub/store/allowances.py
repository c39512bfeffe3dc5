"""SQL of what people let orders cost although too little is left of what was paid."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Allowance:
    """Lines by id, each in one generation, and what they may cost together; None: nobody knew what they cost."""

    lines: dict[str, int]
    cost: Decimal | None
    currency: str | None


async def put(connection: Connection, owner: tuple[str, UUID, UUID], new: Allowance, now: datetime) -> None:
    """Keep what a person allowed for (store, order, run), in place of what was allowed before."""
    store_id, order_id, run_id = owner
    await connection.execute(
        """insert into allowances (order_id, store_id, run_id, lines, cost, currency, allowed_at)
           values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (order_id) do update set run_id = excluded.run_id, lines = excluded.lines,
             cost = excluded.cost, currency = excluded.currency, allowed_at = excluded.allowed_at""",
        order_id, store_id, run_id, new.lines, new.cost, new.currency, now,
    )  # fmt: skip


async def of_order(connection: Connection, order_id: UUID) -> Allowance | None:
    """What was allowed for an order last."""
    row = await connection.fetchrow(
        "select lines, cost, currency from allowances where order_id = $1", order_id
    )
    return Allowance(**row) if row else None
