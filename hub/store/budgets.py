"""Connection budgets: one row each, refilled by the database's clock, drawn in slices by workers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.database import Database


@dataclass(frozen=True, slots=True)
class Slice:
    """What a worker asks of one connection's budget."""

    per_second: float | None
    burst: int
    in_flight: int
    wanted: int


_DRAW = """
insert into connection_budgets as b (connection_id, per_second, burst, in_flight, tokens, filled_at)
values ($1, $2, $3, $4, $3, clock_timestamp())
on conflict (connection_id) do update set per_second = $2, burst = $3, in_flight = $4,
  tokens = least($3, b.tokens + extract(epoch from clock_timestamp() - b.filled_at) * $2), filled_at = clock_timestamp()
returning tokens, greatest(0, extract(epoch from retry_at - $5))::float as closed"""

_BUSY = """select count(*) from tokens t join effects e on e.id = t.effect_id
where t.state = 'acting' and e.connection_id = $1 and e.state = 'intended'
  and e.attempted_at > $2::timestamptz - interval '15 seconds'"""
# Longer than any call may last: what a dead worker left is not in flight, and must not bar its own settling.""


async def draw(
    database: Database, wanted: Mapping[str, Slice], now: datetime
) -> tuple[dict[str, float], dict[str, float]]:
    """What each connection grants now, and for how many seconds a connection is closed. Never more than is there, and
    never more than may still be in flight."""
    granted: dict[str, float] = {}
    closed: dict[str, float] = {}
    for name, ask in sorted(wanted.items()):
        async with database.transaction() as connection:
            row = await connection.fetchrow(_DRAW, name, ask.per_second, float(ask.burst), ask.in_flight, now)
            busy = await connection.fetchval(_BUSY, name, now)
            share = max(0.0, min(float(row["tokens"]), float(ask.wanted), float(ask.in_flight - busy)))
            share = float(int(share))
            await connection.execute(
                "update connection_budgets set tokens = tokens - $2 where connection_id = $1", name, share
            )
        granted[name] = share
    async with database.connection() as connection:
        for row in await connection.fetch(
            "select connection_id, extract(epoch from retry_at - $1)::float as left from connection_budgets"
            " where retry_at > $1",
            now,
        ):
            closed[row["connection_id"]] = row["left"]
    return granted, closed


async def slow_down(database: Database, connection_id: str, seconds: float, now: datetime) -> None:
    """Close a connection for all workers until then, by the trade's clock."""
    async with database.connection() as connection:
        await connection.execute(
            """insert into connection_budgets (connection_id, burst, in_flight, tokens, filled_at, retry_at)
               values ($1, 10, 32, 10, clock_timestamp(), $2)
               on conflict (connection_id) do update
               set retry_at = greatest(coalesce(connection_budgets.retry_at, excluded.retry_at), excluded.retry_at)""",
            connection_id,
            now + timedelta(seconds=seconds),
        )
