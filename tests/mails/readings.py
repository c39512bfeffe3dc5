"""The mails of this folder with what a person finds in them.

`corpus` are mails about parcels and stock, `others` are mails that are not, or not yet. `second`, `third`, `fourth`,
`fifth` and `sixth` (everyday ones) were written after the reader was done, and read once before it was mended. All
names and numbers are invented. A table's columns: orders are set apart by spaces, numbers are `number:carrier` with
`?` for none, pairs are `order=number`.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hub.fulfilment.mails.reading import MailReading, read_mail

HERE = Path(__file__).parent
SETS = ("corpus", "others", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Expected:
    """What a person finds in a mail."""

    folder: str
    name: str
    kind: str
    orders: frozenset[str]
    numbers: frozenset[tuple[str, str]]
    pairs: frozenset[tuple[str, str]]

    @property
    def raw(self) -> bytes:
        return (HERE / self.folder / f"{self.name}.eml").read_bytes()

    @property
    def names_a_parcel(self) -> bool:
        return bool(self.numbers) and self.folder != "others"


def expected(folder: str) -> list[Expected]:
    """A folder's table."""
    with (HERE / f"{folder}.tsv").open(newline="", encoding="utf-8") as lines:
        return [
            Expected(
                folder=folder,
                name=row["file"],
                kind=row["kind"],
                orders=frozenset(row["orders"].split()),
                numbers=frozenset(_pair(one, ":") for one in row["numbers"].split()),
                pairs=frozenset(_pair(one, "=") for one in row["pairs"].split()),
            )
            for row in csv.DictReader(lines, delimiter="\t")
        ]


def _pair(text: str, mark: str) -> tuple[str, str]:
    left, _, right = text.partition(mark)
    return left, right


EVERY = [one for folder in SETS for one in expected(folder)]


@cache
def reading_of(one: Expected) -> MailReading:
    return read_mail(one.raw)


def found_numbers(reading: MailReading) -> frozenset[tuple[str, str]]:
    return frozenset((one.number, one.carrier or "?") for one in reading.tracking_numbers)
