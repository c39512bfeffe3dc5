"""The merchant's own word on what a repeat does: the `effect` setting of connectors whose actions are `Declared`."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from hub.sdk.effects import KINDS, Checkable, Keyed, Kind, Unsafe

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def _read_duration(value: Any) -> Any:
    """Read `24 hours`; anything else is left to pydantic, which knows seconds and ISO 8601."""
    if isinstance(value, str) and (
        found := re.fullmatch(r"(\d{1,6}) (second|minute|hour|day|week)s?", value)
    ):
        return timedelta(seconds=int(found[1]) * _UNITS[found[2]])
    return value


Duration = Annotated[timedelta, BeforeValidator(_read_duration)]
"""A length of time in a setting: `24 hours`, seconds, or ISO 8601."""


class DeclaredEffect(BaseModel):
    """What the merchant says the other side does with a repeat. A wrong `keyed` buys twice; silence means unsafe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["read", "idempotent", "keyed", "checkable", "unsafe"] = "unsafe"
    keyed_for: Duration = timedelta(hours=24)
    settles_in: Duration = timedelta(minutes=2)
    resend: Literal["ask", "automatic"] = "ask"

    @model_validator(mode="before")
    @classmethod
    def _one_word(cls, value: Any) -> Any:
        return {"kind": value} if isinstance(value, str) else value

    def resolve(self, step: Mapping[str, Any], *, has_lookup: bool) -> Kind:
        """The kind of this connection, or the one the step's own `effect:` names; nobody to ask makes it unsafe."""
        kind = step.get("effect") or self.kind
        if kind == "keyed":
            return Keyed(self.keyed_for)
        if kind == "checkable":
            return Checkable(self.settles_in, self.resend) if has_lookup else Unsafe()
        return KINDS[kind]()
