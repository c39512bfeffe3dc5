"""SQL of webhook subscriptions: what came of it when a connection's were last looked at."""

from hub.store.database import Connection
from hub.store.reading import Rows

LOOKS = "ensure_subscriptions"
"""What connectors whose other side drops subscriptions call the action that renews them."""


async def last_looks(connection: Connection, ids: list[str]) -> Rows:
    """Of each of these connections the newest such effect; of one that was never looked at, nothing."""
    return list(
        await connection.fetch(
            """select u.id, e.state, e.intended_at, e.settled_at, e.answer, e.person_id
               from unnest($1::text[]) as u(id) cross join lateral (
                 select * from effects where connection_id = u.id and action = $2
                 order by intended_at desc limit 1) e""",
            ids,
            LOOKS,
        )
    )
