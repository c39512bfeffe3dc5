"""People who sign in. Names are lower case; nobody is removed, so that the audit trail goes on meaning somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from hub.store.database import Connection
from hub.store.keys import Role


@dataclass(frozen=True, slots=True)
class UserNew:
    """Somebody who may sign in. `stores` are those they may see; None is all of them."""

    name: str
    role: Role
    stores: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody whom an OpenID provider knows. `subject` is its name for them, which never becomes another's."""

    subject: str
    name: str
    role: Role
    stores: Sequence[str] | None = None


def tidy_name(name: str) -> str:
    """A name as it is kept, however it was typed."""
    return name.strip().casefold()


async def add_user(connection: Connection, new: UserNew, password_hash: str, now: datetime) -> bool:
    """Let somebody sign in; False if there is somebody of this name, disabled or not."""
    done = await connection.execute(
        """insert into users (id, name, password_hash, role, stores, created_at, changed_at)
           values ($1, $2, $3, $4, $5, $6, $6) on conflict (name) do nothing""",
        uuid4(),
        tidy_name(new.name),
        password_hash,
        new.role,
        None if new.stores is None else list(new.stores),
        now,
    )
    return bool(done == "INSERT 0 1")


async def admit(connection: Connection, who: Identified, now: datetime) -> UUID | None:
    """Keep somebody as the provider has them now, under the name they first came with; None if they are disabled here,
    or somebody else has the name."""
    known = await connection.fetchrow(
        """update users set role = $2, stores = $3, changed_at = $4 where subject = $1
           returning id, disabled_at""",
        who.subject,
        who.role,
        None if who.stores is None else list(who.stores),
        now,
    )
    if known is not None:
        return known["id"] if known["disabled_at"] is None else None
    # No password is ever right against an empty hash.
    found: UUID | None = await connection.fetchval(
        """insert into users (id, name, password_hash, role, stores, subject, created_at, changed_at)
           values ($1, $2, '', $3, $4, $5, $6, $6) on conflict do nothing returning id""",
        uuid4(),
        tidy_name(who.name),
        who.role,
        None if who.stores is None else list(who.stores),
        who.subject,
        now,
    )
    return found


async def find_user(connection: Connection, name: str) -> Any:
    """Somebody who may sign in, with the hash of their password; None if there is nobody, or they are disabled."""
    return await connection.fetchrow(
        "select * from users where name = $1 and disabled_at is null", tidy_name(name)
    )


async def set_password(connection: Connection, name: str, password_hash: str, now: datetime) -> bool:
    """Give somebody another password, and end their sessions; False if there is nobody."""
    id = await connection.fetchval(
        "update users set password_hash = $2, changed_at = $3 where name = $1 returning id",
        tidy_name(name),
        password_hash,
        now,
    )
    if id is not None:
        await end_sessions(connection, id, now)
    return id is not None


async def disable_user(connection: Connection, name: str, now: datetime) -> bool:
    """Let somebody not sign in any more, and end their sessions; False if there is nobody who could."""
    id = await connection.fetchval(
        "update users set disabled_at = $2 where name = $1 and disabled_at is null returning id",
        tidy_name(name),
        now,
    )
    if id is not None:
        await end_sessions(connection, id, now)
    return id is not None


async def end_sessions(connection: Connection, user_id: UUID, now: datetime) -> None:
    """Sign somebody out everywhere."""
    await connection.execute(
        "update sessions set ended_at = $2 where user_id = $1 and ended_at is null", user_id, now
    )


async def list_users(connection: Connection) -> list[Any]:
    """Everybody who ever could sign in, without their passwords."""
    return list(
        await connection.fetch(
            """select u.name, u.role, u.stores, u.created_at, u.disabled_at,
                 (select max(made_at) from sessions s where s.user_id = u.id) as signed_in_at
               from users u order by u.name"""
        )
    )
