"""Article and parcel numbers as text: zeros at the front stay, and what a spreadsheet has damaged is refused. Pure."""

import re
import unicodedata

from hub.fulfilment import check_digits
from hub.fulfilment.feeds.faults import BadRow
from hub.sdk.spreadsheets import restored

_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)
_FLOAT = re.compile(r"[0-9]{7,}[.,]0{1,2}")
_MONTH_DATE = re.compile(
    r"(?:[0-9]{1,2}[-.](?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])\.?"
    r"|(?:Jan|Feb|M[aä]r|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])-[0-9]{2,4})"
)
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|NULL!|NUM!|DIV/0!|WERT!|BEZUG!|NV|N/D|####+)|#{3,}", re.IGNORECASE
)
LONGEST = 120


def read_code(cell: str) -> str:
    """A number that is no quantity, as it stands. Raises `BadRow` for what a spreadsheet has made of it."""
    if cell.isascii() and cell.isalnum() and len(cell) <= LONGEST:
        return cell  # nothing can be wrong with it: the usual case, and lists are long
    text = unicodedata.normalize("NFC", restored(cell)).strip()
    if text.startswith("'") and text[1:2].isdigit():
        # Shops and spreadsheets protect zeros at the front so.
        text = text[1:]
    if why := harm(text):
        raise BadRow(why)
    if len(text) > LONGEST:
        raise BadRow(f"A number of {len(text)} signs is not believed.")
    return text


def harm(text: str) -> str:
    """What a spreadsheet has done to a number; empty if it did nothing."""
    if _SCIENTIFIC.fullmatch(text):
        return f"{text} is in scientific notation: a spreadsheet has cut the number off."
    if _FLOAT.fullmatch(text):
        return f"{text} is a number with decimals: a spreadsheet has changed it."
    if _MONTH_DATE.fullmatch(text):
        return f"{text} is a date: a spreadsheet has made one of the number."
    if is_error(text):
        return f"{text} is a spreadsheet's error."
    return ""


def is_error(text: str) -> bool:
    """Whether a spreadsheet says in this cell that it could not compute it."""
    return _ERROR.fullmatch(text.strip()) is not None


def is_gtin(text: str) -> bool:
    """Whether these are 8, 12, 13 or 14 digits with GS1's check digit."""
    return len(text) in (8, 12, 13, 14) and text.isascii() and text.isdecimal() and check_digits.gs1(text)
