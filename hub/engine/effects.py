"""Invariant II lives here: nothing outside changes without a committed intent, and doubt is settled by kind alone.

`perform` sends a request whose intent is committed. `verdict` says what to do with an effect that is found open: the
decision is a pure function of its kind, its state and the time. Only this file may call connectors' actions.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from pydantic import BaseModel, ValidationError

from hub.catalog import invoke
from hub.engine.figures import Figures
from hub.engine.ids import new_id
from hub.engine.world import Link
from hub.model.effect import Effect, InDoubt, NotFound, Outcome, WasNotDone
from hub.sdk import (
    KINDS,
    Action,
    Call,
    Checkable,
    Declared,
    HubError,
    Idempotent,
    Keyed,
    Kind,
    Read,
    Unsafe,
    effect_key_field,
)
from hub.sdk.commerce import NewPurchaseOrder

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Send:
    """Send the stored request (again)."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the other side."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not before this moment of the trade's clock."""

    at: datetime


@dataclass(frozen=True, slots=True)
class AskPerson:
    """A person must say."""

    why: str


@dataclass(frozen=True, slots=True)
class Skip:
    """The author does not mind."""


Verdict = Send | LookUp | Later | AskPerson | Skip


def verdict(effect: Effect, now: datetime, if_in_doubt: Literal["repeat", "skip"] | None) -> Verdict:
    """What to do with an effect that was found open: intended by a worker that is gone, in doubt, or not done.

    Its kind decides. Only what a person would be asked may be decided in advance, by the step's `if_in_doubt`.
    """
    decided = _by_kind(effect, now)
    if isinstance(decided, AskPerson) and if_in_doubt is not None:
        return Send() if if_in_doubt == "repeat" else Skip()
    return decided


def _by_kind(effect: Effect, now: datetime) -> Verdict:
    if effect.state == "not-done" and not (isinstance(effect.kind, Keyed) and effect.attempt > 1):
        return Send()
    # The last attempt of a keyed one was not done; one before it may have been, so the key must still be known.
    match effect.kind:
        case Read() | Idempotent():
            return Send()
        case Keyed():
            if effect.intended_at is not None and now - effect.intended_at < effect.kind.valid_for:
                return Send()
            return AskPerson(
                "The other side no longer remembers our key, so sending again could do it twice."
            )
        case Checkable():
            settled = (effect.attempted_at or now) + effect.kind.settles_in
            return LookUp() if now >= settled else Later(settled)
        case Unsafe():
            return AskPerson("This cannot be repeated or looked up safely.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending: the effect as intended, when its intent was committed by this process's clock, and the request if
    it is still at hand (else it is read from the ledger)."""

    effect: Effect
    link: Link
    intended: float
    request: BaseModel | None = None


async def perform(attempt: Attempt, now: datetime, figures: Figures) -> Outcome:
    """Send the effect's request once.

    A worker that was frozen since then does not send: someone else may have taken over. Between this check and the
    packet lies the one gap that no design closes (see hub/README.md, promises).
    """
    effect, link, intended = attempt.effect, attempt.link, attempt.intended
    if asyncio.get_running_loop().time() - intended > figures.slack:
        return WasNotDone(
            "The worker was held up between intending and sending; nothing was sent.", 0, counts=False
        )
    action = link.actions[effect.action]
    span = min(action.deadline.total_seconds() if action.deadline else figures.call, figures.longest_call)
    call = Call(effect.key, intended + span, effect.attempt, now)
    request = attempt.request or _request(action, effect)
    if isinstance(request, InDoubt):
        return request
    outcome = await invoke.perform(link.connector, action, request, call)
    log.debug("effect answered", effect=str(effect.id), action=effect.action, outcome=type(outcome).__name__)
    return outcome


async def ask(link: Link, action: str, question: BaseModel, now: datetime, *, within: float) -> Outcome:
    """Ask a connection something outside of any run and of the ledger: only what changes nothing may be asked so.

    `within` is how many seconds of the process's clock the answer may take.
    """
    asked = link.actions[action]
    if not isinstance(asked.kind, Read):
        raise ValueError(f"{action} may change something outside, so it belongs into a run.")
    deadline = asyncio.get_running_loop().time() + within
    return await invoke.perform(link.connector, asked, question, Call(f"ask/{new_id()}", deadline, 1, now))


async def look_up(effect: Effect, link: Link, now: datetime, figures: Figures) -> Outcome:
    """Ask the other side twice, some seconds apart by this process's clock; found once is found."""
    action = link.actions[effect.action]
    request = _request(action, effect)
    if isinstance(request, InDoubt):
        return request
    outcome: Outcome = NotFound()
    for turn in range(2):
        if turn:
            await asyncio.sleep(figures.lookup_gap)
        deadline = asyncio.get_running_loop().time() + figures.call
        call = Call(effect.key, deadline, effect.attempt, now)
        outcome = await invoke.look_up(link.connector, action, request, call)
        if not isinstance(outcome, NotFound):
            break
    log.debug("effect looked up", effect=str(effect.id), action=effect.action, outcome=type(outcome).__name__)
    return outcome


def resolve_kind(action: Action[Any, Any], link: Link, declared: str | None) -> Kind:
    """The kind the ledger keeps: the action's own, or for `Declared` the step's, the connection's, or Unsafe."""
    if not isinstance(action.kind, Declared):
        return action.kind
    found = link.connector.declared_effect({"effect": declared} if declared else {})
    if found is None:
        return KINDS[declared]() if declared else Unsafe()
    return KINDS[found]() if isinstance(found, str) else found


class BadRequest(HubError):
    """A step's `with` does not make the request its action takes."""


def validated(action: Action[Any, Any], inputs: Any) -> BaseModel:
    """The request of a step; raises `BadRequest`, naming fields and never their values."""
    try:
        request: BaseModel = action.shape.input_type.model_validate(inputs)
        return request
    except ValidationError as error:
        raise BadRequest(f"{action.name} cannot be asked so: {faults(error)}.") from error


def faults(error: ValidationError) -> str:
    """What is wrong with which field, without any value."""
    found = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in found)


def key_of(action: Action[Any, Any], request: BaseModel, effect_id: Any) -> str:
    """What the other side may recognise a repeat by: the marked field, else the effect's own id."""
    field = effect_key_field(action.shape.input_type)
    key = str(getattr(request, field)) if field else str(effect_id)
    if not key.strip():
        raise BadRequest(f"{action.name}: the key field {field!r} is empty.")
    return key


def buys(action: Action[Any, Any]) -> bool:
    """Whether the action is a purchase: its intent is then serialised with the order's cancellation."""
    return issubclass(action.shape.input_type, NewPurchaseOrder)


def backoff(effect: Effect, outcome: WasNotDone, figures: Figures) -> timedelta:
    """How long to leave an effect that was not done, by the trade's clock."""
    if outcome.retry_after is not None:
        return timedelta(seconds=outcome.retry_after)
    return timedelta(seconds=min(figures.backoff * 2 ** (effect.attempt - 1), figures.longest_backoff))


def again(effect: Effect, counts: bool) -> Effect:
    """The effect as it is intended once more."""
    return replace(effect, state="intended", attempt=effect.attempt + counts)


def _request(action: Action[Any, Any], effect: Effect) -> BaseModel | InDoubt:
    """The stored request, never a recomputed one."""
    try:
        request: BaseModel = action.shape.input_type.model_validate(effect.request)
        return request
    except ValidationError:
        return InDoubt(f"The stored request does not fit {action.name} of the connector installed now.")
