"""What can go wrong at the border, named by what is known about the world.

    HubError
    ├── NotDone          certainly not done; trying again is safe
    ├── Refused          certainly not done; the same again would be refused again
    ├── Unauthorised     certainly not done; the credential is no good
    ├── Unverified       a delivery was not signed by who it claims to be from
    ├── Unreadable       the other side said something we do not understand
    └── Unanswered       nobody knows: sent, or perhaps sent, and no answer that can be trusted

Everything a connector raises that is not NotDone, Refused or Unauthorised means *in doubt*: the hub then settles the
effect by its declared kind, and never simply repeats it.
"""


class HubError(Exception):
    """Something the hub can explain to a person."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or type(self).__name__).strip().splitlines()[0])


class NotDone(HubError):
    """The other side certainly did nothing, and may be asked again."""

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        """`retry_after` is in seconds; None lets the hub choose."""
        super().__init__(message)
        self.retry_after = retry_after


class Refused(HubError):
    """The other side certainly did nothing and would refuse the same request again."""

    def __init__(self, code: str, reason: str = "") -> None:
        """`code` is one of the action's declared refusals, in kebab-case; `reason` is for a person."""
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
        self.reason = reason


class Unauthorised(HubError):
    """The other side does not accept our credential; it certainly did nothing."""


class Unverified(HubError):
    """The delivery does not carry a valid signature."""


class Unreadable(HubError):
    """The other side sent something this connector does not understand; nothing is guessed."""


class Unanswered(HubError):
    """The request was sent, or may have been, and no trustworthy answer came: the outcome is unknown."""
