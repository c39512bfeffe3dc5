"""Whether bytes are JSON that every later reader will take: checked once, cheaply, before they are kept."""

import re
from typing import Any

import orjson

DEEPEST = 64
"""How deep lists and objects may lie in each other."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def json_fault(body: bytes) -> str | None:
    """What is wrong with a body as JSON, without quoting it; None if nothing is.

    Refused beside broken syntax: NaN and Infinity, numbers no double can hold, invalid UTF-8, lone surrogates, a byte
    order mark (all by orjson), the NUL character, which no text column takes, and deep nesting.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "The body is not JSON."
    if b"\\u0000" in body and _NUL.search(body):
        return "The body contains the character NUL."
    # Every level costs a bracket, so few brackets cannot lie deep: most bodies end here.
    if body.count(b"{") + body.count(b"[") > DEEPEST and _is_deep(found):
        return f"The body is nested deeper than {DEEPEST}."
    return None


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(outer: Any) -> list[Any]:
    inner = outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
    return [value for value in inner if isinstance(value, dict | list)]
