"""From kept deliveries to events, and from events to waits and runs: one transaction for a whole batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel

from hub.catalog import receive
from hub.engine.asking import Question, ask
from hub.engine.correlation import event_hashes, matches
from hub.engine.engine import Engine
from hub.engine.hearing import note_heard
from hub.engine.ids import new_id
from hub.engine.program import Program
from hub.flow.evaluation import ExpressionFailed, as_truth
from hub.model import case as cases
from hub.model.run import Ready, Run
from hub.sdk import Delivery, Event, Unreadable
from hub.store.database import Connection
from hub.store.encoding import from_bytes, to_bytes
from hub.store.events import (
    EventRecord,
    RunStart,
    correlate,
    give,
    insert_events,
    settle_emitted,
    start_runs,
    take_emitted,
)
from hub.store.inbox import Admitted, settle_deliveries, take_deliveries
from hub.store.runs import Leased
from hub.store.sealing import Box, WrongKey

log = structlog.get_logger()


@dataclass
class _Read:
    """One delivery as it was read: its events, or what is wrong with it."""

    row: Any
    data_key: bytes | None
    events: list[Event] = field(default_factory=list)
    state: str = "admitted"
    reason: str = ""


async def admit(engine: Engine, room: int) -> tuple[list[Leased], int]:
    """Admit a batch of what has arrived. Gives up to `room` runs that it started, leased to this worker, and how many
    deliveries and events were taken."""

    async def work(connection: Connection) -> tuple[list[Leased], int]:
        now = engine.clock.now()
        rows = await take_deliveries(connection, list(engine.world.links), engine.figures.batch)
        emitted = await take_emitted(connection, engine.figures.batch) if engine.has_emitted else []
        if not rows and not emitted:
            return [], 0
        reads = await _read_all(engine, connection, rows)
        await note_heard(connection, ((r.row["connection_id"], r.events) for r in reads), now)
        events, boxes = await _keep(engine, connection, reads)
        events += await _own_events(engine, connection, emitted, boxes)
        waits = await correlate(connection, events, now)
        await give_to_waits(engine, connection, events, waits)
        return await start_flows(engine, connection, events, boxes, room), len(rows) + len(emitted)

    found = await engine.database.repeat(work)
    engine.has_emitted = engine.has_emitted and found[1] > 0
    return found


async def _read_all(engine: Engine, connection: Connection, rows: Sequence[Any]) -> list[_Read]:
    stores = {(row["store_id"], "") for row in rows}
    boxes = await engine.vault.boxes_of(connection, stores, engine.clock.now()) if stores else {}
    return [_read(engine, row, boxes[(row["store_id"], "")]) for row in rows]


def _read(engine: Engine, row: Any, box: Box) -> _Read:
    link = engine.world.links[row["connection_id"]]
    try:
        plain = box.open(row["sealed_key"])
        data_box = engine.vault.open_box(UUID(bytes=plain[:16]), plain[16:])
    except WrongKey as error:
        return _Read(row, None, state="unreadable", reason=str(error))
    read = _Read(row, plain)
    try:
        delivery = Delivery(row["headers"], data_box.open(row["body"]), row["received_at"])
        found = receive.read(link.connector, row["topic"], delivery)
    except Unreadable as error:
        read.state, read.reason = "unreadable", str(error)
        return read
    if found is None:
        read.state = "ignored"
    elif any("\x00" in f"{e.key()}{e.subject()}" for e in found):
        read.state, read.reason = "unreadable", "What identifies it holds a character that no identifier has."
    elif not (taken := link.told(found)) and found:
        read.state, read.reason = "ignored", "It is asked for instead."
    else:
        read.events = taken
    return read


async def _keep(
    engine: Engine, connection: Connection, reads: list[_Read]
) -> tuple[list[EventRecord], dict[UUID, Box]]:
    """Events in, each under its person's key; deliveries sealed anew for that person; a case for the unreadable."""
    now = engine.clock.now()
    people = {(r.row["store_id"], e.person() or "") for r in reads for e in r.events}
    people |= {(r.row["store_id"], "") for r in reads}
    boxes = await engine.vault.boxes_of(connection, people, now) if people else {}
    records: list[EventRecord] = []
    settled: list[Admitted] = []
    for read in reads:
        store = read.row["store_id"]
        box = boxes[(store, (read.events[0].person() or "") if read.events else "")]
        if read.data_key is None or read.state == "unreadable":
            # It stays under the store's key, so that it can be read again once the connector understands it.
            settled.append(Admitted(read.row["id"], read.state, read.reason))
        else:
            settled.append(Admitted(read.row["id"], read.state, read.reason, box.id, box.seal(read.data_key)))
        records += [
            record_of(store, read.row["connection_id"], e, boxes[(store, e.person() or "")])
            for e in read.events
        ]
    new = await insert_events(connection, records, now) if records else set()
    if settled:
        await settle_deliveries(connection, settled)
    bad = [(r, boxes[(r.row["store_id"], "")]) for r in reads if r.state == "unreadable"]
    for read, box in bad:
        await _unreadable_case(engine, connection, read, box)
    return [r for r in records if r.id in new], {b.id: b for b in boxes.values()}


def record_of(store_id: str, connection_id: str, event: Event, box: Box) -> EventRecord:
    """An event as it is kept: sealed for its person, findable by its match fields."""
    value = _plain(event)
    name = event.event_name()
    hashes = event_hashes(store_id, name, event.match_fields, value)
    return EventRecord(
        new_id(),
        store_id,
        connection_id,
        name,
        event.key(),
        event.subject(),
        box.id,
        box.seal(to_bytes(value)),
        event.happened_at(),
        value,
        hashes,
    )


