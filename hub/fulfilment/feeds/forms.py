"""What a cell looks like, before anybody knows what it means."""

import re
from typing import Literal

Form = Literal["empty", "number", "date", "code", "text", "odd"]
"""`odd`: text that seems to hold several cells."""

_BEFORE = r"[(<>~≥≤+-]{0,2}\s?(?:[A-Z]{3}|[^\W\d_]{0,2}[€$£¥₺₽₹%])?\s?[+-]?"
_FIGURE = r"(?:[0-9]{1,3}(?:[.,'’\s][0-9]{3})+|[0-9]+|(?=[.,][0-9]))(?:[.,][0-9]+|[.,][-–])?"  # noqa: RUF001 - as printed
_AFTER = r"\s?(?:[-+%)€$£¥₺₽₹元円]|[^\W\d_]{2,4}\.?)?"
NUMBER = re.compile(_BEFORE + _FIGURE + _AFTER)
"""A figure, with the signs that may stand around it."""
DATE = re.compile(
    r"(?:[0-9]{1,4}([./-])\s?[0-9]{1,2}\1\s?[0-9]{2,4}\.?|[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日"
    r"|[0-9]{1,2}\.?[ -][^\W\d_]{3,9}\.?[ -][0-9]{2,4}|[^\W\d_]{3,9}\.? [0-9]{1,2},? [0-9]{4})"
    r"(?:[T ,]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s?(?:[AaPp][Mm])?\s?(?:Z|UTC|[+-][0-9:]{2,5})?)?"
)
_CODE = re.compile(r"[\w#*+][\w./#*+-]*", re.UNICODE)


def form_of(cell: str) -> Form:
    """The form of one cell."""
    text = cell.strip()
    if not text:
        return "empty"
    if len(text) <= 40 and NUMBER.fullmatch(text):
        return "number"
    if len(text) <= 40 and DATE.fullmatch(text):
        return "date"
    if _CODE.fullmatch(text):
        return "code"
    return "odd" if any(sign in text for sign in ";\t|") else "text"
