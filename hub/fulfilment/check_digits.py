"""The arithmetic by which a mistyped tracking number betrays itself. Pure; every function takes upper-case text."""

from collections.abc import Sequence
from itertools import cycle

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_ISO_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ups(number: str) -> bool:
    """UPS's modulo 10: from the left after `1Z`, every second sign counts twice; a letter counts as (its place + 1) mod
    10, so A is 2. Source: UPS's own description, as in its Guide to Labeling."""
    total = 0
    for sign, weight in zip(number[2:-1], cycle((1, 2)), strict=False):
        value = int(sign) if sign.isdigit() else (ord(sign) - 63) % 10
        total += value * weight
    return number[-1] == str(-total % 10)


def gs1(digits: str) -> bool:
    """GS1's modulo 10: from the right before the check digit, weights 3 and 1 by turns. USPS's IMpb (Publication 199),
    FedEx Ground, Canada Post and every SSCC use it."""
    total = sum(int(d) * w for d, w in zip(reversed(digits[:-1]), cycle((3, 1)), strict=False))
    return digits[-1] == str(-total % 10)


def fedex_express(digits: str) -> bool:
    """FedEx Express: weights 1, 3, 7 by turns from the right, modulo 11, and a remainder of 10 counts as 0."""
    total = sum(int(d) * w for d, w in zip(reversed(digits[:-1]), cycle((1, 3, 7)), strict=False))
    return digits[-1] == str(total % 11 % 10)


def s10(number: str) -> bool:
    """The Universal Postal Union's standard S10: weights 8 6 4 2 3 5 9 7, 11 minus the rest; 10 is 0, and 11 is 5."""
    check = 11 - _weighted(number[2:10], _S10_WEIGHTS) % 11
    return number[10] == {10: "0", 11: "5"}.get(check, str(check))


def mod7(digits: str) -> bool:
    """DHL Express's waybill, as on every air waybill: the number before the last digit, modulo 7."""
    return int(digits[:-1]) % 7 == int(digits[-1])


def iso_7064(text: str) -> bool:
    """ISO 7064 MOD 37,36, which DPD's Parcel Label Specification uses for its numbers and bar codes."""
    rest = 36
    for sign in text[:-1]:
        rest = (rest + _ISO_ALPHABET.index(sign)) % 36 or 36
        rest = rest * 2 % 37
    return _ISO_ALPHABET[(37 - rest) % 36] == text[-1]


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
