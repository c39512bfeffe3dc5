"""A text as a leak may hide in it: every way it can be decoded, and each reading folded to plain letters. Pure.

All of it is linear in the length of the text: no pattern here can be made to look at a character twice for nothing.
"""

import binascii
import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from itertools import accumulate
from typing import Literal
from urllib.parse import unquote

MOST_TEXT = 400_000
"""Characters of one output; what is longer is not proved clean. Mail programs cut a mail at a quarter of it."""
MOST_LAYERS = 4
"""Encodings around each other that are opened, such as base64 of an entity in a percent-encoded address."""
MOST_LABELS = 1_000
"""Different punycode labels of one output that are decoded."""

MOST_SPELT = 6
"""Letters that one sign may stand for."""

SPACE, MARK, HUMP = " ", "-", "\x01"
"""What lies between letters: white space, any other sign, the hump of a camelCase word."""

Edge = Literal["hard", "soft", "none"]
"""`soft`: the hump of a camelCase word, or a digit next to a letter."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_GAP = re.compile(r"([- \x01]+)")
_GAPS = dict.fromkeys(map(ord, (SPACE, MARK, HUMP)))
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|bdi|bdo|code|del|em|font|i|ins|mark|o:p|q|s|small|span|strong|sub|sup|tt|u|wbr)\b[^<>]*>"
    r"|<!--[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(r"(?:=[0-9A-F]{2})+")
_SOFT_BREAK = re.compile(r"=[ \t]?\r?\n")
_PADDED = re.compile(r"(&#[xX]?)0+(?=[0-9a-fA-F])")
_ENDLESS = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_ESCAPED = re.compile(r"\\u\{?([0-9a-fA-F]{4,5})\}?|\\x([0-9a-fA-F]{2})")
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}")
_PUNYCODE = re.compile(r"\bxn--([a-z0-9-]{1,59})", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WEB_SAFE = str.maketrans("-_", "+/", "\r\n=")


class TooTangled(ValueError):
    """The text is too long or wrapped too often to be proved clean."""


def readings(text: str) -> Iterator[str]:
    """The text itself, then all that decoding and taking out its tags can make of it; raises `TooTangled`."""
    if len(text) > MOST_TEXT:
        raise TooTangled
    layer, seen = [text], {text}
    for _ in range(MOST_LAYERS + 1):
        opened: list[str] = []
        for reading in layer:
            yield reading
            if "<" in reading:
                yield _TAG.sub("\n", _INLINE.sub("", reading))
            opened += _opened(reading)
        layer = [reading for reading in dict.fromkeys(opened) if reading not in seen]
        if not layer:
            return
        seen.update(layer)
    raise TooTangled


def _opened(text: str) -> Iterator[str]:
    """What lies one layer deeper: the text with its escapes undone, and what was packed as base64 or punycode. The
    packed stays in the text: an escape within it may have cut it in two, of which one alone can be unpacked."""
    if (plain := _unescaped(text)) != text:
        yield plain
    packed = (_unpacked(run) for run in set(_PACKED.findall(text)) if not _is_plain(run))
    if found := [*filter(None, packed), *_from_punycode(text)]:
        yield "\n".join(sorted(found))


def _unescaped(text: str) -> str:
    """Quoted-printable, percent signs, entities and the escapes of scripts, each undone once."""
    if "=" in text:
        text = _QUOTED.sub(_from_hex, _SOFT_BREAK.sub("", text))
    if "%" in text:
        text = unquote(text)
    if "&" in text:
        text = html.unescape(_ENDLESS.sub(" ", _PADDED.sub(r"\1", text)))
    return _ESCAPED.sub(_from_escape, text) if "\\" in text else text


def _from_hex(match: re.Match[str]) -> str:
    return bytes.fromhex(match[0].replace("=", "")).decode("utf-8", "replace")


def _from_escape(match: re.Match[str]) -> str:
    return chr(int(match[1] or match[2], 16))


def _is_plain(run: str) -> bool:
    """A word in small letters, or a number: whatever is worth packing has a capital letter further on."""
    return run[1:].islower() or run.isdigit()


def _unpacked(run: str) -> str:
    """The text that was packed, over several lines or one of them beside plain words; empty if it was none."""
    whole = _from_base64(run)
    return whole or "\n".join(_from_base64(line) for line in run.split() if "\n" in run)


def _from_base64(packed: str) -> str:
    plain = packed.translate(_WEB_SAFE)
    try:
        found = binascii.a2b_base64(plain[: len(plain) - (len(plain) % 4 == 1)] + "==").decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return "" if _CONTROL.search(found) else found


def _from_punycode(text: str) -> list[str]:
    labels = set(_PUNYCODE.findall(text))
    if len(labels) > MOST_LABELS:
        raise TooTangled
    found = []
    for label in labels:
        try:
            found.append(label.encode("ascii").decode("punycode"))
        except UnicodeError:
            continue
    return found


class Reading:
    """One reading of an output: its bare letters and digits, and what lay between them."""

    def __init__(self, text: str) -> None:
        self._marked = fold(text)
        self.letters = self._marked.translate(_GAPS)

    @cached_property
    def _parts(self) -> list[str]:
        """Word, gap, word, gap, ..., word; only needed where something was found."""
        return _GAP.split(self._marked)

    @cached_property
    def _starts(self) -> list[int]:
        """At which of the letters each word begins."""
        return list(accumulate(map(len, self._parts[::2]), initial=0))[:-1]

    def occurrences(self, letters: str) -> Iterator[tuple[int, int]]:
        """Every place where these letters follow each other, whatever lies between them."""
        at = self.letters.find(letters)
        while at >= 0:
            yield at, at + len(letters)
            at = self.letters.find(letters, at + 1)

    def edges(self, start: int, end: int) -> tuple[Edge, Edge]:
        """How the letters from `start` to `end` are set off from what is before and after."""
        return self._edge(start), self._edge(end)

    def between(self, start: int, end: int) -> str:
        """The letters from `start` to `end` with the spaces and signs between them."""
        first, last = self._word(start), self._word(end - 1)
        whole = "".join(self._parts[2 * first : 2 * last + 1])
        after = self._starts[last] + len(self._parts[2 * last]) - end
        return whole[start - self._starts[first] : len(whole) - after].replace(HUMP, "")

    def _edge(self, at: int) -> Edge:
        """What lies before a letter."""
        if at in (0, len(self.letters)):
            return "hard"
        word = self._word(at)
        gap = self._parts[2 * word - 1] if word and self._starts[word] == at else ""
        if SPACE in gap or MARK in gap:
            return "hard"
        return "soft" if gap or self.letters[at - 1].isdigit() != self.letters[at].isdigit() else "none"

    def _word(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1


def fold(text: str) -> str:
    """Small plain letters and digits; accents, look-alikes and invisible signs are gone."""
    return _HUMP.sub(HUMP, text).translate(_alphabet())


class _Alphabet(dict[int, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, point: int) -> str:
        folded = _folded(chr(point))
        if point < 0x20000:  # Beyond lie ideographs, which fold to themselves: not worth the memory.
            self[point] = folded
        return folded


@cache
def _alphabet() -> _Alphabet:
    """Fills itself; the look-alikes come from a list of letters and what is mistaken for them."""
    known = _Alphabet({ord(HUMP): HUMP})
    listed = files("hub.fulfilment").joinpath("lookalikes.tsv").read_text(encoding="utf-8")
    for line in listed.splitlines():
        plain, _, others = line.partition("\t")
        known |= {ord(other): plain for other in others}
    for first in (
        0x1F150,
        0x1F170,
        0x1F1E6,
    ):  # Letters in black circles, in black squares, and those of flags.
        known |= {first + step: chr(ord("a") + step) for step in range(26)}
    known |= dict.fromkeys((0x115F, 0x1160, 0x3164, 0xFFA0), "")  # Hangul fillers: letters nobody can see.
    return known


def _folded(sign: str) -> str:
    if sign.isspace():
        return SPACE
    spelt = unicodedata.normalize("NFKD", sign).casefold()
    # One Arabic sign is a sentence of eighteen letters; nobody hides behind it, but a text of them would grow so much.
    return "".join(map(_plain, spelt)) if len(spelt) <= MOST_SPELT else sign


def _plain(sign: str) -> str:
    category = unicodedata.category(sign)
    if category[0] == "M" or category in ("Cc", "Cf"):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(sign))
    if sign.isalnum():
        return _alphabet().get(ord(sign), sign)  # Not by key: that would ask what it folds to once more.
    return SPACE if sign.isspace() else MARK
