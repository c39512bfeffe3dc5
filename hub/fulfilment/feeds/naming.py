"""Names made comparable: case, accents, punctuation, and the many ways to write "number" do not count. Pure."""

import re
import unicodedata
from functools import lru_cache

from hub.fulfilment.feeds import vocabulary

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
_NUMBER_SIGNS = re.compile(r"#|№|\bn[°º.]\s?(?=\W|$|\w)|\bn[°º]|\bno\.|\bnr\.", re.IGNORECASE)
_NUMBER_ENDS = re.compile(r"(?<=[a-z]{3})(?:number|nummer|numero|nbr|num)$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case, Latin letters without their marks: `Größe` and `grosse` are one."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    marked = unicodedata.normalize("NFD", folded)
    bare = "".join(
        sign
        for at, sign in enumerate(marked)
        if not (unicodedata.combining(sign) and _is_latin(_letter_before(marked, at)))
    )
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def _letter_before(text: str, at: int) -> str:
    while at > 0 and unicodedata.combining(text[at]):
        at -= 1
    return text[at]


def _is_latin(letter: str) -> bool:
    return letter < "\u0250"


def tokens(name: str) -> tuple[str, ...]:
    """The words of a column's name: `package_trackingNumber` is package, tracking, nr."""
    spaced = _CAMEL.sub(" ", name) if not name.isupper() else name
    folded = plain(_NUMBER_SIGNS.sub(" number ", unicodedata.normalize("NFC", spaced)))
    words = re.findall(r"[^\W_]+", folded)
    kept = [_NUMBER_ENDS.sub("nr", "nr" if word in vocabulary.words("number") else word) for word in words]
    return tuple(word for word in kept if word not in vocabulary.words("small")) or tuple(kept)


def joined(words: tuple[str, ...]) -> str:
    """The words as one: `order id`, `order_id` and `OrderID` are one name."""
    return "".join(words)


def in_ascii(name: str) -> str:
    """As German and Nordic writers spell it without their letters: `verfuegbar`."""
    pairs = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
    return "".join(pairs.get(sign, sign) for sign in name)
