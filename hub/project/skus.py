"""The SKU map: a CSV of which supplier sells a store's article, under what name, at what cost."""

import csv
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Place
from hub.store.configuration import ArticleNew

COLUMNS = ("sku", "supplier", "supplier_sku", "unit_cost", "currency")
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


def read_skus(path: Path, suppliers: Mapping[str, str], notes: Notes) -> list[ArticleNew]:
    """The map's rows. `suppliers`: name in hub.yaml to connection. An empty `supplier_sku` is the store's own."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        notes.wrong(Place(str(path), 1, 1), f"The SKU map cannot be read: {error.strerror}.")
        return []
    except UnicodeDecodeError:
        notes.wrong(Place(str(path), 1, 1), "The SKU map is not UTF-8.", "Save it as CSV UTF-8.")
        return []
    rows = csv.DictReader(text.splitlines(), strict=False)
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        hint = f"The first line is: {','.join(COLUMNS)}"
        notes.wrong(Place(str(path), 1, 1), f"The SKU map has no column {', '.join(missing)}.", hint)
        return []
    found: dict[tuple[str, str], ArticleNew] = {}
    for place, row in _rows(rows, str(path)):
        article = _article(row, place, suppliers, notes)
        if article is not None and (article.sku, article.supplier) in found:
            notes.wrong(
                place, f"{article.sku} of {row['supplier']} is given twice.", "Keep one of the lines."
            )
        elif article is not None:
            found[(article.sku, article.supplier)] = article
    return list(found.values())


def _rows(reader: "csv.DictReader[str]", path: str) -> Iterator[tuple[Place, dict[str, str]]]:
    for row in reader:
        yield Place(path, reader.line_num, 1), {c: (row.get(c) or "").strip() for c in COLUMNS}


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
