"""`faros exceptions`: what may go wrong with an order, and what the flows do about it."""

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.folder import catalog_for, flow_files
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_problems, show_table
from hub.engine.figures import Figures
from hub.flow.graph import Graph
from hub.project.exceptions import Entry, faults, table
from hub.project.flows import read_flows
from hub.project.resting import document, rests, unbounded

group = typer.Typer(help="See what may go wrong with an order, and what is done about it.")


@group.callback(invoke_without_command=True)
def show(ctx: typer.Context, folder: Folder = HERE, json: Json = None) -> None:
    """Each kind of exception: how it is noticed, what is done, when a person is asked, and by when it ends."""
    if ctx.invoked_subcommand is not None:
        return
    entries = _entries(folder)
    if not as_json([_plain(entry) for entry in entries], json):
        columns = ("type", "detection", "automatic action", "manual escalation trigger", "SLA", "flow")
        rows = [_cells(entry) for entry in entries]
        show_table(columns, rows, "No flow says under `exceptions:` what it answers.")


@group.command()
def lint(folder: Folder = HERE, json: Json = None) -> None:
    """Whether what goes wrong in every shop is answered, and by whom."""
    entries = _entries(folder)
    found = faults(entries)
    if not as_json(found, json):
        for fault in found:
            said(fault)
    if found:
        fail(f"{len(found)} {'thing is' if len(found) == 1 else 'things are'} missing.")
    said(f"{len(entries)} kinds of exception have a trigger, an action, an escalation, an owner and a time.")


@group.command(name="rests")
def show_rests(
    folder: Folder = HERE,
    json: Json = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="As the page flows/STATES.md.")] = False,
) -> None:
    """Where an order may rest: what for, whose turn it is, and by when at the latest."""
    graphs = _graphs(folder)
    if markdown:
        typer.echo(document(graphs, Figures()), nl=False)
        return
    found = rests(graphs)
    if not as_json([dataclasses.asdict(rest) for rest in found], json):
        columns = ("flow", "step", "state", "whose turn", "by when")
        cells = [(r.flow, r.step, r.what, r.owner, r.until) for r in found]
        show_table(columns, cells, "Nothing rests in these flows.")
    if left := unbounded(found):
        fail(f"{', '.join(f'{r.flow}/{r.step}' for r in left)}: nobody's turn, or no time.")


def _entries(folder: Path) -> list[Entry]:
    return table(_graphs(folder))


def _graphs(folder: Path) -> list[Graph]:
    files = read_flows(flow_files(folder), catalog_for(folder))
    wrong = [problem for file in files for problem in file.problems if not problem.is_warning]
    if wrong:
        show_problems(wrong)
        fail("Flows with mistakes answer nothing.")
    return [file.graph for file in files if file.graph is not None]


def _cells(entry: Entry) -> tuple[str, ...]:
    book = entry.playbook
    return (entry.name, book.detection, book.action, book.escalation, book.sla, entry.flow)


def _plain(entry: Entry) -> dict[str, Any]:
    found = dataclasses.asdict(entry)
    return {**found.pop("playbook"), **found}


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="exceptions")
