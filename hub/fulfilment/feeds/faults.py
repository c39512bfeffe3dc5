"""What can be wrong with a file: with one row, or with the file as a whole."""

from hub.sdk import HubError


class DoesNotFit(HubError):
    """The file is not what its profile says, so none of it is taken. Says where, what, and what was expected."""


class TooLarge(HubError):
    """The file is larger than what is read here."""


class BadRow(Exception):
    """One row cannot be taken; the reason is a sentence for a person. The others are not touched by it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
