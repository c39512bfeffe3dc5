"""Tickets: who came back from an OpenID provider gets one, and the dashboard changes it for a session, once."""

import base64
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.store.database import Connection
from hub.store.keys import key_hash

LASTS = timedelta(minutes=1)
"""It stands in an address for as long as a browser needs to follow it."""


def challenge_of(verifier: str) -> str:
    """What is told of a verifier before it is shown (S256 of RFC 7636); nothing of none."""
    made = hashlib.sha256(verifier.encode()).digest() if verifier else b""
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


async def give_ticket(connection: Connection, user_id: UUID, challenge: str, now: datetime) -> str:
    """A new one for whoever knows what the challenge is of; it is seen only now. Those that are over are removed."""
    ticket = secrets.token_urlsafe(32)
    await connection.execute("delete from sign_in_tickets where expires_at < $1", now)
    await connection.execute(
        "insert into sign_in_tickets (ticket_hash, user_id, expires_at) values ($1, $2, $3)",
        key_hash(f"{ticket}.{challenge}"),
        user_id,
        now + LASTS,
    )
    return ticket


async def take_ticket(connection: Connection, ticket: str, challenge: str, now: datetime) -> Any:
    """Whose it is, and it is gone; None if it is unknown, used, over or another's, or they are disabled."""
    return await connection.fetchrow(
        """with taken as (delete from sign_in_tickets where ticket_hash = $1 returning user_id, expires_at)
           select u.* from taken t join users u on u.id = t.user_id
           where t.expires_at > $2 and u.disabled_at is null""",
        key_hash(f"{ticket}.{challenge}"),
        now,
    )
