"""A CSV file beside hub.yaml: its rows, each with its line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from hub.flow.noting import Notes
from hub.flow.reader import Place

Row = tuple[Place, dict[str, str]]


def read_table(
    path: Path, noun: str, columns: tuple[str, ...], notes: Notes, optional: tuple[str, ...] = ()
) -> list[Row]:
    """The rows, trimmed; an `optional` column that is not there is empty. What cannot be read is noted."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        notes.wrong(Place(str(path), 1, 1), f"{noun} cannot be read: {error.strerror}.")
        return []
    except UnicodeDecodeError:
        notes.wrong(Place(str(path), 1, 1), f"{noun} is not UTF-8.", "Save it as CSV UTF-8.")
        return []
    reader = csv.DictReader(text.splitlines(), strict=False)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        hint = f"The first line is: {','.join((*columns, *optional))}"
        notes.wrong(Place(str(path), 1, 1), f"{noun} has no column {', '.join(missing)}.", hint)
        return []
    return list(_rows(reader, str(path), (*columns, *optional)))


def _rows(reader: "csv.DictReader[str]", path: str, columns: tuple[str, ...]) -> Iterator[Row]:
    for row in reader:
        yield Place(path, reader.line_num, 1), {c: (row.get(c) or "").strip() for c in columns}
