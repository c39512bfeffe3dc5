"""Sign-ins: an opaque token, kept as a hash, that ends by itself; and how often it was tried in vain."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from hub.store.database import Connection
from hub.store.keys import Caller, key_hash, scoped
from hub.store.users import tidy_name

LASTS = timedelta(hours=8)
"""A working day: whoever comes back tomorrow signs in again."""
MARK = "faros_s_"
"""How a session's token begins; a key's does not."""
FREE_TRIES = 3
"""So often a password may be mistyped before one has to wait."""
LONGEST_WAIT = timedelta(minutes=5)
"""Long enough that guessing is hopeless, short enough that nobody is shut out by somebody else's guesses."""
FORGOTTEN = timedelta(hours=24)
"""Failed tries that are so old do not count any more."""


async def begin_session(connection: Connection, user_id: UUID, now: datetime) -> tuple[str, datetime]:
    """Sign somebody in: the token, which is seen only now, and when it ends. Sessions long over are removed."""
    token = MARK + secrets.token_urlsafe(32)
    await connection.execute("delete from sessions where expires_at < $1", now - FORGOTTEN)
    await connection.execute(
        "insert into sessions (token_hash, user_id, made_at, expires_at) values ($1, $2, $3, $4)",
        key_hash(token),
        user_id,
        now,
        now + LASTS,
    )
    return token, now + LASTS


async def find_session(connection: Connection, token: str, now: datetime) -> Caller | None:
    """Who a token belongs to; None if it is unknown, ended or over."""
    row = await connection.fetchrow(
        """select u.name, u.role, u.stores, s.expires_at from sessions s join users u on u.id = s.user_id
           where s.token_hash = $1 and s.ended_at is null and s.expires_at > $2 and u.disabled_at is null""",
        key_hash(token),
        now,
    )
    return Caller(row["name"], row["role"], scoped(row["stores"]), "user", row["expires_at"]) if row else None


async def end_session(connection: Connection, token: str, now: datetime) -> bool:
    """Sign out; False if the session had ended."""
    done = await connection.execute(
        "update sessions set ended_at = $2 where token_hash = $1 and ended_at is null", key_hash(token), now
    )
    return bool(done == "UPDATE 1")


async def begin_try(connection: Connection, name: str, now: datetime) -> timedelta | None:
    """Count a try to sign in as failed before it is judged, so that many at once are counted, too. In a transaction.

    None if it may be made; else how long until the next may. The name need not be anybody's.
    """
    mark = key_hash(tidy_name(name))
    await connection.execute(
        "insert into sign_in_tries (name_hash, failures, last_at) values ($1, 0, $2) on conflict do nothing",
        mark,
        now,
    )
    row = await connection.fetchrow("select * from sign_in_tries where name_hash = $1 for update", mark)
    if row["closed_until"] is not None and row["closed_until"] > now:
        left: timedelta = row["closed_until"] - now
        return left
    failures = 1 if row["last_at"] < now - FORGOTTEN else row["failures"] + 1
    await connection.execute(
        "update sign_in_tries set failures = $2, last_at = $3, closed_until = $4 where name_hash = $1",
        mark,
        failures,
        now,
        now + _pause(failures),
    )
    return None


def _pause(failures: int) -> timedelta:
    """How long nobody may try after so many failures: nothing at first, then twice as long each time."""
    if failures < FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE_TRIES, 20)), LONGEST_WAIT)


async def forget_tries(connection: Connection, name: str, now: datetime) -> None:
    """A try succeeded: the next failure is the first again. What is old of other names goes, too."""
    await connection.execute(
        "delete from sign_in_tries where name_hash = $1 or last_at < $2",
        key_hash(tidy_name(name)),
        now - FORGOTTEN,
    )
