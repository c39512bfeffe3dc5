"""The substitutes: a CSV of what may be sent in place of an article that cannot be had, best first."""

from collections.abc import Collection
from pathlib import Path

from hub.flow.noting import Notes, did_you_mean
from hub.flow.reader import Place
from hub.project.table import read_table
from hub.store.configuration import SubstituteNew

COLUMNS = ("sku", "substitute_sku", "kind")
KINDS = ("equal", "similar")


def read_substitutes(path: Path, skus: Collection[str] | None, notes: Notes) -> list[SubstituteNew]:
    """The rows, in their order. `skus`: those of the SKU map, which alone can be bought; None where it has mistakes."""
    found: dict[tuple[str, str], SubstituteNew] = {}
    for place, row in read_table(path, "The list of substitutes", COLUMNS, notes, optional=("note",)):
        substitute = _substitute(row, place, skus, notes)
        if substitute is None:
            continue
        if (key := (substitute.sku, substitute.substitute_sku)) in found:
            notes.wrong(place, f"{key[1]} in place of {key[0]} is given twice.", "Keep one of the lines.")
        found.setdefault(key, substitute)
    return list(found.values())


def _substitute(
    row: dict[str, str], place: Place, skus: Collection[str] | None, notes: Notes
) -> SubstituteNew | None:
    before = len(notes.problems)
    for column in ("sku", "substitute_sku"):
        if not row[column]:
            notes.wrong(place, f"This line has no {column}.")
        elif skus is not None and row[column] not in skus:
            hint = did_you_mean(row[column], skus)
            notes.wrong(place, f'The SKU map has no article "{row[column][:60]}".', hint)
    if row["kind"] not in KINDS:
        hint = did_you_mean(row["kind"], KINDS)
        notes.wrong(place, f'"{row["kind"][:20]}" is no kind of substitute.', hint)
    if row["sku"] and row["sku"] == row["substitute_sku"]:
        notes.wrong(place, f"{row['sku']} cannot take its own place.", "Name another article.")
    if len(notes.problems) > before:
        return None
    return SubstituteNew(row["sku"], row["substitute_sku"], row["kind"], row["note"])
