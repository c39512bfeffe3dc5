"""What no webhook told of: due polls are asked, and what they find is admitted as if it had been delivered."""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from hub.catalog import receive
from hub.engine.engine import Engine
from hub.engine.hearing import note_missed
from hub.engine.intake_admission import give_to_waits, record_of, start_flows
from hub.engine.world import Link
from hub.sdk import Call, Event, NotDone, Page
from hub.store.database import Connection
from hub.store.events import correlate, insert_events
from hub.store.polls import Turn, know_polls, move_on, put_off, take_polls

log = structlog.get_logger()

HELD = timedelta(minutes=1)
"""How long a poll belongs to the worker that took it, by the trade's clock; then another may ask."""


async def start_polls(engine: Engine, now: datetime) -> None:
    """Begin to ask every due poll of every open connection that is to be asked, paused or not: what comes in does not
    wait for what goes out. The asking goes on beside the sweep in `engine.polling`."""
    every = {
        (link.id, name): poll.every
        for link in engine.world.links.values()
        if link.is_asked
        for name, poll in receive.polls(type(link.connector)).items()
    }
    wanted = [poll for poll in every if poll not in engine.polling]
    known = set(wanted) - engine.known_polls
    if not wanted:
        return

    async def work(connection: Connection) -> list[Turn]:
        if known:
            await know_polls(connection, [(*poll, every[poll]) for poll in sorted(known)], now)
        return await take_polls(connection, wanted, now, now + HELD)

    turns = await engine.database.repeat(work)
    engine.known_polls |= known
    for turn in turns:
        task = asyncio.create_task(_turn(engine, turn, now), name=f"poll {turn.connection_id} {turn.poll}")
        engine.polling[turn.connection_id, turn.poll] = task
        task.add_done_callback(partial(_forget, engine, (turn.connection_id, turn.poll)))


def _forget(engine: Engine, key: tuple[str, str], _: object) -> None:
    engine.polling.pop(key, None)


async def _turn(engine: Engine, turn: Turn, now: datetime) -> None:
    link = engine.world.links[turn.connection_id]
    every = receive.polls(type(link.connector))[turn.poll].every
    if (wait := engine.limiter.take(link.id)) > 0:
        # No failure, and nothing for the log: it is asked as soon as the connection's budget allows.
        await _postpone(engine, turn, now + timedelta(seconds=wait))
        return
    try:
        deadline = asyncio.get_running_loop().time() + engine.figures.call
        call = Call(f"{turn.poll}:{turn.cursor}", deadline, 1, now)
        page = await receive.ask(link.connector, turn.poll, turn.cursor, call)
        await _keep(engine, turn, page, now + (timedelta() if page.more else every))
    except Exception as error:  # noqa: BLE001  whatever it was, the same cursor is asked again
        log.warning("poll failed", connection=link.id, poll=turn.poll, error=type(error).__name__)
        await _postpone(engine, turn, now + _backoff(engine, turn, every, error))


def _backoff(engine: Engine, turn: Turn, every: timedelta, error: Exception) -> timedelta:
    """A fifth of its usual time at first, so that one lost answer delays little; then twice as long as the last time,
    within reason; or as long as the other side asks for."""
    if isinstance(error, NotDone) and error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    if not turn.is_failing:
        return every / 5
    longest = max(every, timedelta(seconds=engine.figures.longest_backoff))
    return min(max(every / 5, turn.waited * 2), longest)


async def _keep(engine: Engine, turn: Turn, page: Page[Event], due_at: datetime) -> None:
    """The cursor and what was found are committed together, or neither is."""
    link = engine.world.links[turn.connection_id]

    async def work(connection: Connection) -> int:
        if not await move_on(connection, turn, page.cursor, due_at, engine.clock.now()):
            return 0
        return await _admit(engine, connection, link, page.events)

    found = await engine.database.repeat(work)
    if found:
        log.info("poll found", connection=link.id, poll=turn.poll, new=found)


async def _admit(engine: Engine, connection: Connection, link: Link, events: list[Event]) -> int:
    """Events that are new go the way of delivered ones; their runs are due at once, for any worker."""
    if not events:
        return 0
    now = engine.clock.now()
    people = {(link.store_id, e.person() or "") for e in events}
    boxes = await engine.vault.boxes_of(connection, people, now)
    records = [record_of(link.store_id, link.id, e, boxes[link.store_id, e.person() or ""]) for e in events]
    new = await insert_events(connection, records, now)
    fresh = [r for r in records if r.id in new]
    if link.is_told:
        await note_missed(connection, fresh, now)
    await give_to_waits(engine, connection, fresh, await correlate(connection, fresh, now))
    await start_flows(engine, connection, fresh, {b.id: b for b in boxes.values()}, 0)
    return len(fresh)


async def _postpone(engine: Engine, turn: Turn, due_at: datetime) -> None:
    try:
        async with engine.database.connection() as connection:
            await put_off(connection, turn, due_at)
    except Exception as error:  # noqa: BLE001  the poll is free again when its time is over
        log.warning("poll not put off", connection=turn.connection_id, error=type(error).__name__)
