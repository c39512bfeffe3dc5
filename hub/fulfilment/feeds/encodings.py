"""In which encoding a file was written: what its bytes prove, and where they prove nothing, a question."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from hub.fulfilment.feeds.alphabets import ALPHABETS, MODERN, SINGLE_BYTE, SYMBOLS
from hub.fulfilment.feeds.meanings import named
from hub.fulfilment.feeds.multibyte import east_asian

DAMAGED = "\udcff"
"""Stands in decoded text for bytes that are none in the file's encoding; no file can contain it."""
_SAMPLE = 400_000
_WORDS = 800
_WELL = 0.9
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return DAMAGED, error.end


codecs.register_error("faros-mark", _mark)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name. `doubt` says what another encoding would make of the file; empty: it is certain."""

    name: str
    doubt: str = ""


def decode(data: bytes, encoding: str) -> str:
    """The text; bytes that are none in this encoding become `DAMAGED`."""
    return data.decode(encoding, "faros-mark")


def find_encoding(data: bytes) -> Encoding:
    """The encoding of a file: by its mark, by its zero bytes, as UTF-8, and else by what reads as words."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Encoding(name)
    if wide := _without_mark(data[:4096]):
        return Encoding(wide)
    sample = data[:_SAMPLE]
    if _is_utf8(data):
        return Encoding("utf-8")
    far = east_asian(sample)
    if far and far.is_certain:
        # Korean's bytes are Chinese too: known names of columns tell more than they do.
        return Encoding(max(far.names, key=lambda name: _names_known(sample, name)))
    near = _single_byte(sample)
    if far and max(score.fits for score in near if score.encoding in MODERN) < _WELL:
        return _by_names(sample, far.names)
    best = max(near, key=lambda score: score.fits)
    rivals = [
        s for s in near if s.encoding in MODERN and s.fits >= best.fits - 0.02 and s.texts != best.texts
    ]
    if best.fits <= 0.5:
        return Encoding(best.encoding, "The letters beyond ASCII make no sense in any encoding tried.")
    return _by_names(sample, (best.encoding, *(score.encoding for score in rivals)))


def _by_names(sample: bytes, encodings: Sequence[str]) -> Encoding:
    """Of encodings that fit equally, the one in which more column names are known; else the first, with a doubt."""
    hits = {name: _names_known(sample, name) for name in encodings}
    best = max(encodings, key=lambda name: hits[name])
    others = [name for name in encodings if name != best and hits[name] == hits[best]]
    if not others:
        return Encoding(best)
    ours, theirs = (sample.decode(name, "replace") for name in (best, others[0]))
    at = next((at for at, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), 0)
    start = max(0, at - 10)
    doubt = f"It may also be {others[0]}: {ours[start : at + 10]!r} would be {theirs[start : at + 10]!r}."
    return Encoding(best, doubt)


def _names_known(sample: bytes, encoding: str) -> int:
    """How many cells at the head of a file are known names of columns, if it is read so."""
    return sum(map(_is_name, re.split(r"[,;|\t\r\n\"]", sample[:2000].decode(encoding, "replace"))))


def _is_name(text: str) -> bool:
    return not text.isascii() and (found := named(text)) is not None and found.close == "exact"


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Latin text is zero."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > pairs * 0.3 and even <= pairs * 0.02:
        return "utf-16-le"
    if even > pairs * 0.3 and odd <= pairs * 0.02:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    """Valid, or valid but for a few bytes: other encodings hardly ever form UTF-8's sequences by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(data), _SAMPLE):
            decoder.decode(data[start : start + _SAMPLE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        text = decode(data[:_SAMPLE], "utf-8")
        damaged = text.count(DAMAGED)
        return sum(ord(character) > 127 for character in text) - damaged >= 2 * max(1, damaged)
    return True


@dataclass(frozen=True, slots=True)
class _Score:
    encoding: str
    fits: float
    texts: tuple[str, ...]


def _single_byte(sample: bytes) -> list[_Score]:
    words = list(dict.fromkeys(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", sample)))[
        :_WORDS
    ]
    return [_score(words, name) for name in SINGLE_BYTE]


def _score(words: list[bytes], encoding: str) -> _Score:
    """How much of the letters one language explains; a second one in the file explains the rest at a small cost."""
    texts = tuple(word.decode(encoding, "replace") for word in words)
    foreign = [place for text in texts for place in _foreign(text)]
    if not foreign:
        return _Score(encoding, 0.0, texts)
    symbols = sum(is_symbol for _, is_symbol in foreign)
    letters = [letter for letter, is_symbol in foreign if not is_symbol and letter]
    explained = [[letter in _letters(language) for letter in letters] for language in SINGLE_BYTE[encoding]]
    alone = max((sum(one) for one in explained), default=0)
    both = max(
        (sum(a or b for a, b in zip(one, two, strict=True)) for one in explained for two in explained),
        default=0,
    )
    penalty = 0.05 * len(foreign)
    return _Score(encoding, (symbols + max(alone, both - penalty)) / len(foreign), texts)


def _foreign(text: str) -> list[tuple[str, bool]]:
    """Each sign beyond ASCII: the letter and False, a symbol in its place and True, or nothing for what is odd."""
    found = []
    for at, sign in enumerate(text):
        if ord(sign) < 128:
            continue
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if sign in SYMBOLS and (sign in _WITHIN or not (_is_wordy(before) and _is_wordy(after))):
            found.append(("", True))
        else:
            found.append(("" if _is_odd(sign, before, after) else sign, False))
    return found


_WITHIN = "·ªº\xad’"  # noqa: RUF001 - an apostrophe as typographers set it
"""Signs that do stand between two letters."""


def _is_wordy(sign: str) -> bool:
    """A letter, or what stands where a wrong encoding has taken one."""
    return sign.isalpha() or sign > "\x7f"


def _is_odd(letter: str, before: str, after: str) -> bool:
    """A capital within a word, or a word in two scripts."""
    beside = [sign for sign in (before, after) if sign.isascii() and sign.isalpha()]
    return (letter.isupper() and before.islower()) or (letter > "\u0250" and bool(beside))


@cache
def _letters(language: str) -> frozenset[str]:
    lower = ALPHABETS[language]
    return frozenset(lower + lower.upper())