def _plain(event: Event) -> dict[str, Any]:
    """The event's fields as plain values. Bodies that are plain already are not copied: some are whole orders."""
    found = {}
    for name in type(event).model_fields:
        value = getattr(event, name)
        if isinstance(value, BaseModel):
            value = value.model_dump()
        elif isinstance(value, list):
            value = [v.model_dump() if isinstance(v, BaseModel) else v for v in value]
        found[name] = value
    return found


async def _own_events(
    engine: Engine, connection: Connection, rows: Sequence[Any], boxes: dict[UUID, Box]
) -> list[EventRecord]:
    boxes |= await engine.vault.boxes(connection, {row["person_id"] for row in rows})
    records = []
    for row in rows:
        if row["person_id"] not in boxes:
            continue  # erased since: there is nothing left to tell anybody
        try:
            value = from_bytes(boxes[row["person_id"]].open(row["body"]))
        except WrongKey:
            log.error("event unreadable", event=str(row["id"]), name=row["name"])
            continue
        kind = engine.world.catalog.event(row["name"])
        fields = kind.match_fields if kind else ("run",)
        hashes = event_hashes(row["store_id"], row["name"], fields, value)
        records.append(
            EventRecord(
                row["id"],
                row["store_id"],
                row["connection_id"],
                row["name"],
                row["key"],
                row["subject"],
                row["person_id"],
                row["body"],
                row["happened_at"],
                value,
                hashes,
            )
        )
    if rows:
        await settle_emitted(connection, [row["id"] for row in rows])
    return records


async def give_to_waits(
    engine: Engine, connection: Connection, events: Sequence[EventRecord], waits: Sequence[Any]
) -> None:
    """Give new events to the open waits that asked for them; one wait takes one event."""
    if not waits:
        return
    boxes = await engine.vault.boxes(connection, {w["person_id"] for w in waits})
    gifts: dict[UUID, tuple[UUID, UUID, UUID]] = {}
    for wait in waits:
        match = _match_of(wait, boxes)
        if match is None:
            continue
        for event in events:
            fits = event.name == wait["event"] and event.connection_id in wait["connections"]
            if fits and event.store_id == wait["store_id"] and matches(match, event.value):
                gifts.setdefault(wait["id"], (wait["id"], wait["run_id"], event.id))
    if gifts:
        await give(connection, list(gifts.values()), engine.clock.now())


def _match_of(wait: Any, boxes: dict[UUID, Box]) -> Any:
    """What a wait asks for; None where its person was erased or its row is damaged: the run itself will tell."""
    try:
        return from_bytes(boxes[wait["person_id"]].open(wait["match"]))
    except (KeyError, WrongKey):
        return None


async def start_flows(
    engine: Engine, connection: Connection, events: Sequence[EventRecord], boxes: dict[UUID, Box], room: int
) -> list[Leased]:
    """Start the runs that new events trigger; up to `room` of them are leased to this worker at once."""
    starts = [s for event in events for s in _starts(engine, event)]
    for number, start in enumerate(starts):
        start.owner = engine.worker if number < room else None
    if not starts:
        return []
    now = engine.clock.now()
    new = await start_runs(connection, starts, now)
    mine = [s for s in starts if s.id in new and s.owner is not None]
    return [
        Leased(
            Run(s.id, s.event.store_id, s.event.connection_id, s.event.value, _tokens(s)),
            1,
            0,
            s.flow_version_id,
            boxes[s.event.person_id],
            now,
            s.event.subject,
            s.event.id,
        )
        for s in mine
    ]


def _tokens(start: RunStart) -> tuple[Ready, ...]:
    return (Ready(start.token_id, start.node),) if start.node is not None else ()


def _starts(engine: Engine, event: EventRecord) -> list[RunStart]:
    found = []
    for program in engine.world.triggered(event.store_id, event.connection_id, event.name):
        key = _trigger_key(engine, program, event)
        if key is not None:
            graph = program.graph
            found.append(RunStart(new_id(), graph.flow, program.id, key, new_id(), graph.start, event, None))
    return found


def _trigger_key(engine: Engine, program: Program, event: EventRecord) -> str | None:
    """The key that makes it one run per thing; None if the flow's `when` does not hold."""
    trigger, names, now = program.graph.trigger, {"event": event.value}, engine.clock.now()
    assert trigger is not None
    try:
        if trigger.when is not None and not as_truth(program.expression(trigger.when).evaluate(names, now)):
            return None
        return str(program.template("", "key", trigger.key).render(names, now))[:300]
    except ExpressionFailed as error:
        # The event is kept and its run starts under the event's own key: what is wrong shows as a case, not as a loss.
        log.warning("trigger not worked out", flow=program.flow, event=str(event.id), error=str(error))
        return f"event {event.key}"[:300]


async def _unreadable_case(engine: Engine, connection: Connection, read: _Read, house: Box) -> None:
    row = read.row
    question = Question(
        cases.DELIVERY_UNREADABLE,
        f"A delivery of {row['connection_id']} cannot be read",
        {"reason": read.reason, "delivery": str(row["id"])},
        {cases.TRY_AGAIN: "Read it again", cases.GIVE_UP: "It does not matter"},
        connection=row["connection_id"],
    )
    await ask(connection, row["store_id"], house, question, engine.clock.now())
