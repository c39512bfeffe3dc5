"""The SKU map: a CSV of which supplier sells a store's article, under what name, at what cost."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Place
from hub.project.table import read_table
from hub.store.configuration import ArticleNew

COLUMNS = ("sku", "supplier", "supplier_sku", "unit_cost", "currency")
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


def read_skus(path: Path, suppliers: Mapping[str, str], notes: Notes) -> list[ArticleNew]:
    """The map's rows. `suppliers`: name in hub.yaml to connection. An empty `supplier_sku` is the store's own."""
    found: dict[tuple[str, str], ArticleNew] = {}
    for place, row in read_table(path, "The SKU map", COLUMNS, notes):
        article = _article(row, place, suppliers, notes)
        if article is not None and (article.sku, article.supplier) in found:
            notes.wrong(
                place, f"{article.sku} of {row['supplier']} is given twice.", "Keep one of the lines."
            )
        elif article is not None:
            found[(article.sku, article.supplier)] = article
    return list(found.values())


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
    if len(notes.problems) > before:
        return None
    cost = Decimal(row["unit_cost"])
    name = row["supplier_sku"] or row["sku"]
    return ArticleNew(row["sku"], suppliers[row["supplier"]], name, cost, row["currency"])
