"""Dotted paths into JSON, as settings name the fields of a service nobody wrote code for: `data.orders.0.id`."""

import json
from decimal import Decimal
from typing import Any

from hub.sdk.errors import Unreadable

MISSING: Any = object()
"""What `read_path` gives where the JSON has nothing; JSON's own null is None."""


def read_path(body: Any, path: str) -> Any:
    """The value at a path, or `MISSING`. The empty path is the body itself; a number is a place in a list."""
    for part in path.split(".") if path else ():
        if isinstance(body, dict) and part in body:
            body = body[part]
        elif isinstance(body, list) and part.isdecimal() and int(part) < len(body):
            body = body[int(part)]
        else:
            return MISSING
    return body


def read_text(body: Any, path: str) -> str:
    """The value at a path as text; nothing there, null or no path at all gives the empty text."""
    found = read_path(body, path) if path else None
    if found is MISSING or found is None:
        return ""
    if isinstance(found, (dict, list, bool)):
        raise Unreadable(f"{path!r} is not a text or a number.")
    return str(found)


def write_path(body: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path, making objects on the way; the empty path leaves the value out."""
    if not path:
        return
    *parents, last = path.split(".")
    for part in parents:
        body = body.setdefault(part, {})
    body[last] = value


def read_json(content: bytes) -> Any:
    """A body as JSON, numbers with a point as Decimal; raises `Unreadable`."""
    try:
        return _DECODER.decode(content.decode(json.detect_encoding(content), "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not JSON.") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)
"""Made once: `json.loads` with arguments makes one for each body."""
