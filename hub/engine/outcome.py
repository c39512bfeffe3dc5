"""What an outcome means for its run: the ledger's row, and where the token goes."""

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

import structlog

from hub.engine import resume
from hub.engine.draft import Draft, act_node
from hub.engine.effects import AskPerson, Later, LookUp, Send, Skip, backoff, verdict
from hub.engine.engine import Engine
from hub.engine.ids import new_id
from hub.model import case as cases
from hub.model.effect import (
    Confirmed,
    Effect,
    InDoubt,
    NoCredential,
    NotFound,
    Outcome,
    WasNotDone,
    WasRefused,
)
from hub.model.moves import OpenCase
from hub.model.run import Acting, Token
from hub.sdk import Checkable

log = structlog.get_logger()


async def learn(engine: Engine, draft: Draft, effect: Effect, outcome: Outcome) -> None:
    """Put what was learnt into the ledger, and move the effect's token accordingly. Commits nothing itself."""
    token = _token_of(draft, effect)
    match outcome:
        case Confirmed(answer):
            confirm(draft, effect, token, answer)
        case WasRefused(code, reason):
            refuse(draft, effect, token, code, reason)
        case WasNotDone():
            await _not_done(engine, draft, effect, token, outcome)
        case NoCredential(reason):
            draft.put(replace(effect, state="not-done", reason=reason))
            await engine.close_gate(effect.connection_id, draft.run.store_id, reason)
            _rest(draft, token, 60)
            draft.unit.parked = True
        case InDoubt(reason):
            effect = replace(effect, state="in-doubt", reason=reason)
            draft.put(effect)
            _in_doubt(engine, draft, effect, token)
        case NotFound():
            _not_found(draft, effect, token)
        case _:
            assert_never(outcome)


def confirm(draft: Draft, effect: Effect, token: Token | None, answer: dict[str, object]) -> None:
    """It was done: the answer gets its name and the run goes on."""
    draft.put(replace(effect, state="confirmed", answer=answer, reason=""))
    if token is not None:
        _follow(draft, resume.answered(draft.program, draft.run, token, answer))


def refuse(draft: Draft, effect: Effect, token: Token | None, code: str, reason: str) -> None:
    """It was refused: the step's own block, else a person."""
    draft.put(replace(effect, state="refused", refusal=code, reason=reason))
    if token is None:
        return
    try:
        _follow(draft, resume.refused(draft.program, draft.run, token, code, reason))
    except LookupError:
        ask(draft, token, resume.refusal_case(new_id(), token, effect, code, reason))


def ask(draft: Draft, token: Token | None, case: OpenCase) -> None:
    """Hold the token and open the case, together."""
    draft.open_case(case)
    if token is not None:
        asked = resume.asked(draft.run, token, case)
        draft.run = asked.run
        draft.note(asked.entries)


def _in_doubt(engine: Engine, draft: Draft, effect: Effect, token: Token | None) -> None:
    if token is None:
        ask(
            draft,
            None,
            resume.doubt_case(new_id(), Acting(new_id(), effect.node, effect.id), effect, effect.reason),
        )
        return
    if effect.attempt >= engine.figures.attempts or effect.lookups >= 2 * engine.figures.attempts:
        why = f"After {effect.attempt} attempts: {effect.reason}"
        ask(draft, token, resume.doubt_case(new_id(), token, effect, why))
        return
    node = act_node(draft.program, token)
    decided = verdict(effect, draft.unit.now, node.if_in_doubt)
    match decided:
        case Send():
            pause = backoff(effect, WasNotDone(""), engine.figures)
            _rest(draft, token, pause.total_seconds())
        case LookUp():
            pause = backoff(replace(effect, attempt=max(effect.lookups, 1)), WasNotDone(""), engine.figures)
            _rest(draft, token, pause.total_seconds() if effect.lookups else 0)
        case Later(at):
            draft.run = resume.put(draft.run, Acting(token.id, token.node, effect.id, token.path, at))
        case Skip():
            draft.put(replace(effect, state="skipped"))
            _follow(draft, resume.skipped(draft.program, draft.run, token))
        case AskPerson(why):
            ask(draft, token, resume.doubt_case(new_id(), token, effect, f"{effect.reason} {why}"))
        case _:
            assert_never(decided)


def _not_found(draft: Draft, effect: Effect, token: Token | None) -> None:
    said = act_node(draft.program, token).if_in_doubt if token is not None else None
    automatic = isinstance(effect.kind, Checkable) and effect.kind.resend == "automatic"
    if token is not None and said == "skip":
        draft.put(replace(effect, state="skipped", lookups=effect.lookups + 2))
        _follow(draft, resume.skipped(draft.program, draft.run, token))
        return
    if token is not None and (automatic or said == "repeat"):
        draft.put(
            replace(
                effect, state="not-done", lookups=effect.lookups + 2, reason="Looked up twice: not there."
            )
        )
        _rest(draft, token, 0)
        return
    effect = replace(effect, state="in-doubt", lookups=effect.lookups + 2)
    draft.put(effect)
    why = "It was looked up twice and not found, but a frozen worker may still be about to send it."
    if token is not None:
        ask(draft, token, resume.doubt_case(new_id(), token, effect, why))


async def _not_done(
    engine: Engine, draft: Draft, effect: Effect, token: Token | None, outcome: WasNotDone
) -> None:
    if outcome.retry_after:
        await engine.slow_down(effect.connection_id, outcome.retry_after)
    attempt = effect.attempt + 1 if outcome.counts else effect.attempt
    effect = replace(effect, state="not-done", attempt=attempt, reason=outcome.reason)
    draft.put(effect)
    if token is None:
        return
    if attempt > engine.figures.attempts:
        ask(draft, token, resume.doubt_case(new_id(), token, effect, outcome.reason, cases.EFFECT_NOT_DONE))
        return
    _rest(draft, token, backoff(effect, outcome, engine.figures).total_seconds())


def _rest(draft: Draft, token: Token | None, seconds: float) -> None:
    if isinstance(token, Acting):
        due = draft.unit.now + timedelta(seconds=seconds)
        draft.run = resume.put(draft.run, replace(token, due=due))


def _follow(draft: Draft, resumed: resume.Resumed) -> None:
    draft.run = resumed.run
    draft.note(resumed.entries)


def _token_of(draft: Draft, effect: Effect) -> Token | None:
    return next((t for t in draft.run.tokens if isinstance(t, Acting) and t.effect == effect.id), None)
