"""Values as bytes and back: decimals, moments and spans keep their type; nothing becomes a float."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

_TAGS = frozenset({"$n", "$t", "$s"})


def _tag(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"$n": str(value)}
    if isinstance(value, datetime):
        return {"$t": value.isoformat()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return {"$s": value.total_seconds()}
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be kept.")


def to_bytes(value: Any) -> bytes:
    """Any value an expression can give, as JSON with tags for what JSON lacks."""
    return orjson.dumps(
        value, default=_tag, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    )


def from_bytes(data: bytes) -> Any:
    """What `to_bytes` was given, with models as plain dictionaries."""
    value = orjson.loads(data)
    return _untag(value) if b'"$' in data else value


def _untag(value: Any) -> Any:
    if isinstance(value, dict):
        if len(value) == 1:
            ((tag, inner),) = value.items()
            if tag in _TAGS:
                return _untagged(tag, inner)
        return {key: _untag(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_untag(inner) for inner in value]
    return value


def _untagged(tag: str, inner: Any) -> Any:
    # Somebody else's JSON may happen to look like a tag; what does not read as one is left as it came.
    try:
        if tag == "$n":
            return Decimal(inner)
        if tag == "$t":
            moment = datetime.fromisoformat(inner)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return timedelta(seconds=inner)
    except (ArithmeticError, TypeError, ValueError):
        return {tag: inner}
