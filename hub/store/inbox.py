"""Deliveries: written before they are acknowledged, claimed once, sealed for the person they turn out to be about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class DeliveryNew:
    """A verified delivery, sealed."""

    id: UUID
    store_id: str
    connection_id: str
    topic: str
    key: str
    body_hash: str | None
    headers: dict[str, str]
    body: bytes
    sealed_key: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Admitted:
    """What became of a delivery; `sealed_key` is its data key, sealed anew for the person it is about."""

    id: UUID
    state: str
    reason: str = ""
    person_id: UUID | None = None
    sealed_key: bytes | None = None


async def insert_deliveries(connection: Connection, rows: Sequence[DeliveryNew]) -> set[UUID]:
    """Keep deliveries; gives the ids of those that were new. The same delivery, by key or by body, is kept once."""
    found = await connection.fetch(
        """insert into deliveries (id, store_id, connection_id, topic, delivery_key, body_hash, headers, body,
                                   sealed_key, received_at, state, reason)
           select u.*, 'new', '' from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
             $7::jsonb[], $8::bytea[], $9::bytea[], $10::timestamptz[]) as u
           on conflict do nothing returning id""",
        [r.id for r in rows],
        [r.store_id for r in rows],
        [r.connection_id for r in rows],
        [r.topic for r in rows],
        [r.key for r in rows],
        [r.body_hash for r in rows],
        [r.headers for r in rows],
        [r.body for r in rows],
        [r.sealed_key for r in rows],
        [r.received_at for r in rows],
    )
    return {row["id"] for row in found}


async def take_deliveries(connection: Connection, open_links: list[str], most: int) -> list[Any]:
    """Unread deliveries of connections that are open here, oldest first; another worker's are passed over.

    Held until the transaction ends. Those of a connection that cannot be opened now stay unread, and are not lost.
    """
    return list(
        await connection.fetch(
            """select * from deliveries where state = 'new' and connection_id = any($2)
               order by received_at limit $1 for update skip locked""",
            most,
            open_links,
        )
    )


async def read_again(connection: Connection, id: UUID) -> None:
    """Put a delivery that could not be read back among the unread."""
    await connection.execute(
        "update deliveries set state = 'new', reason = '' where id = $1 and state = 'unreadable'", id
    )


async def settle_deliveries(connection: Connection, rows: Sequence[Admitted]) -> None:
    """Say what became of deliveries."""
    await connection.execute(
        """update deliveries d set state = u.state, reason = u.reason, person_id = u.person,
             sealed_key = coalesce(u.key, d.sealed_key)
           from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::bytea[]) as u(id, state, reason, person, key)
           where d.id = u.id""",
        [r.id for r in rows],
        [r.state for r in rows],
        [r.reason for r in rows],
        [r.person_id for r in rows],
        [r.sealed_key for r in rows],
    )


async def is_waiting(connection: Connection) -> bool:
    """Whether anything has arrived that nobody has read yet."""
    return bool(
        await connection.fetchval(
            "select exists (select 1 from deliveries where state = 'new')"
            " or exists (select 1 from events where state = 'new')"
        )
    )
