"""The SKU map: a CSV of which supplier sells a store's article, under what name, at what cost.

With `units`, so many of the supplier's make one of the store's: a pack. Several such rows of one supplier are a kit.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Place
from hub.project.table import Row, read_table
from hub.store.configuration import ArticleNew

COLUMNS = ("sku", "supplier", "supplier_sku", "unit_cost", "currency")
OPTIONAL = ("units",)
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)
_UNITS = re.compile(r"[1-9]\d{0,3}", re.ASCII)


def read_skus(path: Path, suppliers: Mapping[str, str], notes: Notes) -> list[ArticleNew]:
    """The map's rows. `suppliers`: name in hub.yaml to connection. An empty `supplier_sku` is the store's own."""
    offers: defaultdict[tuple[str, str], list[ArticleNew]] = defaultdict(list)
    unitless: set[tuple[str, str]] = set()
    for place, row in read_table(path, "The SKU map", COLUMNS, notes, optional=OPTIONAL):
        article = _article(row, place, suppliers, notes)
        if article is None:
            continue
        parts = offers[article.sku, article.supplier]
        unitless |= set() if row["units"] else {(article.sku, article.supplier)}
        if _fits(article, parts, (place, row), notes, is_kit=(article.sku, article.supplier) not in unitless):
            parts.append(article)
    return [article for parts in offers.values() for article in parts]


def _fits(article: ArticleNew, parts: list[ArticleNew], where: Row, notes: Notes, *, is_kit: bool) -> bool:
    """Whether a row is the first of its supplier for an article, or another part of a kit."""
    place, row = where
    if not parts:
        return True
    if not is_kit or article.supplier_sku in {part.supplier_sku for part in parts}:
        hint = "Keep one of the lines; of a kit, each line has its own supplier_sku and says its `units`."
        notes.wrong(place, f"{article.sku} of {row['supplier']} is given twice.", hint)
        return False
    if article.currency != parts[0].currency:
        said = f"Parts of {article.sku} cost {article.currency} and {parts[0].currency}."
        notes.wrong(place, said, "All parts of a kit have one currency.")
        return False
    return True


def _article(
    row: dict[str, str], place: Place, suppliers: Mapping[str, str], notes: Notes
) -> ArticleNew | None:
    before = len(notes.problems)
    if not row["sku"]:
        notes.wrong(place, "This line has no sku.")
    if row["supplier"] not in suppliers:
        hint = did_you_mean(row["supplier"], suppliers)
        notes.wrong(place, f'There is no supplier "{row["supplier"]}".', hint)
    if not _AMOUNT.fullmatch(row["unit_cost"]):
        notes.wrong(place, f'unit_cost "{row["unit_cost"][:20]}" is no amount.', "Write it like 4.50.")
    if not re.fullmatch(r"[A-Z]{3}", row["currency"]):
        notes.wrong(
            place, f'"{row["currency"][:20]}" is no currency.', "Write its ISO 4217 code, such as USD."
        )
    if row["units"] and not _UNITS.fullmatch(row["units"]):
        notes.wrong(place, f'units "{row["units"][:20]}" is no whole number.', "Write how many make one: 6.")
    if len(notes.problems) > before:
        return None
    return ArticleNew(
        sku=row["sku"],
        supplier=suppliers[row["supplier"]],
        supplier_sku=row["supplier_sku"] or row["sku"],
        unit_cost=Decimal(row["unit_cost"]),
        currency=row["currency"],
        units=int(row["units"] or 1),
    )
