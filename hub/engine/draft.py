"""From a walk to a unit: what is different from what the store holds, as rows to write."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hub.engine.asking import written
from hub.engine.correlation import wait_hash
from hub.engine.ids import new_id
from hub.engine.program import Program
from hub.engine.rests import FLOW_ENDED
from hub.engine.store_events import store_event
from hub.engine.world import World
from hub.flow.graph import Act
from hub.fulfilment.events import CaseOpened, window_of
from hub.model.case import UNSAID_DUE
from hub.model.effect import Effect
from hub.model.moves import EmitEvent, Entry, Listen, Move, OpenCase, StartClock, StartRun, StopClock
from hub.model.run import Acting, Held, Ready, Run, Token, Waiting
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent, own_source
from hub.store.runs import Leased, put_of
from hub.store.sealing import Box
from hub.store.unit import CaseNew, ClockPut, EffectPut, EventNew, RunNew, Unit, WaitNew

LOOK_BACK = timedelta(days=30)
"""How long before the run began an event may have come that a wait still takes."""


@dataclass
class Draft:
    """One run in hand: its position, what the store holds of it, and the unit that will make them equal."""

    leased: Leased
    program: Program
    run: Run
    unit: Unit
    stored: Run
    """The run as the store holds it."""
    house: Box
    """The store's own: seals what names nobody."""

    @classmethod
    def of(cls, leased: Leased, program: Program, house: Box, now: Any) -> "Draft":
        """Begin with what was loaded."""
        return cls(leased, program, leased.run, _blank(leased, now), leased.run, house)

    def renew(self, now: Any) -> None:
        """The unit was written: begin the next one."""
        self.stored = self.run
        self.unit = _blank(self.leased, now, self.run.order_id)

    def revert(self, now: Any) -> None:
        """The unit was not written: begin again from what the store holds."""
        self.run = self.stored
        self.unit = _blank(self.leased, now, self.run.order_id)

    def seal(self, value: Any) -> bytes:
        """Encrypt a value under this run's person."""
        return self.leased.box.seal(to_bytes(value))

    def token(self, id: UUID) -> Token | None:
        """A token as it stands now."""
        return next((t for t in self.run.tokens if t.id == id), None)

    def put(self, effect: Effect) -> None:
        """Note what is known of an effect; the newest word of one step counts."""
        self.leased.effects[effect.id] = effect
        self.unit.effects_put = [p for p in self.unit.effects_put if p.id != effect.id]
        sealed = self.seal(effect.answer) if effect.answer is not None else None
        self.unit.effects_put.append(
            EffectPut(
                effect.id,
                effect.state,
                effect.attempt,
                effect.lookups,
                sealed,
                _optional(effect.refusal),
                _storable(effect.reason),
            )
        )

    def note(self, entries: list[Entry]) -> None:
        """Add to the run's history."""
        self.unit.entries.extend((e.node, _storable(e.what), _storable(e.detail)) for e in entries)

    def open_case(
        self, move: OpenCase, *, cause: str | None = None, connection_id: str | None = None
    ) -> None:
        """Ask a person, in the same commit that holds the token."""
        move = replace(move, due=move.due or self.unit.now + UNSAID_DUE)
        body = self.seal({"title": move.title, "detail": move.detail})
        self.unit.cases_new.append(
            CaseNew(
                move.case,
                move.kind,
                body,
                dict(move.choices),
                self.unit.now,
                self._told(move, connection_id),
                move.node,
                move.due,
                move.effect,
                connection_id,
                cause,
                move.owner,
                [{"item": k, "label": v, "by": None, "at": None} for k, v in move.checklist.items()],
                list(move.checked_first),
            )
        )

    def _told(self, move: OpenCase, connection_id: str | None) -> StoreEvent:
        event = CaseOpened(
            case=str(move.case),
            kind=move.kind,
            window=window_of(self.unit.now),
            about=self.leased.subject,
            order_id=written(self.run.order_id),
            flow=self.program.flow,
            run=str(self.run.id),
            connection=connection_id,
            due_at=move.due,
        )
        return store_event(self.house, self.run.store_id, event)

    def take(self, world: World, moves: list[Move]) -> None:
        """Rows for everything a walk wants, but for what is to be performed."""
        for move in moves:
            match move:
                case OpenCase():
                    self.open_case(move)
                case Listen():
                    self.unit.waits_new.append(self._wait(move))
                case EmitEvent():
                    self._emit(world, move)
                case StartRun():
                    self._start(world, move)
                case StartClock():
                    self.unit.clocks.append(ClockPut(new_id(), move.clock, move.due, move.warn))
                case StopClock():
                    self.unit.clocks.append(ClockPut(new_id(), move.clock))
                case _:
                    continue

    def close(self, *, release: bool) -> Unit:
        """The finished unit: differing tokens, names, the next due moment, and the end of the run if it has ended."""
        unit, run = self.unit, self.run
        before = {t.id: t for t in self.stored.tokens}
        standing = {t.id for t in run.tokens}
        unit.tokens_put = [put_of(t) for t in run.tokens if before.get(t.id) != t]
        unit.tokens_gone = [i for i in before if i not in standing]
        unit.waits_gone = list(_waits(self.stored) - _waits(run))
        if run.frames is not self.stored.frames and run.frames != self.stored.frames:
            unit.names = self.seal(run.frames)
        unit.order_id = run.order_id
        unit.release = release
        unit.due_at = self._due(release)
        if run.ended is not None:
            unit.ended, unit.release = run.ended, True
            if self.leased.parent_run_id:
                unit.events_new.append(self._ended_event(run))
        return unit

    def _due(self, release: bool) -> Any:
        """When the run should be looked at next. Under a lease it stays due, so that a dead worker's run is found."""
        if not release:
            return self.unit.now
        moments = [_token_due(t, self.unit.now) for t in self.run.tokens]
        return min((m for m in moments if m is not None), default=None)

    def _wait(self, move: Listen) -> WaitNew:
        run = self.run
        bound = self.program.roles.get(move.role, [])
        if move.role == "hub":
            connections = [run.source, own_source(run.store_id)]
        else:
            connections = [run.source] if run.source in bound else bound
        since = self.leased.started_at - (timedelta(0) if move.since_run else LOOK_BACK)
        return WaitNew(
            move.wait,
            wait_hash(run.store_id, move.event, move.match),
            connections,
            move.event,
            self.seal(move.match),
            since,
            self.consumed(),
        )

    def consumed(self) -> list[UUID]:
        """The events this run has taken: its trigger, and those its waits were given."""
        taken = self.run.frames.get("", {}).get("$taken", [])
        return [self.leased.event_id, *(UUID(t) for t in taken)]

    def _emit(self, world: World, move: EmitEvent) -> None:
        name = move.event.removeprefix("hub.")
        event_type = world.catalog.own_events[name]
        event = event_type.model_validate(move.inputs)
        self.unit.events_new.append(
            EventNew(
                new_id(),
                name,
                event.key(),
                event.subject() or self.leased.subject,
                self.seal(event.model_dump()),
            )
        )

    def _start(self, world: World, move: StartRun) -> None:
        child = world.active[(self.run.store_id, move.flow)]
        event = EventNew(new_id(), "flow_started", str(move.run), self.leased.subject, self.seal(move.inputs))
        self.unit.events_new.append(event)
        self.unit.runs_new.append(
            RunNew(move.run, move.flow, child.id, str(move.run), event.id, new_id(), child.graph.start)
        )

    def _ended_event(self, run: Run) -> EventNew:
        body = {"run": str(run.id), "reason": run.ended, "result": run.frames.get("", {}).get("result")}
        return EventNew(new_id(), FLOW_ENDED, str(run.id), self.leased.subject, self.seal(body))


def _storable(text: str) -> str:
    """Text the database takes: somebody else's words may hold what it cannot keep, and are cut to a line or two."""
    if len(text) <= 500 and text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:500]


def _optional(text: str | None) -> str | None:
    return None if text is None else _storable(text)


def _waits(run: Run) -> set[UUID]:
    return {t.wait for t in run.tokens if isinstance(t, (Waiting, Held)) and t.wait}


def _token_due(token: Token, now: Any) -> Any:
    match token:
        case Ready() | Acting():
            return token.due or now
        case Waiting() | Held():
            return token.due
        case _:
            return None


def _blank(leased: Leased, now: Any, order_id: UUID | None = None) -> Unit:
    return Unit(
        leased.run.id,
        leased.run.store_id,
        leased.serial,
        leased.wakes,
        now,
        leased.box.id,
        leased.run.source,
        leased.subject,
        order_id or leased.run.order_id,
    )


def act_node(program: Program, token: Token) -> Act:
    """The act a token stands on."""
    node = program.node(token.node)
    assert isinstance(node, Act)
    return node
