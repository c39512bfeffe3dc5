"""The orders that a figure is about: those of one store that were first read within a span of time."""

from dataclasses import dataclass
from datetime import datetime

from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Cohort:
    """The orders of a store that were first read at `since` or later, and before `until`."""

    store_id: str
    since: datetime
    until: datetime

    @property
    def arguments(self) -> tuple[str, datetime, datetime]:
        """$1, $2 and $3 of every statement that `about` begins."""
        return self.store_id, self.since, self.until


_COHORT = """with cohort as (
  select id, number, cancel_requested_at from orders
  where store_id = $1 and recorded_at >= $2 and recorded_at < $3) """


def about(statement: str) -> str:
    """A statement that may read from `cohort`; the index on `recorded_at` bounds what it reads. One that begins with a
    comma goes on naming what it reads from."""
    return _COHORT + statement


async def size(connection: Connection, cohort: Cohort) -> int:
    """How many orders there are."""
    found: int = await connection.fetchval(about("select count(*) from cohort"), *cohort.arguments)
    return found
