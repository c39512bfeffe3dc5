"""GET /trackings as the AfterShip double answers it: filters, bounds, and pages by cursor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

_LISTS = {"tracking_numbers": "tracking_number", "slug": "slug", "tag": "tag", "order_id": "order_id"}
"""Filters of several values, and the field each is about."""

_BOUNDS = ("created_at_min", "created_at_max", "updated_at_min", "updated_at_max")


class Unanswerable(Exception):
    """The question makes no sense to the double."""


def answer_list(trackings: list[dict[str, Any]], asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of trackings and where the next one begins."""
    if unknown := set(asked) - {*_LISTS, *_BOUNDS, "limit", "cursor"}:
        raise Unanswerable(f"This double does not know {', '.join(sorted(unknown))}.")
    found = [t for t in trackings if _fits(t, asked)]
    first, size = (
        _number(asked.get("cursor") or "c0", "cursor"),
        _number(f"c{asked.get('limit', 100)}", "limit"),
    )
    if not 1 <= size <= 200:
        raise Unanswerable("The value of limit is invalid.")
    more = first + size < len(found)
    pagination = {
        "total": len(found),
        "next_cursor": f"c{first + size}" if more else None,
        "has_next_page": more,
    }
    return {"trackings": found[first : first + size], "pagination": pagination}


def _fits(tracking: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    for name, field in _LISTS.items():
        values = asked.get(name, "").split(",")
        if len(values) > 50:
            raise Unanswerable(f"The value of {name} is invalid.")
        if name in asked and tracking[field] not in values:
            return False
    return all(_is_within(tracking, name, asked[name]) for name in _BOUNDS if name in asked)


def _is_within(tracking: Mapping[str, Any], bound: str, text: str) -> bool:
    """Bounds are exclusive here: the harder of the two ways to read AfterShip's documents."""
    field, side = bound[:-4], bound[-3:]
    try:
        limit, moment = datetime.fromisoformat(text), datetime.fromisoformat(tracking[field])
        return moment > limit if side == "min" else moment < limit
    except (ValueError, TypeError):
        raise Unanswerable(f"The value of {bound} is invalid.") from None


def _number(text: str, name: str) -> int:
    if not (text.startswith("c") and text[1:].isdecimal()):
        raise Unanswerable(f"The value of {name} is invalid.")
    return int(text[1:])
