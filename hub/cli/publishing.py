"""`faros apply`: check a project and put it in force, in one transaction."""

import asyncio
import getpass
from pathlib import Path

import typer

from hub.assembly import Hub
from hub.catalog.catalog import Catalog
from hub.cli.folder import catalog_for
from hub.cli.opening import opened
from hub.cli.terminal import HERE, Folder, fail, said, show_problems
from hub.engine.publishing import Published, publish
from hub.flow.reader import Mistakes
from hub.project.project import Project, load


def apply(folder: Folder = HERE) -> None:
    """Check hub.yaml and the flows, and publish both. Nothing is published unless all of it is right."""
    project = read_project(folder, catalog_for(folder))

    async def work() -> None:
        async with opened(folder) as hub:
            done = await put_in_force(hub, project)
            for store, flow, number in done.versions:
                said(f"{store}: {flow} is now version {number}.")
            if not done.versions:
                said("No flow has changed.")
            if hub.source.broken:
                fail(
                    "\n".join(f"Connection {id} is not open: {why}" for id, why in hub.source.broken.items())
                )

    asyncio.run(work())


def read_project(folder: Path, catalog: Catalog) -> Project:
    """The project; with a mistake in it, all mistakes are shown and the command ends."""
    try:
        project = load(folder, catalog)
    except Mistakes as mistakes:
        show_problems(mistakes.problems)
        wrong = len([p for p in mistakes.problems if not p.is_warning])
        fail(f"{wrong} mistake{'s' if wrong != 1 else ''}; nothing was published.")
    show_problems(project.warnings)
    return project


async def put_in_force(hub: Hub, project: Project) -> Published:
    """Publish, and let this process use it."""
    async with hub.database.transaction() as connection:
        done = await publish(connection, project.publication(), who(), hub.clock.now())
    await hub.refresh()
    return done


def who() -> str:
    """Who types, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "command line"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(apply)
