"""When what Lob writes is the address that was asked about, only in the postal service's spelling. Pure."""

from connectors.lob.question import region_of
from connectors.lob.wire import WireUsVerification
from hub.sdk.commerce import Address
from hub.sdk.postal import street_words, words

_CITY = {"SAINT": "ST", "MOUNT": "MT", "FORT": "FT"}


def is_same_place(found: WireUsVerification, asked: Address) -> bool:
    """Whether nothing but case, abbreviations, ZIP+4 and the place of the unit differs."""
    parts = found.components
    if asked.postcode and asked.postcode.strip()[:5] != parts.zip_code:
        return False
    if asked.city and _city(asked.city) != _city(parts.city):
        return False
    if region_of(asked) and region_of(asked).upper() != parts.state.upper():
        return False
    short = {parts.street_predirection, parts.street_suffix, parts.street_postdirection}
    return _are_same(
        street_words(found.primary_line, found.secondary_line),
        street_words(asked.line1, asked.line2),
        {word.upper() for word in short if word},
    )


def _are_same(found: list[str], asked: list[str], short: set[str]) -> bool:
    """Word by word; only where Lob writes a suffix or a direction may the customer have written it out."""
    if len(found) != len(asked):
        return False
    pairs = zip(found, asked, strict=True)
    return all(ours == theirs or (theirs in short and _shortens(theirs, ours)) for theirs, ours in pairs)


def _shortens(short: str, word: str) -> bool:
    """Whether a word was shortened by leaving letters out, as the postal service does: BLVD from BOULEVARD."""
    letters = iter(word)
    return word[:1] == short[:1] and all(letter in letters for letter in short)


def _city(city: str) -> list[str]:
    return [_CITY.get(word, word) for word in words(city)]
