"""`faros connector`: what is installed, whether it keeps its promises, and a package to begin a new one."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.assembly import catalog_of
from hub.catalog.automation import TASKS, automation_of
from hub.catalog.scorecard import scorecard
from hub.cli import scaffold
from hub.cli.connector_show import show
from hub.cli.terminal import Json, as_json, err, fail, out, said, show_table
from hub.sdk import Connector
from hub.sdk.testing import standard

group = typer.Typer(no_args_is_help=True, help="List, check and begin connectors.")


@group.command("list")
def list_connectors(json: Json = None) -> None:
    """The installed connectors with their scores, and plugins that could not be loaded."""
    installed = catalog_of().installed
    found = [
        _listed(connector, installed.origin[name]) for name, connector in sorted(installed.connectors.items())
    ]
    if not as_json(found, json):
        rows = [
            [
                c["name"],
                c["title"],
                ", ".join(c["capabilities"]),
                c["integration_depth"],
                c["score"],
                c["from"],
            ]
            for c in found
        ]
        columns = ("connector", "title", "can be", "depth", "score", "from")
        show_table(columns, rows, "No connector is installed.")
    for broken in installed.broken:
        said(f"Not loaded: {broken.name} of {broken.distribution}: {broken.reason}")


def _listed(connector: type[Connector[Any]], origin: str) -> dict[str, Any]:
    card = scorecard(connector)
    return {
        "name": connector.name,
        "title": connector.title,
        "capabilities": [c.name for c in connector.capabilities],
        "integration_depth": card.integration_depth,
        "score": card.score,
        "score_of": {"depth": card.depth, "by_itself": card.by_itself, "repeats": card.repeats},
        "from": origin,
    }


@group.command()
def levels(json: Json = None) -> None:
    """What each way to speak with suppliers does by itself, and what it leaves to people."""
    installed = catalog_of().installed.connectors
    found = sorted(
        (a for c in installed.values() if (a := automation_of(c)) is not None),
        key=lambda a: (a.level, a.connector),
    )
    shown = [
        {
            "level": a.level,
            "connector": a.connector,
            **a.tasks,
            "handoffs": a.handoffs,
            "score": scorecard(installed[a.connector]).score,
            "title": a.title,
        }
        for a in found
    ]
    if not as_json(shown, json):
        rows = [[a["level"], a["connector"], *(a[task] for task in TASKS), a["score"]] for a in shown]
        show_table(("level", "connector", *TASKS, "score"), rows, "No supplier's connector is installed.")
        out.print()
        for task, meaning in TASKS.items():
            out.print(f"{task}: {meaning[0].lower()}{meaning[1:]}")


@group.command()
def check(name: Annotated[str, typer.Argument(help="The connector's name.")], json: Json = None) -> None:
    """Hold a connector to the standard tests, before its own double."""
    connector = catalog_of().connector(name)
    with err.status(f"Holding {name} to {len(standard.RULES)} rules ..."):
        found = asyncio.run(_findings(connector))
    rows = [(promise, f.rule, f.verdict, f.detail) for promise, findings in found.items() for f in findings]
    columns = ("double", "rule", "verdict", "detail")
    if not as_json([dict(zip(columns, row, strict=True)) for row in rows], json):
        show_table(columns, rows, "There are no rules.")
    broken = [row for row in rows if row[2] == "broken"]
    if broken:
        fail(f"{name} breaks {len(broken)} of them.", "connectors/README.md has a paragraph on each rule.")


async def _findings(connector: type[Connector[Any]]) -> dict[str, list[standard.Finding]]:
    return await standard.check_all(connector)


@group.command()
def new(
    name: Annotated[str, typer.Argument(help="The package's name, such as faros-globex.")],
    into: Annotated[
        Path | None, typer.Option("--into", help="A new folder; by default the package's name.")
    ] = None,
) -> None:
    """Write a package with a small connector that passes the standard tests; make it speak to your service."""
    folder = into or Path(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        fail(f"{folder} is not empty.", "Name a new folder by --into.")
    module = scaffold.write(name, folder)
    said(
        f"Wrote {folder}. Next: `pip install -e {folder}`, `pytest {folder}`, `faros connector check {module}`."
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group.command()(show)
    app.add_typer(group, name="connector")
