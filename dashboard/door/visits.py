"""Who is in: the hub's token stays in this process, and a browser holds a handle that means nothing to the hub."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

COOKIE = "faros_visit"
"""Holds the handle. Scripts cannot read it, and no other site's request brings it."""
LASTS = timedelta(hours=8)
"""As long as a session of the hub, which judges its token at each request all the same."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the hub is asked with, and until when; seconds of the visits' clock."""

    token: str
    until: float


class Visits:
    """The visits of this process, which all tabs of a browser share. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open: dict[str, Visit] = {}
        self._lock = Lock()

    def begin(self, token: str) -> str:
        """A handle for a token, seen only now. Visits that are over are forgotten."""
        handle, now = secrets.token_urlsafe(32), self._clock()
        with self._lock:
            self._open = {known: visit for known, visit in self._open.items() if visit.until > now}
            self._open[handle] = Visit(token, now + LASTS.total_seconds())
        return handle

    def token(self, handle: str | None) -> str | None:
        """What to ask the hub with; None where the visit is unknown, ended or over."""
        visit = self._open.get(handle or "")
        return visit.token if visit and visit.until > self._clock() else None

    def end(self, handle: str | None) -> str | None:
        """End a visit, for every tab. Its token, so that it can be ended at the hub."""
        with self._lock:
            visit = self._open.pop(handle or "", None)
        return visit.token if visit else None


visits = Visits()
"""Those of this process: the door begins them, and the pages look them up."""
