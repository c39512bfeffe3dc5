"""Numbers that are printed in groups, made whole: `1Z 999 AA1 01 2345 6784` is one number, `2 1234567890` two. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

from hub.fulfilment.carriers import detect, tidy

_LETTER = "A-Za-z\u00c0-\u024f"
_WORD = re.compile(rf"(?<![{_LETTER}0-9])[A-Za-z0-9](?:[A-Za-z0-9]|[-_./](?=[A-Za-z0-9]))*(?![{_LETTER}])")
_GROUP = re.compile(r"[A-Z]{0,4}\d*[A-Z]{0,2}|\d+[A-Z]{1,3}\d*")
_LENGTHS = frozenset([10, 11, 12, 13, 14, 15, 16, 18, 20, 21, 22, 24, 26, 28, 30, 34])
"""How long numbers are that carriers print in groups."""
_MOST_GROUPS = 10
_MOST_WORDS = 120
"""A line of more words is prose or noise, and is not searched for groups."""


def whole_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Every word with a digit in it, and every run of groups that is one number, with its place."""
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    place = 0
    has_groups = len(words) <= _MOST_WORDS
    while place < len(words):
        run = _run_from(words, place, text) if has_groups else 1
        if run > 1:
            yield (
                text[words[place][1] : words[place + run - 1][2]],
                words[place][1],
                words[place + run - 1][2],
            )
        elif any(sign.isdigit() for sign in words[place][0]):
            yield words[place]
        place += run


def _run_from(words: list[tuple[str, int, int]], place: int, text: str) -> int:
    """How many words from here on are one number; 1 if it stands alone."""
    end = place
    while (
        end + 1 < len(words)
        and end - place < _MOST_GROUPS
        and words[end + 1][1] - words[end][2] == 1
        and text[words[end][2]] == " "
        and _GROUP.fullmatch(words[end + 1][0])
    ):
        end += 1
    if end == place or not _GROUP.fullmatch(words[place][0]):
        return 1
    for last in range(end, place, -1):
        groups = tuple(word for word, _, _ in words[place : last + 1])
        if len("".join(groups)) in _LENGTHS and _is_one(groups) and not _goes_on(words, place, last, text):
            return last - place + 1
    return 1


def _goes_on(words: list[tuple[str, int, int]], place: int, last: int, text: str) -> bool:
    """Whether like groups stand on either side: then it is a slice of a row of numbers, which fits by chance."""
    size = len(words[last][0])
    if not words[last][0].isdigit() or size < 3:
        return False
    before = words[place - 1] if place and text[words[place - 1][2] : words[place][1]] == " " else None
    is_after = last + 1 < len(words) and text[words[last][2] : words[last + 1][1]] == " "
    return any(
        one is not None and one[0].isdigit() and len(one[0]) == size == len(words[place][0])
        for one in (before, words[last + 1] if is_after else None)
    )


@lru_cache(maxsize=4096)
def _is_one(groups: tuple[str, ...]) -> bool:
    """Whether groups are one number: by a form with a check digit that no chance meets, or by even groups of digits."""
    whole = "".join(groups)
    if len(groups) * 2 > len(whole):
        return False
    found = detect(whole).candidates
    if any(candidate.confidence == "certain" for candidate in found):
        return True
    if groups[0].isalpha() and any(candidate.confidence == "likely" for candidate in found):
        return True  # `Z 123 4567 890`, as Packeta prints it
    if [len(group) for group in groups] == [2, 4, 4] and any(one.carrier == "dhl-express" for one in found):
        return True  # as DHL Express prints its waybills
    if not all(group.isdigit() and len(group) <= 5 for group in groups):
        return False
    even = {len(group) for group in groups[:-1]}
    return len(tidy(whole)) >= 10 and len(groups) > 2 and len(even) == 1 and min(even) > 1
