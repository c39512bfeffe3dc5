"""SQL of what runs of a flow have been through, for trying another version of it on them. Nothing is changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from hub.store.database import Connection

Rows = list[Any]


async def runs_since(
    connection: Connection, store_id: str, flow: str, since: datetime, most: int
) -> tuple[Rows, int]:
    """The newest runs of a flow that began since then, with the events that began them; and how many there are."""
    rows = await connection.fetch(
        """select r.id, r.store_id, r.source, r.subject, r.person_id, r.names, r.started_at, r.flow_version_id,
                  e.body as event, count(*) over () as all_of_them
           from runs r join events e on e.id = r.event_id
           where r.store_id = $1 and r.flow = $2 and r.started_at >= $3
           order by r.started_at desc, r.id desc limit $4""",
        store_id, flow, since, most,
    )  # fmt: skip
    return list(rows), rows[0]["all_of_them"] if rows else 0


async def answers_of(connection: Connection, run_ids: list[UUID]) -> Rows:
    """What was answered to some runs' effects, in the order in which they were asked."""
    return list(
        await connection.fetch(
            """select run_id, node, state, answer, refusal, reason from effects
               where run_id = any($1) and state in ('confirmed', 'refused', 'skipped') order by intended_at, id""",
            run_ids,
        )
    )


async def version_in_force(connection: Connection, store_id: str, flow: str) -> UUID | None:
    """The version of a flow that starts new runs."""
    found: UUID | None = await connection.fetchval(
        "select id from flow_versions where store_id = $1 and flow = $2 and is_active", store_id, flow
    )
    return found
