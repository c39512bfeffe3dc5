"""What happened to a run while it rested: facts in the ledger, events for its waits, resolved cases, passed moments."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.engine import effects, resume
from hub.engine.correlation import matches
from hub.engine.draft import Draft, act_node
from hub.engine.effects import Attempt
from hub.engine.engine import Engine
from hub.engine.ids import new_id
from hub.engine.intend import PARKED, hold
from hub.engine.outcome import ask, confirm, learn, refuse
from hub.flow.graph import Hold
from hub.flow.hold_reader import EVENT, TIMEOUT
from hub.model import case as cases
from hub.model.case import Resolution
from hub.model.effect import Effect, InDoubt
from hub.model.moves import Entry
from hub.model.run import Acting, Held, Run, Token, Waiting
from hub.store.encoding import from_bytes
from hub.store.events import candidates
from hub.store.unit import CaseSettled


async def absorb(engine: Engine, draft: Draft) -> list[Attempt]:
    """Bring a freshly leased run up to date; gives the effects that are to be sent once their intent is committed."""
    sends: list[Attempt] = []
    for token in draft.run.tokens:
        match token:
            case Acting() if token.due is None or token.due <= draft.unit.now:
                sends += await _settle(engine, draft, token)
            case Waiting():
                await _look(engine, draft, token)
            case Held() if token.case in draft.leased.cases:
                sends += await _resolved(engine, draft, token)
            case Held():
                await _look_at_case(engine, draft, token)
            case _:
                continue
        if draft.run.ended is not None:
            break
    return sends


async def _settle(  # noqa: C901  one branch for each verdict
    engine: Engine, draft: Draft, token: Acting
) -> list[Attempt]:
    """An effect that is open: sent again, looked up, left for later, skipped, or given to a person; by its kind."""
    effect = draft.leased.effects[token.effect]
    if effect.state == "confirmed":
        confirm(draft, effect, token, effect.answer or {})
        return []
    if effect.state == "refused":
        refuse(draft, effect, token, effect.refusal or "", effect.reason)
        return []
    link = engine.world.links.get(effect.connection_id)
    if link is None or effect.action not in link.actions:
        hold(draft, token, cases.STEP_FAILED, f"Connection {effect.connection_id} is not open.")
        return []
    decided = effects.verdict(effect, draft.unit.now, act_node(draft.program, token).if_in_doubt)
    if effect.attempt >= 2 * engine.figures.attempts:
        decided = effects.AskPerson(f"It was attempted {effect.attempt} times.")
    if isinstance(decided, effects.Send):
        return _send_again(engine, draft, token, effect, link)
    if isinstance(decided, effects.LookUp):
        outcome = await effects.look_up(effect, link, draft.unit.now, engine.figures)
        # A lookup that failed is counted, so that the next one comes later, and a person is asked at last.
        failed = isinstance(outcome, InDoubt)
        await learn(engine, draft, replace(effect, lookups=effect.lookups + failed), outcome)
    elif isinstance(decided, effects.Later):
        draft.run = resume.put(draft.run, replace(token, due=decided.at))
    elif isinstance(decided, effects.Skip):
        draft.put(replace(effect, state="skipped"))
        skipped = resume.skipped(draft.program, draft.run, token)
        draft.run = skipped.run
        draft.note(skipped.entries)
    else:
        draft.put(
            replace(effect, state="in-doubt", reason=effect.reason or "The worker that sent it is gone.")
        )
        why = f"{effect.reason} {decided.why}".strip()
        ask(draft, token, resume.doubt_case(new_id(), token, effect, why))
    return []


def _send_again(engine: Engine, draft: Draft, token: Acting, effect: Effect, link: Any) -> list[Attempt]:
    """Intend it once more under the same key; nothing leaves while the connection is closed."""
    if link.paused is not None:
        draft.unit.parked = True
        draft.run = resume.put(draft.run, replace(token, due=draft.unit.now + PARKED))
        return []
    wait = engine.limiter.take(link.id)
    if wait > 0:
        draft.run = resume.put(draft.run, replace(token, due=draft.unit.now + timedelta(seconds=wait)))
        return []
    # A NotDone was counted when it was learnt; an abandoned or doubtful attempt counts now.
    again = effects.again(effect, counts=effect.state != "not-done")
    again = replace(again, attempted_at=draft.unit.now)
    draft.put(again)
    draft.run = resume.put(draft.run, replace(token, due=None))
    draft.note([Entry(token.node, "sent again", effect.state)])
    return [Attempt(again, link, 0.0)]


async def _look(engine: Engine, draft: Draft, token: Waiting) -> None:
    """An event may have come, or the moment may have passed; the event goes first."""
    wait = draft.leased.waits.get(token.wait) if token.wait else None
    if wait is not None:
        event = await _event_for(engine, draft, wait)
        if event is not None:
            value = event["value"]
            run = _taken(draft.run, str(event["id"]))
            came = resume.came(draft.program, run, token, value)
            draft.run = came.run
            draft.note(came.entries)
            return
        if not wait["is_checked"]:
            draft.unit.waits_checked.append(wait["id"])
    if token.due is not None and token.due <= draft.unit.now:
        rested = resume.rested(draft.program, draft.run, token)
        draft.run = rested.run
        draft.note(rested.entries)


async def _look_at_case(engine: Engine, draft: Draft, token: Held) -> None:
    """Nobody has decided yet; an event may have settled the case, or its time may be over. The event goes first."""
    wait = draft.leased.waits.get(token.wait) if token.wait else None
    event = await _event_for(engine, draft, wait) if wait is not None else None
    if event is not None:
        draft.run = _taken(draft.run, str(event["id"]))
        settled = resume.settled(draft.program, draft.run, token, EVENT, event["value"])
        choice = EVENT
    elif token.due is not None and token.due <= draft.unit.now:
        settled, choice = resume.settled(draft.program, draft.run, token, TIMEOUT), TIMEOUT
    else:
        if wait is not None and not wait["is_checked"]:
            draft.unit.waits_checked.append(wait["id"])
        return
    draft.unit.cases_settled.append(CaseSettled(token.case, choice))
    draft.run = settled.run
    draft.note(settled.entries)


async def _event_for(engine: Engine, draft: Draft, wait: dict[str, Any]) -> dict[str, Any] | None:
    """The event this wait was given, else the oldest that came before it; None if there is none."""
    async with engine.database.connection() as connection:
        if wait["event_id"] is None and wait["is_checked"]:
            return None
        rows = await candidates(connection, wait, draft.consumed())
        match = from_bytes(draft.leased.box.open(wait["match"]))
        for row in rows:
            boxes = await engine.vault.boxes(connection, {row["person_id"]})
            if row["person_id"] not in boxes:
                continue  # erased since: it says nothing any more, and must not keep the wait from its timeout
            value = from_bytes(boxes[row["person_id"]].open(row["body"]))
            if matches(match, value):
                return {"id": row["id"], "value": value}
    return None


def _taken(run: Run, event_id: str) -> Run:
    root = run.frames.get("", {})
    taken = {**root, "$taken": [*root.get("$taken", []), event_id]}
    return replace(run, frames={**run.frames, "": taken})


async def _resolved(engine: Engine, draft: Draft, token: Held) -> list[Attempt]:
    """A person has decided."""
    row = draft.leased.cases[token.case]
    said = from_bytes(draft.leased.box.open(row["resolution"])) if row["resolution"] else {}
    resolution = Resolution(row["choice"], row["resolved_by"], said.get("note", ""), said.get("answer"))
    draft.note(
        [Entry(token.node, f"case {row['kind']} resolved: {resolution.choice}", f"by {resolution.by}")]
    )
    if resolution.choice == cases.GIVE_UP and not isinstance(draft.program.node(token.node), Hold):
        if token.effect:
            draft.put(replace(draft.leased.effects[token.effect], state="skipped"))
        draft.run = replace(draft.run, tokens=(), ended=f"Given up by {resolution.by}.")
        return []
    if token.effect is None:
        moved = resume.resolved(draft.program, draft.run, token, resolution)
        draft.run = moved.run
        draft.note(moved.entries)
        return []
    if resolution.choice == cases.TRY_AGAIN:
        # Nobody said that it did not happen: what is open is settled by its kind, as it would have been before.
        effect = draft.leased.effects[token.effect]
        return await _settle(engine, draft, _acting(draft, token, effect))
    return _effect_resolved(engine, draft, token, resolution)


def _effect_resolved(engine: Engine, draft: Draft, token: Held, resolution: Resolution) -> list[Attempt]:
    effect = draft.leased.effects[token.effect]  # type: ignore[index]  # the caller has looked
    if effect.state == "confirmed":
        # Its answer came after all, from a worker that was held up: a fact outweighs what a person supposed.
        confirm(draft, effect, _acting(draft, token, effect), effect.answer or {})
        return []
    if resolution.choice == cases.IT_HAPPENED:
        confirm(draft, effect, _acting(draft, token, effect), _typed(engine, effect, resolution.answer or {}))
        return []
    # The person says that it did not happen: it is intended again under its own key, and the count starts afresh.
    acting = _acting(draft, token, effect)
    link = engine.world.links.get(effect.connection_id)
    fresh = replace(effect, state="not-done", attempt=effect.attempt + 1, lookups=0)
    if link is None:
        draft.put(fresh)
        return []
    return _send_again(engine, draft, acting, fresh, link)


def _typed(engine: Engine, effect: Effect, answer: dict[str, Any]) -> dict[str, Any]:
    """What a person says was answered, with decimals and moments as the action's own type has them."""
    link = engine.world.links.get(effect.connection_id)
    if link is None:
        return answer
    return link.actions[effect.action].shape.output_type.model_validate(answer).model_dump()


def _acting(draft: Draft, token: Token, effect: Effect) -> Acting:
    acting = Acting(token.id, token.node, effect.id, token.path)
    draft.run = resume.put(draft.run, acting)
    return acting
