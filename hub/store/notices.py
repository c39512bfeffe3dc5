"""SQL of notices and links. Whoever writes them holds the lock on their order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class NoticeNew:
    """A notice about to be sent; `body` is what was rendered, sealed."""

    order_id: UUID
    milestone: str
    store_id: str
    notice: str
    rank: int
    parcel: str
    person_id: UUID
    state: str
    reason: str
    body: bytes | None


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link as it is kept: by its token's hash."""

    token_hash: str
    store_id: str
    source: str
    order_id: UUID
    person_id: UUID
    purpose: str
    about: str
    sealed_token: bytes
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    answer: str = ""
    body: bytes | None = None


async def put(connection: Connection, notice: NoticeNew, now: datetime) -> None:
    """Write down a notice, once for each milestone of an order; what was decided first stays."""
    await connection.execute(
        """insert into notices (order_id, milestone, store_id, notice, rank, parcel, person_id, state, reason, body,
                                made_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing""",
        notice.order_id, notice.milestone, notice.store_id, notice.notice, notice.rank, notice.parcel,
        notice.person_id, notice.state, notice.reason, notice.body, now,
    )  # fmt: skip


async def made(connection: Connection, order_id: UUID) -> list[Any]:
    """The notices of an order, without their texts, oldest first."""
    return list(
        await connection.fetch(
            """select milestone, notice, rank, parcel, state from notices where order_id = $1
               order by made_at, milestone""",
            order_id,
        )
    )


async def sent_count(connection: Connection) -> int:
    """How many notices went out."""
    return int(await connection.fetchval("select count(*) from notices where state = 'sent'"))


async def settle(
    connection: Connection, order_id: UUID, milestone: str, said: tuple[str, str], now: datetime
) -> None:
    """Note how the sending of a prepared notice ended, as (state, reason)."""
    state, reason = said
    await connection.execute(
        """update notices set state = $3::text, reason = $4, sent_at = case when $3 = 'sent' then $5::timestamptz end
           where order_id = $1 and milestone = $2 and state = 'prepared'""",
        order_id, milestone, state, reason, now,
    )  # fmt: skip


async def confirmation(connection: Connection, order_id: UUID) -> tuple[datetime | None, datetime | None]:
    """When the first purchase of an order was taken, and when its customer's confirmation was made; None: not yet."""
    row = await connection.fetchrow(
        """select (select min(settled_at) from purchases where order_id = $1 and state = 'confirmed') as bought_at,
             (select min(made_at) from notices where order_id = $1 and notice = 'order-confirmed') as confirmed_at""",
        order_id,
    )
    return row["bought_at"], row["confirmed_at"]


async def keep_link(connection: Connection, link: StoredLink) -> None:
    """Write down a link."""
    await connection.execute(
        """insert into links (token_hash, store_id, source, order_id, person_id, purpose, about, sealed_token, body,
                              made_at, expires_at, answer)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '')""",
        link.token_hash, link.store_id, link.source, link.order_id, link.person_id, link.purpose, link.about,
        link.sealed_token, link.body, link.made_at, link.expires_at,
    )  # fmt: skip


async def link_about(
    connection: Connection, order_id: UUID, purpose: str, about: str, now: datetime
) -> StoredLink | None:
    """A link that was made for this before and still opens."""
    row = await connection.fetchrow(
        """select * from links where order_id = $1 and purpose = $2 and about = $3 and expires_at > $4
           and used_at is null order by made_at desc limit 1""",
        order_id, purpose, about, now,
    )  # fmt: skip
    return StoredLink(**row) if row else None


async def open_questions(connection: Connection, order_id: UUID, now: datetime) -> list[str]:
    """What an order's customer was asked by a link that nobody has answered yet."""
    rows = await connection.fetch(
        """select distinct about from links where order_id = $1 and purpose in ('address', 'choice')
           and used_at is null and expires_at > $2 order by about""",
        order_id, now,
    )  # fmt: skip
    return [row["about"] for row in rows]


_LINK = "select * from links where token_hash = $1"
_LINK_LOCKED = "select * from links where token_hash = $1 for no key update"


async def find_link(connection: Connection, token_hash: str, *, lock: bool = False) -> StoredLink | None:
    """A link by its token's hash; `lock` for whoever is about to use it."""
    sql = _LINK_LOCKED if lock else _LINK
    row = await connection.fetchrow(sql, token_hash)
    return StoredLink(**row) if row else None


async def is_newest(connection: Connection, link: StoredLink) -> bool:
    """Whether nobody was asked anew, by a later link of the same purpose about the same order. Of a line that several
    suppliers share, each share that is missing has a choice of its own, and all of them stand."""
    found: bool = await connection.fetchval(
        """select not exists(select 1 from links where order_id = $1 and purpose = $2 and made_at > $3
             and token_hash <> $4 and (purpose <> 'choice' or about = $5))""",
        link.order_id, link.purpose, link.made_at, link.token_hash, link.about,
    )  # fmt: skip
    return found


async def use_link(connection: Connection, token_hash: str, answer: str, used_at: datetime | None) -> None:
    """Note an answer; with `used_at` the link takes no other."""
    await connection.execute(
        "update links set answer = $2, used_at = $3 where token_hash = $1", token_hash, answer, used_at
    )


async def has_open_case(connection: Connection, order_id: UUID) -> bool:
    """Whether anything about an order still waits for a person."""
    return bool(
        await connection.fetchval(
            "select exists(select 1 from cases where order_id = $1 and state = 'open')", order_id
        )
    )


async def notices_with_texts(connection: Connection, order_id: UUID) -> list[Any]:
    """Every notice of an order, with what was written, sealed; oldest first."""
    return list(
        await connection.fetch(
            "select * from notices where order_id = $1 order by made_at, milestone", order_id
        )
    )
