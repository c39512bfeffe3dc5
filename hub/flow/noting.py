"""Collecting mistakes: a flow's author hears of all of them at once, each with its place and its remedy."""

import difflib
from collections.abc import Iterable
from typing import Any

from hub.flow.reader import Block, Place, Problem, Scalar, Sequence


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The nearest known name as a remedy, or the list of them."""
    names = [str(k) for k in known]
    near = difflib.get_close_matches(name, names, 1)
    if near:
        return f'Did you mean "{near[0]}"?'
    return f"There are: {', '.join(names[:20])}." if names else "There are none."


def clearly_meant(name: str, known: Iterable[str]) -> str | None:
    """The name itself if it is known, else the one it is a slip of; None where that is anybody's guess."""
    names = [str(k) for k in known]
    if name in names:
        return str(name)
    return next(iter(difflib.get_close_matches(name, names, 1, cutoff=0.7)), None)


class Notes:
    """The mistakes found so far. `step` is the step being looked at."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.step = ""

    def wrong(self, place: Place, message: str, hint: str = "", code: str = "") -> None:
        """Note a mistake at a place."""
        self.problems.append(Problem(place, message, hint, code, self.step))

    def doubtful(self, place: Place, message: str, hint: str = "", code: str = "") -> None:
        """Note a warning: the flow can be published all the same."""
        self.problems.append(Problem(place, message, hint, code, self.step, is_warning=True))

    def under(self, scalar: Scalar, at: int, message: str, hint: str = "") -> None:
        """Note a mistake within a text, with a caret under it. `at` is the column within the scalar's value."""
        line = scalar.count("\n", 0, at)
        begin = scalar.rfind("\n", 0, at) + 1
        excerpt = scalar[begin:].split("\n", 1)[0]
        cut = max(0, at - begin - 90)
        shown = excerpt[cut : cut + 120]
        place = Place(scalar.place.path, scalar.place.line + line, scalar.place.column + at - begin)
        self.problems.append(Problem(place, message, hint, "", self.step, shown, at - begin - cut))

    @property
    def has_errors(self) -> bool:
        """Whether anything found forbids publishing."""
        return any(not problem.is_warning for problem in self.problems)


class Keys:
    """A mapping being read: every key is asked for once, and what was not asked for is a mistake."""

    def __init__(self, block: Block, notes: Notes, noun: str, known: tuple[str, ...]) -> None:
        self.block = block
        self.notes = notes
        self.noun = noun
        for key in block:
            if key not in known:
                notes.wrong(block.key(key).place, f'{noun} has no key "{key}".', did_you_mean(key, known))

    def value(self, key: str) -> Any:
        """Whatever stands under the key, or None."""
        return self.block.get(key)

    def text(self, key: str, needed: bool = False) -> Scalar | None:
        """The text under the key. A missing needed one and anything but text are noted."""
        found = self.block.get(key)
        if found is None:
            if needed:
                self.notes.wrong(self.block.place, f'{self.noun} needs "{key}".')
            return None
        if not isinstance(found, Scalar):
            self.notes.wrong(found.place, f'"{key}" is a text, not a block.')
            return None
        if not found.strip():
            self.notes.wrong(found.place, f'"{key}" is empty.')
            return None
        return found

    def mapping(self, key: str, needed: bool = False) -> Block | None:
        """The mapping under the key."""
        found = self.block.get(key)
        if found is None:
            if needed:
                self.notes.wrong(self.block.place, f'{self.noun} needs "{key}".')
            return None
        if not isinstance(found, Block) or not found:
            self.notes.wrong(found.place, f'"{key}" is a block of `name: value` lines.')
            return None
        return found

    def sequence(self, key: str, needed: bool = False) -> Sequence | None:
        """The list under the key."""
        found = self.block.get(key)
        if found is None:
            if needed:
                self.notes.wrong(self.block.place, f'{self.noun} needs "{key}".')
            return None
        if not isinstance(found, Sequence) or not found:
            self.notes.wrong(found.place, f'"{key}" is a list of `- ...` lines.')
            return None
        return found

    def number(self, key: str, low: int, high: int) -> int | None:
        """The whole number under the key, within its bounds."""
        found = self.text(key)
        if found is None:
            return None
        if not (found.isascii() and found.isdecimal() and len(found) < 8 and low <= int(found) <= high):
            self.notes.wrong(found.place, f'"{key}" is a whole number from {low} to {high}.')
            return None
        return int(found)

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str | None:
        """The word under the key, which must be one of these."""
        found = self.text(key)
        if found is not None and found not in allowed:
            self.notes.wrong(found.place, f'"{key}" is never "{found}".', did_you_mean(found, allowed))
            return None
        return found
