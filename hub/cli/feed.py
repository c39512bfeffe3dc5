"""`faros csv`: try a supplier's file without a hub running."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.terminal import Json, as_json, fail, out, said, show_table
from hub.fulfilment.feeds.faults import DoesNotFit
from hub.fulfilment.feeds.profile import Profile
from hub.fulfilment.feeds.reading import Reading, read
from hub.fulfilment.feeds.rows import MAX_BYTES
from hub.fulfilment.feeds.sniffing import Sniffed, sniff

group = typer.Typer(no_args_is_help=True, help="Try a supplier's CSV file.")
_SHOWN = 20


@group.callback()
def _csv() -> None:
    """A group even while it has one command."""


@group.command("read")
def read_file(
    file: Annotated[Path, typer.Argument(help="A stock list, acknowledgements or tracking, as it came.")],
    profile: Annotated[
        Path | None, typer.Option("--profile", help="A confirmed profile; then nothing is guessed.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", help="Where to write the proposed profile, to be confirmed.")
    ] = None,
    json: Json = None,
) -> None:
    """What the file seems to be, what its columns mean, and which rows cannot be taken and why."""
    if not file.is_file():
        fail(f"There is no file {file}.")
    if file.stat().st_size > MAX_BYTES:
        fail(f"{file} has {file.stat().st_size:,} bytes; at most {MAX_BYTES:,} are read.")
    data = file.read_bytes()
    sniffed = _confirmed(profile) if profile else sniff(data)
    reading = read(data, sniffed.profile, is_proposal=profile is None)
    if save:
        save.write_text(sniffed.profile.as_yaml(), encoding="utf-8")
        said(f"The proposal is in {save}. Answer what is asked, then read with --profile {save}.")
    if not as_json(_plain(sniffed, reading), json):
        _show(sniffed, reading)


def _confirmed(path: Path) -> Sniffed:
    if not path.is_file():
        fail(f"There is no file {path}.")
    found = Profile.from_yaml(path.read_text(encoding="utf-8"))
    if found.kind is None:
        raise DoesNotFit("The profile does not say of which kind the file is.")
    return Sniffed(found, (), 0)


def _plain(sniffed: Sniffed, reading: Reading) -> dict[str, Any]:
    found = sniffed.profile
    return {
        "kind": found.kind,
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "decimal_mark": found.decimal_mark,
        "date_format": found.date_format,
        "currency": found.currency,
        "header_line": sniffed.header_line or None,
        "columns": [{"name": column.name, "meaning": column.meaning} for column in found.columns],
        "rows": {"total": reading.total, "accepted": reading.accepted, "rejected": reading.refused},
        "rejected": [{"line": row.line, "reason": row.reason} for row in reading.rejected],
        "questions": [question.model_dump() for question in sniffed.questions],
    }


def _show(sniffed: Sniffed, reading: Reading) -> None:
    found = sniffed.profile
    delimiter = {None: "none", "\t": "tab"}.get(found.delimiter, found.delimiter)
    out.print(f"{found.kind or 'unknown kind'}  {found.encoding}  delimiter {delimiter}", markup=False)
    formats = [f"decimal mark {found.decimal_mark or 'not shown'}"]
    formats += [f"dates {found.date_format}"] if found.date_format else []
    formats += [f"currency {found.currency}"] if found.currency else []
    out.print("  ".join(formats), markup=False)
    out.print()
    show_table(("column", "meaning"), [[c.name, c.meaning or ""] for c in found.columns], "No columns.")
    out.print()
    out.print(f"{reading.total} rows, {reading.accepted} taken, {reading.refused} rejected")
    if reading.rejected:
        rows = [[row.line, row.reason] for row in reading.rejected[:_SHOWN]]
        show_table(("line", "why"), rows, "")
        if reading.refused > _SHOWN:
            out.print(f"and {reading.refused - _SHOWN} more; --json lists them")
    for question in sniffed.questions:
        said(f"To be confirmed: {question.text}")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="csv")
