"""`faros flow`: checking, drawing and listing flows."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.catalog.catalog import Catalog
from hub.cli.flow_graph import graph
from hub.cli.flow_lint import lint
from hub.cli.flow_simulate import simulate
from hub.cli.flow_unused import unused
from hub.cli.folder import catalog_for, flow_files
from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_problems, show_table
from hub.flow import schema as flow_schema
from hub.flow.noting import Notes
from hub.flow.reader import Mistakes, Problem
from hub.project.flows import find, note_doubles, read_flows
from hub.project.project import FILE, load

group = typer.Typer(no_args_is_help=True, help="Check, draw and list flows.")


@group.command()
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Flow files, or folders; this one if none is named.")
    ] = None,
    json: Json = None,
) -> None:
    """Everything that is wrong, all at once; a folder with a hub.yaml is checked whole."""
    named = list(paths or [HERE])
    problems = [problem for path in named if not path.is_file() for problem in _of_folder(path)]
    files = [path for path in named if path.is_file()]
    for folder in dict.fromkeys(path.parent for path in files):
        problems += _of_files([path for path in files if path.parent == folder], catalog_for(folder.parent))
    wrong = [problem for problem in problems if not problem.is_warning]
    if not as_json([_plain(problem) for problem in problems], json):
        show_problems(problems)
    if wrong:
        fail(f"{len(wrong)} mistake{'s' if len(wrong) != 1 else ''}.")
    said("No mistakes.")


def _of_folder(path: Path) -> list[Problem]:
    if not path.exists():
        fail(f"There is no {path}.", "Name a flow file, or a folder with hub.yaml or flows in it.")
    if (path / FILE).exists():
        try:
            return list(load(path, catalog_for(path)).warnings)
        except Mistakes as mistakes:
            return mistakes.problems
    return _of_files(flow_files(path), catalog_for(path))


def _of_files(files: list[Path], catalog: Catalog) -> list[Problem]:
    """What is wrong with these; those beside them are read too, for they may be what a `run:` means."""
    notes = Notes()
    found = [file for file in read_flows(_with_neighbours(files), catalog) if Path(file.path) in files]
    note_doubles(found, notes)
    return [*(problem for file in found for problem in file.problems), *notes.problems]


def _with_neighbours(files: list[Path]) -> list[Path]:
    folders = dict.fromkeys(path.parent for path in files)
    beside = [path for folder in folders for path in find(folder) if path.parent == folder]
    return [*beside, *(path for path in files if path not in beside)]


def _plain(problem: Problem) -> dict[str, Any]:
    found = dataclasses.asdict(problem)
    return {**found.pop("place"), **found}


@group.command()
def schema(json: Json = None) -> None:
    """The format of flow files as JSON Schema, for editors."""
    as_json(flow_schema.schema(), json or "-")


@group.command("list")
def list_flows(folder: Folder = HERE, json: Json = None) -> None:
    """The flows that are in force."""

    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask("GET", "/flows")

    found = asyncio.run(ask())
    if not as_json(found, json):
        rows = found["items"] if isinstance(found, dict) else found
        columns = ("store", "flow", "version", "is_active", "open_runs")
        shown = [[row.get(c, row.get("number")) for c in columns] for row in rows]
        show_table(columns, shown, "No flow is published yet; `faros apply` does it.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group.command()(lint)
    group.command()(graph)
    group.command()(simulate)
    group.command()(unused)
    app.add_typer(group, name="flow")
