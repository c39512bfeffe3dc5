"""How an event and a wait find each other: by a hash of one matchable field, then by all of them."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

ANYTHING = ("*", "")
"""The field of an event without match fields, and of a wait without a match."""


def match_hash(store_id: str, event: str, field: str, value: Any) -> int:
    """A signed 64-bit number for (store, event, field, value). Collisions cost a comparison, never a mistake."""
    words = "\x00".join((store_id, event, field, str(value))).encode()
    return int.from_bytes(blake2b(words, digest_size=8).digest(), "big", signed=True)


def event_hashes(store_id: str, event: str, fields: tuple[str, ...], body: Mapping[str, Any]) -> list[int]:
    """Every hash that a wait for this event may carry."""
    pairs = [(f, body[f]) for f in fields if body.get(f) is not None] or [ANYTHING]
    return [match_hash(store_id, event, field, value) for field, value in pairs]


def wait_hash(store_id: str, event: str, match: Mapping[str, Any]) -> int:
    """The hash a wait is kept under: that of its first field."""
    field, value = next(iter(match.items()), ANYTHING)
    return match_hash(store_id, event, field, value)


def matches(match: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
    """Whether an event is what a wait asked for; values are compared as text, as both may come from JSON."""
    return all(field in body and str(body[field]) == str(value) for field, value in match.items())
