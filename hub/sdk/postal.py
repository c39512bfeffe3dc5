"""How postal services write a place, for connectors that compare a found address with the one asked about. Pure."""

import re

UNIT_WORDS = frozenset(
    {
        "APT",
        "APARTMENT",
        "UNIT",
        "STE",
        "SUITE",
        "FL",
        "FLOOR",
        "RM",
        "ROOM",
        "NO",
        "NUMBER",
        "BLDG",
        "BUILDING",
        "#",
    }
)
"""Words before a unit's number; one service writes APT where the next writes #."""


def words(text: str) -> list[str]:
    """Letters and digits in capitals, and the number sign; apostrophes and other marks are not told apart."""
    return re.findall(r"[A-Z0-9]+|#", text.upper().replace("'", ""))


def street_words(line1: str, line2: str) -> list[str]:
    """The words of both lines without those that only announce a unit, whichever line has the unit."""
    return [word for word in words(f"{line1} {line2}") if word not in UNIT_WORDS]
