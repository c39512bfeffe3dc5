"""The driver: one leased run, advanced until it rests. The walk decides, the driver commits and acts."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog

from hub.engine import effects
from hub.engine.absorb import absorb
from hub.engine.aside import show_failing
from hub.engine.draft import Draft
from hub.engine.effects import Attempt
from hub.engine.engine import Engine
from hub.engine.ids import new_id
from hub.engine.intend import hold, intend
from hub.engine.outcome import learn
from hub.engine.own import perform_own
from hub.engine.walk import walk
from hub.model import case as cases
from hub.model.effect import Effect, Outcome
from hub.model.moves import Entry, Perform
from hub.model.run import Acting, Held, Ready, Token
from hub.store.committer import CommitUnknown, LeaseLost, OrderCancelled, Overtaken
from hub.store.database import Connection, lost, passing
from hub.store.runs import Leased, abandon
from hub.store.unit import Unit
from hub.store.writer import write

log = structlog.get_logger()


class Drive:
    """Advances one run under one lease."""

    def __init__(self, engine: Engine, leased: Leased) -> None:
        self.engine = engine
        house = engine.world.stores[leased.run.store_id].box
        program = engine.world.programs[leased.flow_version_id]
        self.draft = Draft.of(leased, program, house, engine.clock.now())
        self.sends: list[Attempt] = []
        self.pending: dict[asyncio.Task[Outcome], Effect] = {}

    async def go(self) -> None:
        """Walk, commit and act until nothing is left to do now. Never raises but on cancellation."""
        try:
            await self.engine.reached("claimed")
            self.sends += await absorb(self.engine, self.draft)
            while await self._turn():
                continue
        except LeaseLost:
            log.info("lease lost", run=str(self.draft.run.id))
        except OrderCancelled:
            await self._stop_cancelled()
        except Overtaken:
            await self._abandon(0)
        except (CommitUnknown, *lost, *passing) as error:
            log.warning("commit unknown", run=str(self.draft.run.id), error=type(error).__name__)
            await self._abandon(0)
        except Exception as error:
            log.exception("run failed", run=str(self.draft.run.id))
            await self._hold_poisoned(error)
        finally:
            for task in self.pending:
                task.cancel()

    async def _turn(self) -> bool:
        """One step: walk, commit, act. False once the run rests and its lease is given back."""
        own = self._walk()
        rests = await (self._own_turn(own) if own else self._commit())
        if rests:
            return False
        if self.sends or self.pending:
            await self.engine.reached("intent_committed")
            await self._act()
        return True

    def _walk(self) -> Perform | None:
        """Walk and fill the unit; gives the first of the hub's own actions that is to be run, if any."""
        draft, now = self.draft, self.engine.clock.now()
        draft.unit.now = now
        walked = walk(draft.program, draft.run, now, new_id)
        draft.run = walked.run
        draft.note(walked.entries)
        draft.take(self.engine.world, walked.moves)
        own: Perform | None = None
        for move in walked.moves:
            if isinstance(move, Perform) and self.engine.world.is_own(move.role):
                own = own or move
            elif isinstance(move, Perform) and (attempt := intend(self.engine, draft, move)):
                self.sends.append(attempt)
        return own

    async def _commit(self) -> bool:
        """Write the unit together with other runs'; True if that gave the lease back."""
        unit = self.draft.close(release=not (self.sends or self.pending))
        await self.engine.reached("checked")
        await self.engine.committer.commit(unit)
        rests = self._written(unit)
        await self.engine.reached("step_committed")
        return rests

    async def _own_turn(self, own: Perform) -> bool:
        """Run one of the hub's own actions inside the step's own commit, and walk on in the same."""
        run, unit, sends = self.draft.run, self.draft.unit, self.sends

        async def work(connection: Connection) -> None:
            # A deadlock rolls all of this back; it starts again from the same position.
            self.draft.run, self.draft.unit, self.sends = run, unit.copy(), list(sends)
            await perform_own(self.engine, self.draft, own, connection)
            more = self._walk()
            self.draft.close(release=not (self.sends or self.pending or more))
            written = await write(connection, [self.draft.unit])
            if unit.run_id in written.cancelled:
                raise OrderCancelled
            if unit.run_id in written.overtaken:
                raise Overtaken
            if unit.run_id not in written.survivors:
                raise LeaseLost

        await self.engine.database.repeat(work)
        return self._written(self.draft.unit)

    def _written(self, unit: Unit) -> bool:
        self.draft.renew(self.engine.clock.now())
        self.engine.has_emitted |= bool(unit.events_new or unit.cases_new)
        moment = asyncio.get_running_loop().time()
        self.sends = [replace(s, intended=moment) for s in self.sends]
        return unit.release

    async def _act(self) -> None:
        """Send what is intended, and learn the first outcome that comes; the others stay pending."""
        now, figures = self.engine.clock.now(), self.engine.figures
        sends, self.sends = self.sends, []
        if len(sends) == 1 and not self.pending:
            outcome = await effects.perform(sends[0], now, figures)
            await self.engine.reached("response_read")
            await learn(self.engine, self.draft, sends[0].effect, outcome)
            return
        for attempt in sends:
            self.pending[asyncio.create_task(effects.perform(attempt, now, figures))] = attempt.effect
        done, _ = await asyncio.wait(self.pending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await learn(self.engine, self.draft, self.pending.pop(task), task.result())

    async def _stop_cancelled(self) -> None:
        """The order was cancelled before the purchase was intended: the run ends here, and nothing was bought."""
        draft = self.draft
        facts = [p for p in draft.unit.effects_put if p.state in ("confirmed", "refused")]
        draft.revert(self.engine.clock.now())
        draft.unit.effects_put = facts
        try:
            for task, effect in self.pending.items():
                await learn(self.engine, draft, effect, await task)
            # What may have been bought already is settled first; the next purchase meets the cancellation again.
            doubtful = tuple(t for t in draft.run.tokens if self._is_doubtful(t))
            draft.run = replace(
                draft.run, tokens=doubtful, ended=None if doubtful else "The order was cancelled."
            )
            draft.note([Entry("", "order cancelled")])
            await self.engine.committer.commit(draft.close(release=True))
        except Exception as error:  # noqa: BLE001  then the run is read again, and meets the cancellation again
            log.warning("run not stopped", run=str(draft.run.id), error=type(error).__name__)
            await self._abandon(0)

    def _is_doubtful(self, token: Token) -> bool:
        id = token.effect if isinstance(token, (Acting, Held)) else None
        return id is not None and self.draft.leased.effects[id].state in ("intended", "in-doubt")

    async def _hold_poisoned(self, error: Exception) -> None:
        """A bug, ours or a constraint's: every ready token is held with a case, so that a person sees it."""
        draft = self.draft
        draft.revert(self.engine.clock.now())
        ready = [t for t in draft.run.tokens if isinstance(t, Ready)]
        if not ready:
            # What it was woken for, an event, a decision, an open effect, is still there: it is looked at again.
            await self._show_failing(error)
            await self._abandon(60)
            return
        try:
            for token in ready:
                hold(draft, token, cases.STEP_FAILED, type(error).__name__)
            unit = draft.close(release=True)
            if len(ready) < len(draft.run.tokens):
                unit.due_at = unit.now + timedelta(seconds=60)
            await self.engine.committer.commit(unit)
        except Exception:
            log.exception("run not held", run=str(draft.run.id))
            await self._abandon(60)

    async def _show_failing(self, error: Exception) -> None:
        try:
            await show_failing(self.engine, self.draft.run.id, type(error).__name__)
        except Exception as failure:  # noqa: BLE001  the run is tried again, and shown then
            log.warning("run not shown", run=str(self.draft.run.id), error=type(failure).__name__)

    async def _abandon(self, seconds: float) -> None:
        """Give the lease back, so that the run is read and walked again."""
        due = self.engine.clock.now() + timedelta(seconds=seconds)
        for pause in (0.0, 0.2, 1.0, 5.0):
            await asyncio.sleep(pause)
            try:
                async with self.engine.database.connection() as connection:
                    await abandon(connection, self.draft.run.id, self.draft.leased.serial, due)
                return
            except Exception as failure:  # noqa: BLE001  whatever it is, a lease must not be forgotten
                log.warning("lease not given back", run=str(self.draft.run.id), error=type(failure).__name__)
        self.engine.stranded.add((self.draft.run.id, self.draft.leased.serial))
