"""What a failure in the middle of several requests lets us know."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.sdk import NotDone, Refused, Unanswered, Unauthorised


@contextmanager
def since(done: str) -> Iterator[None]:
    """Once something was done, which `done` says, a later failure does not mean that nothing was."""
    try:
        yield
    except (NotDone, Refused, Unauthorised) as error:
        if not done:
            raise
        raise Unanswered(f"{done}; then: {error}") from error
