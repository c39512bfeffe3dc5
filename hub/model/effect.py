"""An effect: one performance of an action that may change the outside world; a row of the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from hub.sdk import Kind

EffectState = Literal["intended", "confirmed", "not-done", "refused", "in-doubt", "skipped"]
"""intended -> confirmed | refused | not-done (-> intended) | in-doubt (-> confirmed | intended | skipped)."""

SETTLED: frozenset[EffectState] = frozenset({"confirmed", "refused", "skipped"})


@dataclass(frozen=True, slots=True)
class Effect:
    """What was intended, under which key, and what is known of it. `request` is what was, or will be, sent, as JSON;
    it is read from the ledger where the request itself is no longer at hand."""

    id: UUID
    run_id: UUID
    node: str
    connection_id: str
    action: str
    kind: Kind
    key: str
    request: dict[str, Any]
    state: EffectState = "intended"
    attempt: int = 1
    lookups: int = 0
    answer: dict[str, Any] | None = None
    refusal: str | None = None
    reason: str = ""
    intended_at: datetime | None = None
    """By the trade's clock; when the first attempt was intended."""
    attempted_at: datetime | None = None
    """By the trade's clock; when the newest attempt was intended."""


# What is learnt of an effect, as the engine hears it. One of these ends every attempt.


@dataclass(frozen=True, slots=True)
class Confirmed:
    """It was done, and this is the answer."""

    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WasRefused:
    """It was certainly not done and would be refused again."""

    code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WasNotDone:
    """It was certainly not done. `counts` is False where asking again is no fault (a rate limit, a closed gate)."""

    reason: str
    retry_after: float | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class NoCredential:
    """It was certainly not done: the connection's credential is not accepted."""

    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Nobody knows."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """The other side was asked, after the settling time, and clearly has not got it."""


Outcome = Confirmed | WasRefused | WasNotDone | NoCredential | InDoubt | NotFound
