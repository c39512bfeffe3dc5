"""Reading a purchase file that we wrote ourselves: what went out, as it was before anything was made harmless."""

from collections.abc import Iterator

from hub.fulfilment.feeds.faults import DoesNotFit
from hub.fulfilment.feeds.rows import Dialect, rows_of
from hub.sdk.purchase_files import ExportProfile, OrderField
from hub.sdk.spreadsheets import restored


def read_back(data: bytes, profile: ExportProfile) -> Iterator[dict[OrderField, str]]:
    """The rows of a file that was written under this profile."""
    rows = rows_of(data, Dialect(profile.encoding, profile.delimiter))
    names = tuple(column.name for column in profile.columns)
    if profile.has_header and (header := next(rows, None)) is not None and header.cells != names:
        raise DoesNotFit("Line 1 is not the header that the profile writes.")
    for row in rows:
        if row.fault or len(row.cells) != len(names):
            raise DoesNotFit(f"Line {row.line} is no row of this profile. {row.fault}".strip())
        cells = map(restored, row.cells) if profile.neutralise else row.cells
        yield {column.holds: cell for column, cell in zip(profile.columns, cells, strict=True)}
