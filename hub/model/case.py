"""A case: an exception that a person must resolve."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

CaseState = Literal["open", "resolved"]

# Kinds of case that the engine itself opens; flows bring their own words.
EFFECT_IN_DOUBT = "effect-in-doubt"
EFFECT_NOT_DONE = "effect-not-done"
EFFECT_REFUSED = "effect-refused"
CONNECTION_UNAUTHORISED = "connection-unauthorised"
STEP_FAILED = "step-failed"
DELIVERY_UNREADABLE = "delivery-unreadable"
ORDER_NOT_LIVE = "order-not-live"
LATE = "late"
TOO_MANY_TURNS = "too-many-turns"

UNSAID_DUE = timedelta(hours=4)
"""By when a person should have decided what nobody gave a time for."""

IT_HAPPENED = "it-happened"
SEND_AGAIN = "send-again"
GIVE_UP = "give-up"
TRY_AGAIN = "try-again"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person decided, who, and why. `answer` is what the other side would have answered, where it is known."""

    choice: str
    by: str
    note: str = ""
    answer: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as people see it. `version` goes up with each change, so that two people cannot both decide."""

    id: UUID
    store_id: str
    kind: str
    title: str
    choices: dict[str, str]
    opened_at: datetime
    state: CaseState = "open"
    version: int = 1
    due_at: datetime | None = None
    run_id: UUID | None = None
    node: str | None = None
    detail: Any = None
    resolution: Resolution | None = None
