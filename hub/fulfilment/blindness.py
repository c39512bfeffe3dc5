"""Blind shipping: nothing that a customer receives may say who the supplier is or where it sits. Pure.

Whatever leaves for a customer is held against the suppliers' terms in every reading it has (see `blindness_text`).
A hit stops the message. What cannot be read to the end is stopped too: it is not known to be clean.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, Self

from hub.fulfilment.blindness_terms import TIGHT, Term, TermKind, Watched, everyday, terms_of, watch, words_of
from hub.fulfilment.blindness_text import SPACE, Reading, TooTangled, fold, readings
from hub.fulfilment.supplier import SupplierSpec

UNREADABLE: Literal["unreadable"] = "unreadable"

LEAST_AT_A_HUMP = 5
"""Shorter terms must stand alone: the humps of a random token would find them by chance."""
LEAST_BROKEN_BY_SIGNS = 4
LEAST_BROKEN_BY_SPACES = 6
SURELY_BROKEN_BY_SPACES = 8
"""How long a word must be for its pieces, set apart, to be it still: `shen zhen` is, `dan a` is not Dana."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A supplier that a customer would have recognised. Holds no word of the output, so it may be logged."""

    supplier: str
    kind: TermKind | Literal["unreadable"]
    label: str
    where: str

    def __str__(self) -> str:
        return f"{self.label} in {self.where}"


class Blindness:
    """The terms of a store's suppliers, made ready once; `leaks` then takes a fraction of a millisecond a text."""

    def __init__(self, terms: Iterable[Term], allowed: Iterable[str] = ()) -> None:
        """`allowed`: what may be said anyway wherever it is said whole, such as the brand's own name."""
        self._watched, plain = watch(terms)
        self._allowed = _phrases(allowed)
        self.unwatched = tuple(term.label for term in plain)
        """Terms too short or too common to be looked for; the merchant had better know."""

    @classmethod
    def of(cls, suppliers: Iterable[SupplierSpec], allowed: Iterable[str] = ()) -> Self:
        """All that the suppliers' settings say of them."""
        return cls([term for supplier in suppliers for term in terms_of(supplier)], allowed)

    def leaks(
        self, output: Mapping[str, str], own: Iterable[str] = (), terms: Iterable[Term] = ()
    ) -> list[Leak]:
        """What the parts of an output (subject, html, url, a header's name, ...) give away; empty when clean.

        `own` is the customer's: the lines and the city of the address typed in. `terms` belong to this order alone,
        such as its purchase orders' references.
        """
        allowed = self._allowed | _phrases(own)
        watched = [*self._watched, *watch(terms)[0]]
        return [leak for where, text in output.items() for leak in _leaks_of(where, text, watched, allowed)]


def _leaks_of(where: str, text: str, watched: list[Watched], allowed: frozenset[str]) -> Iterable[Leak]:
    """What the first telling reading tells; one is enough to stop the message."""
    try:
        for reading in map(Reading, readings(text)):
            said = [one for one in watched if one.letters in reading.letters]
            pardoned = _Pardoned(reading, allowed if said else frozenset())
            meant = {one.term.label: one.term for one in said if _is_said(one, reading, pardoned)}
            if meant:
                return [Leak(term.supplier, term.kind, label, where) for label, term in meant.items()]
    except TooTangled:
        return [Leak("", UNREADABLE, UNREADABLE, where)]
    return []


class _Pardoned:
    """Where a reading says something that may be said; a term wholly inside of it is no leak."""

    def __init__(self, reading: Reading, allowed: frozenset[str]) -> None:
        spans = sorted(
            (start, end)
            for letters in allowed
            for start, end in reading.occurrences(letters)
            if "none" not in reading.edges(start, end)
        )
        self._starts = [start for start, _ in spans]
        self._furthest = list(accumulate((end for _, end in spans), max))

    def __contains__(self, span: tuple[int, int]) -> bool:
        before = bisect_right(self._starts, span[0])
        return before > 0 and self._furthest[before - 1] >= span[1]


def _is_said(one: Watched, reading: Reading, pardoned: _Pardoned) -> bool:
    return any(
        _is_meant(one, reading, start, end) and (start, end) not in pardoned
        for start, end in reading.occurrences(one.letters)
    )


def _is_meant(one: Watched, reading: Reading, start: int, end: int) -> bool:
    """Whether these letters, here, are the term, or only happen to follow each other."""
    before, after = reading.edges(start, end)
    if one.term.kind == "phone":
        return after == "hard" or not reading.letters[end].isdigit()
    if not one.is_latin:
        return True
    if one.term.kind == "reference" and before == "hard" and after == "soft":
        return _is_whole(one, reading.between(start, end))  # The prefix of a number: SZ0001.
    if "none" not in (before, after) and (before == after == "hard" or len(one.letters) >= LEAST_AT_A_HUMP):
        return _is_whole(one, reading.between(start, end))
    return len(one.letters) >= one.inside_from and len(words_of(reading.between(start, end))) == 1


def _is_whole(one: Watched, said: str) -> bool:
    """Whether the pieces are the term's own words, all of it in one, or a word that was broken to hide it."""
    pieces = words_of(said)
    if one.term.kind in TIGHT and SPACE in said:
        return False
    if tuple(pieces) == one.words or len(pieces) == 1:
        return True
    if all(len(piece) == 1 for piece in pieces):
        return True
    return not one.is_everyday and _is_broken(pieces, with_spaces=SPACE in said)


def _is_broken(pieces: list[str], *, with_spaces: bool) -> bool:
    """Whether these are the pieces of one word, and not words that only look like it together."""
    letters, common = sum(map(len, pieces)), [piece in everyday() for piece in pieces]
    if letters >= SURELY_BROKEN_BY_SPACES or (not with_spaces and letters >= LEAST_BROKEN_BY_SIGNS):
        return not all(common)
    return letters >= LEAST_BROKEN_BY_SPACES and not any(common)


def _phrases(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(letters for text in texts if (letters := "".join(words_of(fold(text)))))
