"""SQL of signals: what connections send of their own accord, when it last came, and what had to be found otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hub.store.configuration import WEBHOOK
from hub.store.database import Connection

DELIVERY = "delivery"
"""The signal of anything at all that a connection delivers and that is really its own."""

Signal = tuple[str, str]
"""(connection, what it sends: an event's name, or `delivery`)"""


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal as it stands. `misses` counts, since `missed_at`, what came unverified or was found by asking."""

    connection_id: str
    signal: str
    heard_at: datetime | None
    missed_at: datetime | None
    misses: int


async def hear(connection: Connection, signals: Sequence[Signal], now: datetime) -> None:
    """These came rightly; whatever was missed before is made good. To within half a minute, so that a busy connection's
    row is not written, nor waited for, with every delivery."""
    ordered = sorted(set(signals))
    await connection.execute(
        """insert into signals as s (connection_id, signal, heard_at, misses)
           select u.connection_id, u.signal, $3, 0 from unnest($1::text[], $2::text[]) as u(connection_id, signal)
           left join signals k using (connection_id, signal)
           where k.heard_at is null or k.misses > 0 or k.heard_at < $3::timestamptz - interval '30 seconds'
           on conflict (connection_id, signal) do update
           set heard_at = greatest(s.heard_at, excluded.heard_at), missed_at = null, misses = 0""",
        [connection_id for connection_id, _ in ordered],
        [signal for _, signal in ordered],
        now,
    )


async def miss(connection: Connection, signal: Signal, count: int, now: datetime) -> None:
    """So many did not come as they should have."""
    await connection.execute(
        """insert into signals as s (connection_id, signal, missed_at, misses) values ($1, $2, $3, $4)
           on conflict (connection_id, signal) do update
           set missed_at = coalesce(s.missed_at, excluded.missed_at), misses = s.misses + excluded.misses""",
        *signal,
        now,
        count,
    )


async def listen(connection: Connection, connections: Sequence[str], now: datetime) -> None:
    """From now on these connections are listened to; one that was heard of before is left as it is."""
    await connection.execute(
        """insert into signals (connection_id, signal, heard_at, misses)
           select u, $2, $3, 0 from unnest($1::text[]) as u on conflict do nothing""",
        sorted(connections),
        DELIVERY,
        now,
    )


async def heard_from(connection: Connection, store_id: str) -> list[Heard]:
    """Every signal of a store's connections that are to tell, in a fixed order."""
    rows = await connection.fetch(
        """select s.connection_id, s.signal, s.heard_at, s.missed_at, s.misses
           from signals s join connections c on c.id = s.connection_id
           where c.store_id = $1 and $2 = any(c.hears) order by s.connection_id, s.signal""",
        store_id,
        WEBHOOK,
    )
    return [Heard(**row) for row in rows]


async def last_asked(connection: Connection, run_id: UUID, action: str) -> str | None:
    """Which connection a run has asked last by this action."""
    found: str | None = await connection.fetchval(
        "select connection_id from effects where run_id = $1 and action = $2 order by intended_at desc limit 1",
        run_id,
        action,
    )
    return found
