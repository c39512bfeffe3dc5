"""Cells of files that we read which a spreadsheet would run: they are refused. Pure."""

import re

from hub.sdk.spreadsheets import FORMULA_SIGNS

_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_FORMULA = re.compile(
    rf"\s*(?:[=\uff1d]|[{FORMULA_SIGNS}]\s*[A-Za-z_][A-Za-z0-9_.]*\(|[{FORMULA_SIGNS}].*\|.*!)", re.DOTALL
)


def unwrapped(text: str) -> str:
    """`="00123"` is how spreadsheets are made to keep zeros at the front: a text, and no formula."""
    found = _TEXT_FORMULA.fullmatch(text.strip())
    return found[1].replace('""', '"') if found else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this. A number with a sign and a dash before a word are none."""
    return _FORMULA.match(text) is not None
