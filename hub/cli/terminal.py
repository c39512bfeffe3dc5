"""How commands speak: answers on stdout, everything else on stderr; one sentence for each expected failure."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hub.flow.reader import Mistakes, Problem
from hub.sdk import HubError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Folder = Annotated[Path, typer.Option("--dir", help="The project's folder, with hub.yaml.")]
Json = Annotated[
    str | None,
    typer.Option("--json", metavar="[PATH]", help="As JSON: into a file, or printed if none is named."),
]
HERE = Path()


def fail(message: str, remedy: str = "") -> NoReturn:
    """Say what is wrong and what to do about it, and end with 1."""
    err.print(Text(message, style="red"), soft_wrap=True)
    if remedy:
        err.print(Text(remedy), soft_wrap=True)
    raise typer.Exit(1)


def sentence(error: BaseException) -> str | None:
    """An expected failure in words; None for what nobody expected."""
    if isinstance(error, ValidationError):
        names = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        return f"These settings in the environment are not valid: {names}."
    if isinstance(error, (HubError, Mistakes)):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}{f': {error.filename}' if error.filename else ''}."
    if type(error).__module__.startswith("asyncpg"):
        return f"PostgreSQL cannot be used ({type(error).__name__}). Check DATABASE_URL."
    return None


def show_problems(problems: Iterable[Problem]) -> None:
    """Mistakes and warnings, each with its place, its excerpt and its remedy."""
    for problem in problems:
        first, *rest = str(problem).splitlines()
        style = "yellow" if problem.is_warning else "red"
        err.print(Text.assemble((first, "bold"), "  warning" if problem.is_warning else ""), soft_wrap=True)
        for line in rest:
            err.print(Text(line, style=style if line is rest[-1] else "dim"), soft_wrap=True)


def as_json(answer: Any, wanted: str | None) -> bool:
    """Give the answer as JSON if that was asked for; whether it was."""
    if wanted is None:
        return False
    text = json.dumps(answer, indent=2, default=str, ensure_ascii=False)
    if wanted == "-":
        typer.echo(text)
    else:
        Path(wanted).write_text(text + "\n", encoding="utf-8")
    return True


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], nothing: str) -> None:
    """Rows as a table, or a sentence if there are none."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    if table.row_count:
        out.print(table)
    else:
        out.print(nothing)


def said(message: str) -> None:
    """A word to the person; never part of a command's answer."""
    err.print(Text(message), soft_wrap=True)
