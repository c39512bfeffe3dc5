"""`faros doctor`: what is wrong with this installation, and what to do about it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import typer

from hub.assembly import Hub
from hub.cli.folder import catalog_for, settings_of
from hub.cli.opening import opened
from hub.cli.terminal import HERE, Folder, Json, as_json, sentence, show_table
from hub.flow.reader import Mistakes
from hub.project.project import FILE, load
from hub.store.health import limbo, living_workers
from hub.store.migrating import head


@dataclass(frozen=True, slots=True)
class Finding:
    """One look at one thing."""

    what: str
    is_well: bool
    told: str


def doctor(folder: Folder = HERE, json: Json = None) -> None:
    """Look at plugins, project, database, connections and runs; ends with 1 if anything is wrong."""
    found = asyncio.run(_examine(folder))
    if not as_json([{"what": f.what, "well": f.is_well, "told": f.told} for f in found], json):
        show_table(("", "what", ""), [["ok" if f.is_well else "NO", f.what, f.told] for f in found], "")
    if not all(f.is_well for f in found):
        raise typer.Exit(1)


async def _examine(folder: Path) -> list[Finding]:
    found = [*_plugins(folder), _project(folder)]
    try:
        async with opened(folder) as hub:
            found += await _hub(hub)
    except Exception as error:
        told = sentence(error)
        if told is None:
            raise
        found.append(Finding("database", False, told))
    return found


def _plugins(folder: Path) -> Iterator[Finding]:
    installed = catalog_for(folder).installed
    yield Finding(
        "plugins", True, f"{len(installed.connectors)} connectors: {', '.join(sorted(installed.connectors))}."
    )
    for broken in installed.broken:
        yield Finding(f"plugin {broken.name}", False, f"{broken.reason} (of {broken.distribution})")


def _project(folder: Path) -> Finding:
    try:
        project = load(folder, catalog_for(folder))
    except Mistakes as mistakes:
        wrong = [p for p in mistakes.problems if not p.is_warning]
        first = str(wrong[0].message)
        return Finding(
            FILE, False, f"{len(wrong)} mistakes, the first: {first} `faros flow check` shows all."
        )
    return Finding(FILE, True, f"{len(project.connections)} connections, {len(project.flows)} flows.")


async def _hub(hub: Hub) -> list[Finding]:
    settings = settings_of(HERE)
    mine = "the hub's own" if settings.database_url is None else "DATABASE_URL's"
    found = [
        Finding("database", True, f"PostgreSQL is {mine}, keeps what it commits, and its schema is {head()}.")
    ]
    async with hub.database.connection() as connection:
        lost, workers = await limbo(connection), await living_workers(connection)
    said = (
        f"{len(lost)} runs that nothing will ever move, such as {lost[0]}; report this."
        if lost
        else "None is lost."
    )
    found.append(Finding("runs", not lost, said))
    found.append(
        Finding(
            "workers", True, f"{workers} alive." if workers else "None is running; `faros up` starts them."
        )
    )
    for id, link in sorted(hub.world.links.items()):
        found.append(Finding(f"connection {id}", True, "paused" if link.paused else f"open, {link.mode}"))
    found += [Finding(f"connection {id}", False, why) for id, why in sorted(hub.source.broken.items())]
    return found


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(doctor)
