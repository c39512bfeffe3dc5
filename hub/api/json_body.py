"""Whether bytes are JSON that every later reader will take: checked once, cheaply, before they are kept."""

import re

import orjson

DEEPEST = 64
"""How deep lists and objects may lie in each other."""

MOST = 50_000
"""How many lists and objects there may be: an order of 500 lines has some 20 000. Every reader pays for each."""

_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_SAME = bytes.maketrans(b"{}", b"[]")
_NO_BRACKET = bytes(set(range(256)) - set(b"[]{}"))
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def json_fault(body: bytes) -> str | None:
    """What is wrong with a body as JSON, without quoting it; None if nothing is.

    Refused beside broken syntax: NaN and Infinity, numbers no double can hold, invalid UTF-8, lone surrogates, a byte
    order mark (all by orjson), the NUL character, which no text column takes, and nesting beyond reason.
    """
    brackets = body.count(b"{") + body.count(b"[")
    if brackets > MOST:
        return f"The body has more than {MOST} lists and objects."
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError:
        return "The body is not JSON."
    if b"\\u0000" in body and _NUL.search(body):
        return "The body contains the character NUL."
    # Every level costs a bracket, so few brackets cannot lie deep: most bodies end here.
    if brackets > DEEPEST and _is_deep(body):
        return f"The body is nested deeper than {DEEPEST}."
    return None


def _is_deep(body: bytes) -> bool:
    """Of valid JSON. Strings are taken out, for they may hold brackets; then each pass takes away the innermost level.
    No loop of ours touches a value: with tens of thousands of them that took half a second."""
    left = _STRING.sub(b"", body).translate(_SAME, _NO_BRACKET)
    for _ in range(DEEPEST):
        left = left.replace(b"[]", b"")
        if not left:
            return False
    return True
