"""`faros flow lint`: stricter than `check`, about what is left to chance."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.folder import catalog_for, flow_files
from hub.cli.terminal import HERE, Json, as_json, fail, said, show_problems
from hub.flow.reader import Mistakes, Problem
from hub.project.lint import Linted, lint_flows, lint_project
from hub.project.project import FILE


def lint(
    path: Annotated[Path, typer.Argument(help="A flow file, or a folder; this one if none is named.")] = HERE,
    json: Json = None,
) -> None:
    """What may be published and should not be: no way to fail, articles that nobody assigns, stock told in batches."""
    linted = _linted(path)
    wrong = [problem for problem in linted.problems if not problem.is_warning]
    overlap = {overlap.store: dataclasses.asdict(overlap) for overlap in linted.overlaps}
    if not as_json({"problems": [_plain(p) for p in linted.problems], "overlap": overlap}, json):
        show_problems(linted.problems)
        for found in linted.overlaps:
            said(f"Store {found.store}: overlap={found.articles}.")
    if wrong:
        fail(f"{len(wrong)} mistake{'s' if len(wrong) != 1 else ''}.")
    doubts = len(linted.problems)
    said("Nothing is left to chance." if not doubts else f"{doubts} warning{'s' if doubts != 1 else ''}.")


def _linted(path: Path) -> Linted:
    if path.is_file():
        return Linted(lint_flows([path], catalog_for(path.parent.parent)), [])
    if not path.exists():
        fail(f"There is no {path}.", "Name a flow file, or a folder with hub.yaml or flows in it.")
    if not (path / FILE).exists():
        return Linted(lint_flows(flow_files(path), catalog_for(path)), [])
    try:
        return lint_project(path, catalog_for(path))
    except Mistakes as mistakes:
        return Linted(mistakes.problems, [])


def _plain(problem: Problem) -> dict[str, Any]:
    found = dataclasses.asdict(problem)
    return {**found.pop("place"), **found}
