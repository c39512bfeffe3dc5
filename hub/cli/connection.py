"""`faros connection`: what the hub is connected with, and whether it works."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from hub.cli.folder import settings_of
from hub.cli.opening import desk, opened
from hub.cli.publishing import who
from hub.cli.switch import Kind, NoSuch, switch
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_table
from hub.flow.noting import did_you_mean
from hub.store import audit
from hub.store.switches import connection_rows
from hub.store.switches import go_live as put_live_from

group = typer.Typer(no_args_is_help=True, help="List, try, pause and start connections.")
Name = Annotated[str, typer.Argument(help="The connection's name in hub.yaml.")]


@group.command("list")
def list_connections(folder: Folder = HERE, json: Json = None) -> None:
    """Every connection, and whether it is open."""

    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask("GET", "/connections")

    found = asyncio.run(ask())
    if not as_json(found, json):
        rows = [[c["id"], c["store"], c["connector"], c["mode"], _state(c)] for c in found]
        nothing = "No connection is published yet; `faros apply` does it."
        show_table(("connection", "store", "connector", "mode", "state"), rows, nothing)


def _state(shown: dict[str, Any]) -> str:
    if shown["paused_at"]:
        return f"paused: {shown['paused_why']}"
    if shown["is_store_paused"]:
        return "paused with its store"
    return "open" if shown["is_open"] else f"not open: {shown['broken']}"


@group.command("test")
def test_connection(name: Name, folder: Folder = HERE) -> None:
    """Ask the other side something harmless, with the settings in force."""

    async def ask() -> Any:
        async with desk(folder) as api:
            shown = await api.ask("GET", f"/connections/{name}")
            if (
                shown["mode"] == "sandbox"
                and not shown["base_url"]
                and settings_of(folder).sandbox_url is None
            ):
                fail(f"The double of {name} is not running.", "`faros up` runs it; try again beside that.")
            return await api.ask("POST", f"/connections/{name}/check")

    found = asyncio.run(ask())
    if not found["works"]:
        fail(f"{name} does not work: {found['said']}", "Mend its settings in hub.yaml, then `faros apply`.")
    said(found["said"])


@group.command("look")
def look(name: Name, folder: Folder = HERE, json: Json = None) -> None:
    """Ask the other side now for what is polled: an order whose webhook got lost need not wait for its turn."""

    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask("POST", f"/connections/{name}/look")

    found = asyncio.run(ask())
    if not as_json(found, json):
        polls = ", ".join(found["polls"])
        said(f"{name} is asked for {polls}." if polls else f"{name} is never asked: it tells by itself.")


@group.command("pause")
def pause_connection(
    name: Name, why: Annotated[str, typer.Option("--why")] = "Paused by hand.", folder: Folder = HERE
) -> None:
    """Let no effect leave on it; what arrives is still taken."""
    switch(folder, Kind.connection, name, why)
    said(f"{name} is paused.")


@group.command("resume")
def resume_connection(name: Name, folder: Folder = HERE) -> None:
    """Let effects leave again."""
    switch(folder, Kind.connection, name, None)
    said(f"{name} is open again.")


@group.command("go-live")
def go_live(
    name: Name,
    since: Annotated[str, typer.Option("--from", metavar="MOMENT", help="Such as 2026-12-01T09:00+01:00.")],
    folder: Folder = HERE,
) -> None:
    """Let the hub act on what happens from a moment on; what happened before is left alone."""
    moment = read_moment(since)

    async def work() -> None:
        async with opened(folder) as hub, hub.database.transaction() as connection:
            now, rows = hub.clock.now(), await connection_rows(connection)
            if not await put_live_from(connection, name, moment, who(), now):
                raise NoSuch(f"There is no connection {name!r}. {did_you_mean(name, rows)}")
            detail = {"connection": name, "from": moment.isoformat()}
            await audit.note(connection, who(), "connection goes live", detail, now, rows[name]["store_id"])

    asyncio.run(work())
    said(f"{name} acts on what happens from {moment.isoformat()} on.")


def read_moment(text: str) -> datetime:
    """A moment with its zone: the same words mean another time elsewhere."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no moment.", "Write it like 2026-12-01T09:00+01:00.")
    if found.tzinfo is None:
        fail(f"{text!r} does not say in which zone.", f"Write it like {text}+00:00.")
    return found.astimezone(UTC)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="connection")
