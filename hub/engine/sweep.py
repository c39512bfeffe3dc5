"""What nobody rings for: passed promises, stranded leases, budgets, polls, the trade's clock."""

import asyncio
from datetime import datetime
from typing import Any

import structlog

from hub.engine.asking import Question, ask
from hub.engine.calendar_events import tell_time
from hub.engine.engine import Engine
from hub.engine.intake_polls import start_polls
from hub.model import case as cases
from hub.store.clocks import due_clocks, move_clock
from hub.store.configuration import paused
from hub.store.database import Connection
from hub.store.runs import abandon, bury

log = structlog.get_logger()


async def sweep(engine: Engine) -> None:
    """Do every chore once. Safe in every worker at once; the pump looks for due runs afterwards."""
    async with engine.database.connection() as connection:
        await engine.clock.refresh(connection)
        now = engine.clock.now()
        closed = await paused(connection)
        for link in engine.world.links.values():
            link.paused = closed.get(link.id)
        for run_id, serial in list(engine.stranded):
            await abandon(connection, run_id, serial, now)
            engine.stranded.discard((run_id, serial))
        await bury(connection)
    await _clocks(engine, now)
    await tell_time(engine, now)
    await engine.limiter.refill(now)
    await start_polls(engine, now)
    if engine.polling:
        # Most answer in a moment; a slow one is not waited for.
        await asyncio.wait(engine.polling.values(), timeout=engine.figures.slack)


async def _clocks(engine: Engine, now: datetime) -> None:
    async def work(connection: Connection) -> None:
        for row in await due_clocks(connection, now):
            await _passed(engine, connection, row, now)

    await engine.database.repeat(work)


async def _passed(engine: Engine, connection: Connection, row: Any, now: datetime) -> None:
    """A promise is near its end, or past it: a case is opened, the run is not held."""
    is_late = row["due_at"] <= now
    await move_clock(
        connection, row["id"], "late" if is_late else "warned", None if is_late else row["due_at"]
    )
    kind, store = cases.LATE if is_late else "due-soon", row["store_id"]
    question = Question(
        kind,
        f"{row['clock']} {'is late' if is_late else 'is due soon'} for {row['subject'] or 'a run'}",
        {"due": row["due_at"].isoformat()},
        {"seen": "I have seen it"},
        cause=f"{kind}:{row['id']}",
        due_at=row["due_at"],
        order_id=row["order_id"],
        subject=row["subject"],
        flow=row["flow"],
        run=row["run_id"],
    )
    house = (await engine.vault.boxes_of(connection, {(store, "")}, now))[(store, "")]
    box = await engine.vault.box_or_store(connection, row["person_id"], store, now)
    await ask(connection, store, house, question, now, box)
    log.info("clock passed", clock=row["clock"], run=str(row["run_id"]), state=kind)
