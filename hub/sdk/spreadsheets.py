"""Cells that a spreadsheet would run, made harmless in files that we write. Pure."""

import re

FORMULA_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
"""Signs that begin a formula, the full-width ones too; for use within a class of a regular expression."""
_STARTS = rf"(?:[{FORMULA_SIGNS}\t\r\n\0]|\s+[{FORMULA_SIGNS}])"
_DANGEROUS = re.compile(f"'*{_STARTS}")
_PROTECTED = re.compile(f"''*{_STARTS}")


def neutralised(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: with an apostrophe in front. `restored` takes it off."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What was neutralised: `restored(neutralised(x)) == x` for every text."""
    return text[1:] if _PROTECTED.match(text) else text
