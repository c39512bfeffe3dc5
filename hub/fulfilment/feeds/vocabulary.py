"""The short lists of words that reading a file needs: `vocabulary.tsv`."""

from functools import lru_cache
from importlib.resources import files


def words(name: str) -> frozenset[str]:
    """The words of one list."""
    return _lists()[name]


@lru_cache(maxsize=8)
def by_word(family: str) -> dict[str, str]:
    """Of lists such as `months.4`: which of them each word is in."""
    found: dict[str, str] = {}
    for name, listed in _lists().items():
        head, _, rest = name.partition(".")
        if head == family and rest:
            found |= dict.fromkeys(listed, rest)
    return found


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    text = files("hub.fulfilment.feeds").joinpath("vocabulary.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: frozenset(listed.split("|")) for name, listed in lines}
