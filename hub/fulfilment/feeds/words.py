"""Words where a number or a status is expected, in many languages. A word nobody has listed is asked about."""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from hub.fulfilment.feeds import vocabulary
from hub.fulfilment.feeds.naming import in_ascii, plain

LineStatus = Literal["accepted", "backordered", "rejected", "cancelled", "shipped", "changed", "requested"]
"""What a supplier says of an ordered line. `changed`: taken, but not as ordered; `requested`: not decided."""


def word_key(word: str) -> str:
    """Latin words without accents and punctuation; other signs as they are, since `○` is a word too."""
    words = re.findall(r"[^\W_]+", plain(word))
    return " ".join(words) or word.strip()


def at_least(text: str) -> int | None:
    """How many there are at least, where a feed says only that: `>50` and `50+` are 50."""
    found = _forms()[0].fullmatch(text.strip().casefold())
    return int(found[1] or found[2]) if found else None


def stock_word(text: str) -> int | None:
    """How many a word says there are at least; None if nobody has listed it. `<10` is one: none would be 0."""
    if found := _forms()[1].fullmatch(text.strip().casefold()):
        return 1 if int(found[1]) > 1 else 0
    return _table("stock_words.tsv").get(word_key(text), _NOTHING)[1]


def status_word(text: str) -> LineStatus | None:
    """What a word says of an ordered line; None if nobody has listed it."""
    found = _table("status_words.tsv").get(word_key(text), _NOTHING)[0]
    return next((status for status in get_args(LineStatus) if status == found), None)


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """`>50` and `50+`; `<10`. A unit may follow."""
    more, after, less, unit = (
        "|".join(re.escape(word) for word in sorted(vocabulary.words(name), key=len, reverse=True))
        for name in ("more", "more_after", "less", "pieces")
    )
    number, pieces = r"\s*([0-9]{1,7})", rf"(?:\s?(?:{unit})\.?)?"
    at_least = rf"(?:{more}){number}{pieces}|([0-9]{{1,7}}){pieces}\s?(?:{after}){pieces}"
    return re.compile(at_least), re.compile(rf"(?:{less}){number}{pieces}")


_NOTHING: tuple[str, int | None] = ("", None)


@lru_cache(maxsize=2)
def _table(name: str) -> dict[str, tuple[str, int | None]]:
    """What each word means; a word that two lines list means neither."""
    found: dict[str, tuple[str, int | None]] = {}
    torn: set[str] = set()
    for line in files("hub.fulfilment.feeds").joinpath(name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        meaning, words = line.split("\t")
        for key in {word_key(spelt) for word in words.split("|") for spelt in (word, in_ascii(word))}:
            if found.setdefault(key, (meaning, int(meaning) if meaning.isdecimal() else None))[0] != meaning:
                torn.add(key)
    return {key: meant for key, meant in found.items() if key not in torn}
