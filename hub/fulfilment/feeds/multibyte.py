"""Text of East Asia in its own encodings, told apart by which bytes are common in each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Common:
    """The first and second bytes of a script's common characters."""

    first: tuple[tuple[int, int], ...]
    second: tuple[tuple[int, int], ...]
    marks: str = ""
    """Characters one of which any real text has: kana, by which Japanese is told from Chinese."""


_HIGH = ((0xA1, 0xFE),)
_KANA = "".join(map(chr, range(0x3041, 0x30FF)))

EAST_ASIAN: dict[str, Common] = {
    "cp932": Common(((0x81, 0x83), (0x88, 0x97)), ((0x40, 0xFC),), _KANA),
    "euc-jp": Common(((0xA1, 0xA5), (0xB0, 0xCF)), _HIGH, _KANA),
    "cp949": Common(((0xA1, 0xA3), (0xB0, 0xC8)), _HIGH),
    "gb18030": Common(((0xA1, 0xA3), (0xB0, 0xD7)), _HIGH),
    "big5": Common(((0xA1, 0xA3), (0xA4, 0xC6)), ((0x40, 0x7E), (0xA1, 0xFE))),
}
"""In the order of narrowness: Korean's bytes are within Chinese's. Source: the code charts, whose first level holds
the characters in daily use."""

_ENOUGH = 0.9
_FEW = 6


@dataclass(frozen=True, slots=True)
class EastAsian:
    """The encodings in which nearly all is common, the likeliest first. `is_certain`: there is enough to tell."""

    names: tuple[str, ...]
    is_certain: bool


def east_asian(sample: bytes) -> EastAsian | None:
    """The encodings in which nearly all pairs of bytes are common characters."""
    if len(sample) - len(sample.translate(None, bytes(range(128, 256)))) < 2:
        return None
    shares = {name: _share(sample, name, common) for name, common in EAST_ASIAN.items()}
    names = tuple(name for name, (share, _) in shares.items() if share >= _ENOUGH)
    return EastAsian(names, shares[names[0]][1] >= _FEW) if names else None


def _share(sample: bytes, name: str, common: Common) -> tuple[float, int]:
    # The sample may end within a character.
    text = sample.decode(name, "replace").rstrip("\ufffd")
    foreign = [character for character in text if ord(character) > 127]
    if not foreign or (common.marks and not any(character in common.marks for character in foreign)):
        return 0.0, 0
    good = sum(_is_common(character, name, common) for character in foreign)
    return good / len(foreign), len(foreign)


def _is_common(character: str, name: str, common: Common) -> bool:
    written = character.encode(name, "replace")
    if len(written) != 2:
        return False
    return all(
        any(low <= byte <= high for low, high in ranges)
        for byte, ranges in zip(written, (common.first, common.second), strict=True)
    )
