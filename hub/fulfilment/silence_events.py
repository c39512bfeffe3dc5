"""The hub's own events of silences: one began, one is over."""

from hub.sdk import Event


class SilenceBegan(Event):
    """Something should have been heard of by now and was not. `silence` names it; `kind` says what it is, and `about`
    the connection that is the cause, or an order's number where no other cause is known."""

    match_fields = ("silence",)

    silence: str
    kind: str
    about: str
    connection: str | None = None
    number: str | None = None

    def key(self) -> str:
        return self.silence

    def subject(self) -> str | None:
        return self.number


class SilenceOver(Event):
    """What was missing is there. `silence` names which one is over."""

    match_fields = ("silence",)

    silence: str
    kind: str
    about: str

    def key(self) -> str:
        return self.silence


SILENCE_EVENTS: tuple[type[Event], ...] = (SilenceBegan, SilenceOver)
"""Those of them that flows may be triggered by and wait for."""
