"""Cells that a spreadsheet would run: made harmless on the way out, refused on the way in. Pure."""

import re

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""Signs that begin a formula, the full-width ones too."""
_STARTS = rf"(?:[{_SIGNS}\t\r\n\0]|\s+[{_SIGNS}])"
_DANGEROUS = re.compile(f"'*{_STARTS}")
_PROTECTED = re.compile(f"''*{_STARTS}")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_FORMULA = re.compile(
    rf"\s*(?:[=\uff1d]|[{_SIGNS}]\s*[A-Za-z_][A-Za-z0-9_.]*\(|[{_SIGNS}].*\|.*!)", re.DOTALL
)


def neutralised(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: with an apostrophe in front. `restored` takes it off."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What was neutralised: `restored(neutralised(x)) == x` for every text."""
    return text[1:] if _PROTECTED.match(text) else text


def unwrapped(text: str) -> str:
    """`="00123"` is how spreadsheets are made to keep zeros at the front: a text, and no formula."""
    found = _TEXT_FORMULA.fullmatch(text.strip())
    return found[1].replace('""', '"') if found else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this. A number with a sign and a dash before a word are none."""
    return _FORMULA.match(text) is not None
