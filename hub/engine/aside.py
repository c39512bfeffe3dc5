"""Runs that cannot be read: an erased person's ends, a damaged one is set aside with a case, out of others' way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from hub.engine.asking import Question, ask
from hub.engine.engine import Engine
from hub.model import case as cases
from hub.store.database import Connection, lost
from hub.store.runs import Leased, abandon, end_erased, load, row_of

log = structlog.get_logger()

AGAIN = timedelta(minutes=15)
"""When a run that was set aside is tried once more."""


async def load_all(engine: Engine, rows: Sequence[Any]) -> list[Leased]:
    """The runs of these leased rows. What cannot be read is set aside; its neighbours are not held up by it."""
    try:
        async with engine.database.connection() as connection:
            leased = await load(connection, engine.vault, rows)
    except lost:
        raise
    except Exception as error:  # noqa: BLE001  whatever one run's rows hold, the others are read
        if len(rows) == 1:
            await _set_aside(engine, rows[0], type(error).__name__)
            return []
        return [one for row in rows for one in await load_all(engine, [row])]
    found = {one.run.id for one in leased}
    for row in rows:
        if row["id"] not in found:
            async with engine.database.transaction() as connection:
                await end_erased(connection, row["id"], row["lease_serial"], engine.clock.now())
    return leased


async def _set_aside(engine: Engine, row: Any, why: str) -> None:
    now = engine.clock.now()
    log.error("run set aside", run=str(row["id"]), why=why)
    async with engine.database.transaction() as connection:
        await _show(engine, connection, row, "cannot be read", why)
        await abandon(connection, row["id"], row["lease_serial"], now + AGAIN)


async def show_failing(engine: Engine, run_id: UUID, why: str) -> None:
    """Open a case, once, about a run that fails each time it is taken up; it is tried again all the same."""
    async with engine.database.transaction() as connection:
        row = await row_of(connection, run_id)
        if row is not None:
            await _show(engine, connection, row, "fails each time it is taken up", why)


async def _show(engine: Engine, connection: Connection, row: Any, what: str, why: str) -> None:
    now, store = engine.clock.now(), row["store_id"]
    house = (await engine.vault.boxes_of(connection, {(store, "")}, now))[(store, "")]
    question = Question(
        cases.STEP_FAILED,
        f"A run of flow {row['flow']} {what}",
        {"reason": why},
        {"seen": "I have seen it"},
        cause=f"failing-run:{row['id']}",
        order_id=row["order_id"],
        subject=row["subject"],
        flow=row["flow"],
        run=row["id"],
    )
    await ask(connection, store, house, question, now)
