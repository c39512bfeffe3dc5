"""What a column can be, by what is in it: for files without a header, and where a name means several things."""

import re
from collections.abc import Callable, Sequence

from hub.fulfilment.carrier_table import named_in
from hub.fulfilment.carriers import detect
from hub.fulfilment.feeds.amounts import CURRENCIES, mark_shown
from hub.fulfilment.feeds.codes import is_gtin
from hub.fulfilment.feeds.forms import form_of
from hub.fulfilment.feeds.words import at_least, status_word, stock_word

_MOST = 0.9


def share(cells: Sequence[str], test: Callable[[str], bool]) -> float:
    """How many of the cells that hold something pass a test; 0 where nothing is held."""
    shown = [cell.strip() for cell in cells if cell.strip()]
    return sum(test(cell) for cell in shown) / len(shown) if shown else 0.0


def is_figure(cell: str) -> bool:
    """Whether it looks like a number, with or without a currency."""
    return form_of(cell) == "number"


def is_stock(cell: str) -> bool:
    """Whether it can be a stock figure: pieces, or a word for them."""
    return (
        bool(re.fullmatch(r"-?[0-9]{1,7}", cell))
        or at_least(cell) is not None
        or stock_word(cell) is not None
    )


def has_words(cell: str) -> bool:
    """Whether it is a phrase rather than a code."""
    return bool(re.search(r"[^\W\d_]{2,}\s+\S", cell))


def _is_price(cell: str) -> bool:
    return is_figure(cell) and (mark_shown(cell) is not None or not re.fullmatch(r"-?[0-9]+", cell))


def _is_parcel(cell: str) -> bool:
    return len(cell) >= 8 and any(c.confidence != "possible" for c in detect(cell).candidates)


Test = tuple[str, Callable[[str], bool], float]

_SURE: tuple[Test, ...] = (
    ("gtin", is_gtin, _MOST),
    ("tracking_number", _is_parcel, 0.6),
    ("ship_date", lambda cell: form_of(cell) == "date", _MOST),
    ("currency", lambda cell: cell.upper() in CURRENCIES, _MOST),
    ("carrier", lambda cell: len(cell) <= 40 and bool(named_in(cell)), _MOST),
)
_LIKELY: tuple[Test, ...] = (
    ("price", _is_price, 0.6),
    ("stock", is_stock, _MOST),
    ("status", lambda cell: status_word(cell) is not None, _MOST),
    ("title", has_words, 0.5),
)


def guess(columns: Sequence[Sequence[str]]) -> list[str | None]:
    """What columns without a header may be. The first column of unlike codes is the article, or the order where
    parcels or answers are beside it; of two kinds of figure neither is chosen twice."""
    found: list[str | None] = [None] * len(columns)
    _apply(found, columns, _SURE)
    codes = [at for at, cells in enumerate(columns) if found[at] is None and _are_codes(cells)]
    if "gtin" in found:
        # The article is named already; plain numbers beside it are figures.
        codes = [at for at in codes if share(columns[at], _has_letter) >= 0.5]
    is_stock_list = "tracking_number" not in found and not any(_is_answer(cells) for cells in columns)
    for at, meaning in zip(codes, ["sku"] if is_stock_list else ["order_reference", "sku"], strict=False):
        found[at] = meaning
    _apply(found, columns, _LIKELY)
    if not is_stock_list:
        found = ["quantity" if meaning == "stock" else meaning for meaning in found]
    return found


def _has_letter(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)


def _apply(found: list[str | None], columns: Sequence[Sequence[str]], tests: Sequence[Test]) -> None:
    for at, cells in enumerate(columns):
        if found[at] is None:
            fitting = (meaning for meaning, test, enough in tests if share(cells, test) >= enough)
            found[at] = next((meaning for meaning in fitting if meaning not in found), None)


def _is_answer(cells: Sequence[str]) -> bool:
    """Words that suppliers answer orders with, and that say nothing of stock."""
    return share(cells, lambda cell: status_word(cell) is not None and stock_word(cell) is None) >= _MOST / 2


def _are_codes(cells: Sequence[str]) -> bool:
    return share(cells, lambda cell: form_of(cell) in ("code", "number")) >= _MOST and _are_unlike(cells)


def _are_unlike(cells: Sequence[str]) -> bool:
    shown = [cell for cell in cells if cell.strip()]
    return len(set(shown)) * 10 >= len(shown) * 8 > 0
