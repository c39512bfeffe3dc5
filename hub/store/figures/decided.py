"""SQL of decisions in force, with every candidate of every line: what other rules would have chosen from."""

from typing import Any

from hub.store.database import Connection
from hub.store.figures.cohort import Cohort, about


async def newest(connection: Connection, cohort: Cohort, most: int) -> list[list[dict[str, Any]]]:
    """The lines of the newest decisions, as they were recorded; at most so many decisions."""
    rows = await connection.fetch(
        about(
            """select d.lines from cohort o join decisions d on d.order_id = o.id and d.superseded_at is null
               order by d.made_at desc, d.id limit $4"""
        ),
        *cohort.arguments,
        most,
    )
    return [row["lines"] for row in rows]
