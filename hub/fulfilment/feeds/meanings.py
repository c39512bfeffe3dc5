"""What columns mean, by what they are called: the names of `columns.tsv`, in some thirty languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Literal, TypeVar, get_args

from hub.fulfilment.feeds import vocabulary
from hub.fulfilment.feeds.naming import in_ascii, joined, plain, tokens

Meaning = Literal[
    "sku", "supplier_sku", "gtin", "mpn", "title", "stock", "availability", "quantity", "price", "cost",
    "retail_price", "currency", "order_reference", "supplier_reference", "tracking_number", "tracking_url", "carrier",
    "shipping_method", "ship_date", "restock_date", "updated_at", "ordered_at", "status", "reason", "warehouse",
    "brand", "category", "description", "image", "link", "variant", "weight", "minimum_quantity", "pack_size", "vat",
    "discount", "line_id", "ship_name", "ship_company", "ship_address1", "ship_address2", "ship_city", "ship_region",
    "ship_postcode", "ship_country", "ship_phone", "email", "note", "invoice_number", "invoiced_on", "charge",
    "shipping_charge", "fee_charge", "invoice_total",
]  # fmt: skip
"""`price` is what the file calls a price; `cost` what it calls the buyer's own. `stock` is what there is, `quantity`
what was ordered or shipped. `order_reference` is ours, `supplier_reference` the supplier's number of the same order.
`charge` is what an invoice asks for articles, all units together; a merchant names the columns of invoices himself."""

MEANINGS: tuple[str, ...] = get_args(Meaning)

Close = Literal["exact", "part", "like"]
"""`part`: the name says more than that, such as a warehouse. `like`: it is spelt slightly otherwise."""


_IN_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]")
_DETAILS = frozenset({"variant", "brand", "category", "warehouse", "line_id", "weight", "note"})


@dataclass(frozen=True, slots=True)
class Named:
    """What a name can mean, the likeliest first. `any_...` are decided by the columns beside it."""

    meanings: tuple[str, ...]
    close: Close


@lru_cache(maxsize=20_000)
def named(name: str) -> Named | None:
    """What a column of this name can mean; None if nothing is known."""
    if not (words := tokens(name[:120])):
        return None
    known = _names()
    bare = tokens(_IN_BRACKETS.sub(" ", name[:120]))
    for wanted in (words, _without_units(words), bare, _without_units(bare)):
        if found := known.get(joined(wanted)) or _any_order().get(tuple(sorted(wanted))):
            return Named(found, "exact")
    if len(whole := joined(words)) >= 6 and (near := get_close_matches(whole, _long_names(), 1, 0.9)):
        return Named(known[near[0]], "like")
    found = _within(words, known)
    return Named(found, "part") if found else None


def meaning_of(name: str) -> str | None:
    """The likeliest meaning of a name, if any."""
    found = named(name)
    return found.meanings[0] if found else None


def _without_units(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in vocabulary.words("in_what"))


def _within(words: tuple[str, ...], known: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """The longest known name within, if it is at least half of the words and the rest do not change it."""
    spans = [words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    # Of equals the one that is more than a detail of it, then the last, as in `variant barcode`.
    spans = sorted(
        reversed(spans), key=lambda span: (-len(span), known.get(joined(span), ("",))[0] in _DETAILS)
    )
    for span in spans:
        found = known.get(joined(span), ())
        # Two letters are a word of their own in too many languages.
        if not found or found[0] == "any_reference" or len(joined(span)) < 3 or len(span) * 2 < len(words):
            continue
        if not vocabulary.words("otherwise").intersection(word for word in words if word not in span):
            return found
    return _within_signs(joined(words), known)


def _within_signs(whole: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    """Scripts without spaces: the longest known name that is more than half of the signs."""
    if whole.isascii() or not any("\u3040" <= sign <= "\uffff" for sign in whole) or len(whole) > 20:
        return None
    for length in range(len(whole) - 1, len(whole) // 2, -1):
        for start in range(len(whole) - length + 1):
            if found := known.get(whole[start : start + length]):
                return found
    return None


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[str, ...]]:
    return _gathered(joined)


@lru_cache(maxsize=1)
def _any_order() -> dict[tuple[str, ...], tuple[str, ...]]:
    """`stock total` is `total stock`."""
    return {
        words: found
        for words, found in _gathered(lambda words: tuple(sorted(words))).items()
        if len(words) > 1
    }


K = TypeVar("K")


def _gathered(key: Callable[[tuple[str, ...]], K]) -> dict[K, tuple[str, ...]]:
    found: dict[K, list[str]] = {}
    for meaning, name in _listed():
        for spelling in {name, in_ascii(name)}:
            meanings = found.setdefault(key(tokens(spelling)), [])
            if meaning not in meanings:
                meanings.append(meaning)
    return {name: tuple(meanings) for name, meanings in found.items() if name}


@lru_cache(maxsize=1)
def _listed() -> list[tuple[str, str]]:
    text = files("hub.fulfilment.feeds").joinpath("columns.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return [(meaning.rstrip("?"), name) for meaning, names in lines for name in names.split("|")]


@lru_cache(maxsize=1)
def _long_names() -> tuple[str, ...]:
    return tuple(name for name in _names() if len(name) >= 6 and name == plain(name))
