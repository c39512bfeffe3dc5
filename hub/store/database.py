"""The way in: one asyncpg pool per process for the hot path, and the engine's health checks at the door."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import asyncpg
import orjson
from asyncpg import Connection, Pool

from hub.sdk import HubError

T = TypeVar("T")

__all__ = ["Connection", "Database", "DatabaseUnfit", "lost", "passing"]

# A commit that failed with one of these certainly did not happen.
passing = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

# The connection went away, or the server cannot work now (a full disk, a shutdown); a commit in flight may or may not
# have happened.
lost = (
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    ConnectionError,
    OSError,
)


BY_KEY = {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
}
"""A worker's session: every statement goes by index, whatever the planner thinks of tables that were just empty."""


class DatabaseUnfit(HubError):
    """The database would not keep what was committed."""


class Database:
    """A pool of connections to PostgreSQL."""

    def __init__(self, pool: "Pool[Any]", url: str) -> None:
        self.pool = pool
        self.url = url

    @classmethod
    async def connect(cls, url: str, *, size: int = 8, looks_up: bool = False) -> "Database":
        """Open a pool. Refuses a server that acknowledges commits it has not written (`synchronous_commit`).

        `looks_up`: this process only reads and writes by key, as workers do (`BY_KEY`).
        """
        arguments = driver_arguments(url)
        if looks_up:
            arguments["server_settings"] |= BY_KEY
        pool = await asyncpg.create_pool(
            **arguments, min_size=1, max_size=size, init=_prepare, reset=_as_it_is, command_timeout=30
        )
        database = cls(pool, url)
        try:
            async with database.connection() as connection:
                for name in ("fsync", "synchronous_commit", "full_page_writes"):
                    value = await connection.fetchval(f"show {name}")
                    if value not in ("on", "remote_apply", "remote_write", "local"):
                        raise DatabaseUnfit(f"PostgreSQL runs with {name}={value}; set it to on.")
        except BaseException:
            await pool.close()
            raise
        return database

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection without a transaction."""
        async with self.pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection with an open transaction, READ COMMITTED; what must not race takes explicit locks."""
        async with self.pool.acquire() as connection, connection.transaction():
            yield connection

    async def repeat(
        self, work: Callable[[Connection], Awaitable[T]], *, tries: int = 5, is_single: bool = False
    ) -> T:
        """Do `work` in a transaction; again after a deadlock or serialization failure, whose outcome is known.

        `is_single`: it is one statement, which is a transaction by itself.
        """
        begin = self.connection if is_single else self.transaction
        for attempt in range(1, tries + 1):
            try:
                async with begin() as connection:
                    return await work(connection)
            except passing:
                if attempt == tries:
                    raise
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Give the connections back."""
        await self.pool.close()


async def _as_it_is(connection: Connection) -> None:
    """Nothing here changes a session, so there is nothing to undo: the driver's own reset costs a round trip."""
    if connection.is_in_transaction():
        await connection.execute("rollback")


async def _prepare(connection: Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )
    # Kept where the order of the keys is somebody's: JSONB forgets it.
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=orjson.dumps, decoder=orjson.loads, format="binary"
    )


def driver_arguments(url: str) -> dict[str, Any]:
    """asyncpg's arguments for a URL; `?host=/path` names a socket folder, as libpq has it."""
    parts = urlsplit(url)
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    found: dict[str, Any] = {"dsn": url.replace("postgresql+asyncpg://", "postgresql://", 1)}
    if host := query.get("host"):
        found = {
            "host": host,
            "user": parts.username or "postgres",
            "database": parts.path.lstrip("/") or "postgres",
        }
        if parts.password:
            found["password"] = parts.password
        if port := query.get("port"):
            found["port"] = int(port)
    found["server_settings"] = {"application_name": "faros", "idle_in_transaction_session_timeout": "60000"}
    return found
