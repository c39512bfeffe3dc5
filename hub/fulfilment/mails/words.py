"""What people write about parcels, in fifteen languages: `words.tsv`, made into patterns of linear time. Pure.

A phrase of the file is words with a few signs: `a/b` is either, `(a)` may be missing, `*` is up to four words of any
kind, `~` at a word's end is any ending, and `{no}` is every way to write "number".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

_NUMBER = (
    "numbers/number/numero/número/números/numéro/numéros/nummer/nummern/numer/numery/num./num/no./no/nos./nro./nro/nr./nr"
    "/n.º/n./n°/nº/№/#/id/code/ref./ref/reference/番号/号/编号"
)
_NUMBER = unicodedata.normalize("NFKC", _NUMBER)
_GAP = r"(?:\S{1,30}\s{1,3}){0,4}?"
_BETWEEN = r"[\s\-\u2010-\u2015]{1,3}"
_START = 3
_LINE = 2_000
_LETTER = r"[^\W\d_]"


@dataclass(frozen=True)
class Phrase:
    """One thing that can be said. A text that says it has one of `keys` in it, so most phrases need no search."""

    what: str
    language: str
    written: str

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The alternatives of its longest word that may not be missing."""
        needed = [_alternatives(w) for w in self.written.split() if w != "*" and w[0] not in "({"]
        return max(needed, key=lambda choice: min(len(one) for one in choice))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it; made when first needed, for most are never said."""
        return re.compile("".join(_pieces(self.written.split())))


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase that stands in a text."""

    what: str
    language: str
    start: int
    end: int


def fold(text: str) -> str:
    """The text in lower case, sign for sign, so that places in it are places in the text."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(s if len(s.lower()) > 1 else s.lower() for s in text)


def said(folded: str, *whats: str) -> list[Said]:
    """Every phrase of these classes, in the order of the text; of several at one place the longest first."""
    found = [
        Said(phrase.what, phrase.language, match.start(), match.end())
        for phrase in _likely(folded, whats)
        if any(key in folded for key in phrase.keys)
        for match in phrase.pattern.finditer(folded)
    ]
    return sorted(found, key=lambda s: (s.start, -s.end))


def says(folded: str, *whats: str) -> bool:
    """Whether a text says anything of these classes."""
    return any(
        any(key in folded for key in phrase.keys) and phrase.pattern.search(folded)
        for phrase in _likely(folded, whats)
    )


def longest(found: Iterable[Said]) -> list[Said]:
    """What is left when a phrase that overlaps a longer one counts for nothing."""
    kept: list[Said] = []
    for one in sorted(found, key=lambda s: (s.start - s.end, s.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda s: s.start)


def _likely(folded: str, whats: tuple[str, ...]) -> Iterable[Phrase]:
    """The phrases of these classes with a key that begins as something in the text does: few of thousands."""
    index = _index(*whats)
    starts = _starts(folded) if len(folded) > _LINE else _starts_of_line(folded)
    found = {place: phrase for start in index.keys() & starts for place, phrase in index[start]}
    return [found[place] for place in sorted(found)]


def _starts(folded: str) -> frozenset[str]:
    """Every one, two or three signs that follow each other in a text."""
    return frozenset(folded[at : at + size] for size in (1, 2, _START) for at in range(len(folded)))


@lru_cache(maxsize=64)
def _starts_of_line(folded: str) -> frozenset[str]:
    """The same, kept for a moment: one line is asked for many things."""
    return _starts(folded)


@cache
def _index(*whats: str) -> dict[str, list[tuple[int, Phrase]]]:
    """Phrases by how their keys begin, each with its place in the file."""
    found: dict[str, list[tuple[int, Phrase]]] = {}
    for place, phrase in enumerate(_phrases(*whats)):
        for start in {key[:_START] for key in phrase.keys}:
            found.setdefault(start, []).append((place, phrase))
    return found


@cache
def _phrases(*whats: str) -> tuple[Phrase, ...]:
    return tuple(phrase for phrase in _all() if phrase.what in whats)


@cache
def _all() -> tuple[Phrase, ...]:
    lines = files("hub.fulfilment.mails").joinpath("words.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(
        Phrase(what, language, unicodedata.normalize("NFKC", one).strip().lower())
        for what, language, phrases in rows
        for one in phrases.split(";")
        if one.strip()
    )


def _pieces(words: list[str]) -> Iterator[str]:
    needed = max((place for place, word in enumerate(words) if word[0] != "("), default=0)
    for place, word in enumerate(words):
        if place > needed:
            # Nothing need follow, so no gap need either.
            yield f"(?:{_BETWEEN}{_choice(word[1:-1])})?"
            continue
        if place and word == "{no}":
            yield r"[\s\-\u2010-\u2015]{0,3}"
        elif place and words[place - 1] != "*" and words[place - 1][0] != "(":
            yield _BETWEEN
        if word == "*":
            yield _GAP
        elif word[0] == "(":
            yield f"(?:{_choice(word[1:-1])}{_BETWEEN})?"
        else:
            yield _choice(_NUMBER if word == "{no}" else word)


def _choice(word: str) -> str:
    """The alternatives of a word. Where one begins or ends with a letter, the text's word does so too."""
    either = sorted((one for one in word.split("/") if one), key=len, reverse=True)
    return f"(?:{'|'.join(_bounded(one) for one in either)})"


def _bounded(word: str) -> str:
    stem = word.rstrip("~")
    before = f"(?<!{_LETTER})" if _has_edges(stem[0]) else ""
    if word.endswith("~"):
        return f"{before}{re.escape(stem)}{_LETTER}{{0,20}}"
    return f"{before}{re.escape(stem)}{f'(?!{_LETTER})' if _has_edges(stem[-1]) else ''}"


def _has_edges(sign: str) -> bool:
    """Whether words of this sign's script are set apart by spaces; Chinese and Japanese ones are not."""
    return sign.isalpha() and sign < "\u0e00"


def _alternatives(word: str) -> tuple[str, ...]:
    return tuple(one.rstrip("~") for one in word.split("/") if one)
