"""Where the runs of a flow stand now, by step, and which of them wait for a person."""

from hub.store.database import Connection
from hub.store.reading import Rows, Window


async def tokens_here(connection: Connection, store_id: str, flow: str) -> Rows:
    """How many tokens stand at each step of a flow, and how many of them are held."""
    return list(
        await connection.fetch(
            """select t.node, count(*) as here, count(*) filter (where t.state = 'held') as held
               from runs r join tokens t on t.run_id = r.id
               where r.ended_at is null and r.store_id = $1 and r.flow = $2 group by t.node""",
            store_id,
            flow,
        )
    )


async def page_held(connection: Connection, window: Window, flow: str, stores: list[str] | None) -> Rows:
    """Runs of a flow whose case is open, the oldest case first."""
    return list(
        await connection.fetch(
            """select c.id, c.id as "case", r.id as run, r.store_id as store, coalesce(c.node, '') as node,
                 v.number as version, c.kind, c.subject, c.opened_at, c.due_at, c.opened_at as mark
               from cases c join runs r on r.id = c.run_id join flow_versions v on v.id = r.flow_version_id
               where c.state = 'open' and r.flow = $1 and ($2::text[] is null or c.store_id = any($2))
                 and ($3::timestamptz is null or (c.opened_at, c.id) > ($3, $4))
               order by c.opened_at, c.id limit $5""",
            flow, stores, window.at, window.id, window.limit,
        )
    )  # fmt: skip
