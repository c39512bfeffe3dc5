"""SQL of silences: which stand, since when, and whom they keep waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection

_LOCK = 7_305_013
"""With a store's name, the advisory lock under which one worker at a time looks around in it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A silence that lasts. `orders` are those it keeps waiting, each with `id`, `number` and `since`."""

    id: UUID
    kind: str
    about: str
    connection_id: str | None
    since: datetime
    found_at: datetime
    title: str
    orders: list[dict[str, Any]] = field(default_factory=list)


_STANDING = "select id, kind, about, connection_id, since, found_at, title, orders from silences"


async def take_turn(connection: Connection, store_id: str) -> bool:
    """Be the one who looks around in a store until the transaction ends; False if another worker does already."""
    return bool(
        await connection.fetchval(
            "select pg_try_advisory_xact_lock(hashtextextended($1, $2))", store_id, _LOCK
        )
    )


async def standing(connection: Connection, store_id: str, kind: str | None = None) -> list[Standing]:
    """The silences of a store that last, the oldest first."""
    rows = await connection.fetch(
        f"""{_STANDING} where store_id = $1 and over_at is null and ($2::text is null or kind = $2)
            order by since, kind, about""",
        store_id,
        kind,
    )
    return [Standing(**row) for row in rows]


async def lasting(
    connection: Connection, stores: Sequence[str] | None, kind: str | None
) -> list[tuple[str, Standing]]:
    """The silences that last, each with its store, the oldest first: of these stores, or of every one there is."""
    rows = await connection.fetch(
        """select store_id, id, kind, about, connection_id, since, found_at, title, orders from silences
           where over_at is null and ($1::text[] is null or store_id = any($1)) and ($2::text is null or kind = $2)
           order by since, kind, about""",
        None if stores is None else list(stores),
        kind,
    )
    return [(row["store_id"], Standing(**{k: v for k, v in row.items() if k != "store_id"})) for row in rows]


async def of_suppliers(connection: Connection, store_id: str, suppliers: Sequence[str]) -> list[Standing]:
    """The silences that last about these suppliers."""
    rows = await connection.fetch(
        f"{_STANDING} where store_id = $1 and over_at is null and about = any($2::text[]) order by kind, about",
        store_id,
        list(suppliers),
    )
    return [Standing(**row) for row in rows]


async def find(connection: Connection, id: UUID) -> Standing | None:
    """A silence, whether it lasts or not."""
    row = await connection.fetchrow(f"{_STANDING} where id = $1", id)
    return Standing(**row) if row else None


async def begin(connection: Connection, store_id: str, new: Standing) -> None:
    """A silence was noticed."""
    await connection.execute(
        """insert into silences (id, store_id, kind, about, connection_id, since, found_at, title, orders)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        new.id, store_id, new.kind, new.about, new.connection_id, new.since, new.found_at, new.title, new.orders,
    )  # fmt: skip


async def go_on(connection: Connection, id: UUID, title: str, orders: list[dict[str, Any]]) -> None:
    """A silence lasts, and keeps others waiting than before."""
    await connection.execute(
        """update silences set title = $2::text, orders = $3::jsonb
           where id = $1 and (title, orders) is distinct from ($2::text, $3::jsonb)""",
        id,
        title,
        orders,
    )


async def end(connection: Connection, ids: Sequence[UUID], now: datetime) -> None:
    """What was missing is there."""
    await connection.execute("update silences set over_at = $2 where id = any($1::uuid[])", list(ids), now)


async def trust(connection: Connection, id: UUID, now: datetime) -> None:
    """A person vouches for whom a silence is about; what was before no longer speaks against him."""
    await connection.execute("update silences set trusted_at = $2 where id = $1", id, now)


async def trusted_since(connection: Connection, store_id: str, kind: str) -> dict[str, datetime]:
    """Since when a person vouches for somebody, by whom the silence was about."""
    rows = await connection.fetch(
        """select about, max(trusted_at) as since from silences
           where store_id = $1 and kind = $2 and trusted_at is not null group by about""",
        store_id,
        kind,
    )
    return {row["about"]: row["since"] for row in rows}


async def closed_connections(connection: Connection, store_id: str) -> set[str]:
    """Connections about which a person is asked already, because their credential is not accepted."""
    rows = await connection.fetch(
        """select connection_id from cases where store_id = $1 and state = 'open'
           and kind = 'connection-unauthorised' and connection_id is not null""",
        store_id,
    )
    return {row["connection_id"] for row in rows}
