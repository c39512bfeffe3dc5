"""One line of JSON for each thing that happened: two or three words, and ids. Never a payload, never a variable."""

import io
import logging
import sys
import traceback
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger


class _Stderr(io.TextIOBase):
    """Whatever standard error is at the moment of writing: tests and terminals may change it."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(level: str = "info") -> None:
    """Log lines as JSON on standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_where,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper(), logging.INFO)),
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Stderr())),
        cache_logger_on_first_use=True,
    )


def _only_where(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """An exception becomes its type and where it came from: its message may quote what a customer wrote."""
    found = event.pop("exc_info", None)
    error: Any = None
    if isinstance(found, BaseException):
        error = found
    elif isinstance(found, tuple):
        error = found[1]
    elif found:
        error = sys.exc_info()[1]
    if error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        event["error"] = type(error).__name__
        event["where"] = [
            f"{f.filename.rsplit('/', 2)[-2]}/{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in frames
        ]
    return event
