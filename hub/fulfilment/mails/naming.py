"""Which carriers a text names, in whatever script. Pure."""

import unicodedata
from functools import lru_cache

from hub.fulfilment.carrier_table import named_in
from hub.fulfilment.mails.words import fold, said


@lru_cache(maxsize=20_000)
def carriers_named(text: str) -> frozenset[str]:
    """The carriers that a text can mean; `Colis Privé` and `Colis Prive` are the same."""
    if not text:
        return frozenset()
    elsewhere = {one.language for one in said(fold(text), "carrier")}
    bare = "".join(s for s in unicodedata.normalize("NFKD", text) if not unicodedata.combining(s))
    return frozenset(named_in(bare) | elsewhere)
