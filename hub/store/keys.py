"""API keys: shown once when they are made, kept as hashes, revoked but never removed."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

from hub.store.database import Connection

Role = Literal["viewer", "ops", "admin"]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what they may do. `stores` are those they may see; None is all of them."""

    name: str
    role: Role
    stores: tuple[str, ...] | None = None
    kind: Literal["key", "user"] = "key"
    expires_at: datetime | None = None
    """When the session ends; None for a key, which ends when it is revoked."""


def key_hash(key: str) -> str:
    """How a key is kept. A plain hash is right here: a key is 256 random bits, so there is nothing to guess faster,
    and a slow password hash would only slow down every request."""
    return hashlib.sha256(key.encode()).hexdigest()


async def add_key(
    connection: Connection, name: str, role: Role, now: datetime, stores: Sequence[str] | None = None
) -> str:
    """Make a key, for these stores or for all. This is the only time it can be seen."""
    key = f"faros_{secrets.token_urlsafe(32)}"
    await connection.execute(
        "insert into api_keys (id, name, key_hash, role, stores, created_at) values ($1, $2, $3, $4, $5, $6)",
        uuid4(),
        name,
        key_hash(key),
        role,
        None if stores is None else list(stores),
        now,
    )
    return key


async def find_caller(connection: Connection, key: str) -> Caller | None:
    """Who a key belongs to; None if it is unknown or revoked."""
    row = await connection.fetchrow(
        "select name, role, stores from api_keys where key_hash = $1 and revoked_at is null", key_hash(key)
    )
    return Caller(row["name"], row["role"], scoped(row["stores"])) if row else None


def scoped(stores: Sequence[str] | None) -> tuple[str, ...] | None:
    """The stores of a row, as a caller has them."""
    return None if stores is None else tuple(stores)


async def revoke_key(connection: Connection, id: UUID, now: datetime) -> bool:
    """End a key; False if there is none, or it has ended before."""
    done = await connection.execute(
        "update api_keys set revoked_at = $2 where id = $1 and revoked_at is null", id, now
    )
    return bool(done == "UPDATE 1")


async def list_keys(connection: Connection) -> list[Any]:
    """Every key there ever was, without the key."""
    return list(
        await connection.fetch(
            "select id, name, role, stores, created_at, revoked_at from api_keys order by created_at, id"
        )
    )
