"""Tickets: who came back from an OpenID provider gets one, and the dashboard changes it for a session, once."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.store.database import Connection
from hub.store.keys import key_hash

LASTS = timedelta(minutes=1)
"""It stands in an address for as long as a browser needs to follow it."""


async def give_ticket(connection: Connection, user_id: UUID, now: datetime) -> str:
    """A new one, which is seen only now. Those that are over are removed."""
    ticket = secrets.token_urlsafe(32)
    await connection.execute("delete from sign_in_tickets where expires_at < $1", now)
    await connection.execute(
        "insert into sign_in_tickets (ticket_hash, user_id, expires_at) values ($1, $2, $3)",
        key_hash(ticket),
        user_id,
        now + LASTS,
    )
    return ticket


async def take_ticket(connection: Connection, ticket: str, now: datetime) -> Any:
    """Whose it is, and it is gone; None if it is unknown, used or over, or they are disabled."""
    return await connection.fetchrow(
        """with taken as (delete from sign_in_tickets where ticket_hash = $1 returning user_id, expires_at)
           select u.* from taken t join users u on u.id = t.user_id
           where t.expires_at > $2 and u.disabled_at is null""",
        key_hash(ticket),
        now,
    )
