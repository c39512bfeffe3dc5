"""`faros run`: the runs on their way."""

import asyncio
from typing import Annotated, Any

import typer

from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, show_table

group = typer.Typer(no_args_is_help=True, help="See the runs.")


@group.command("list")
def list_runs(
    everything: Annotated[bool, typer.Option("--all", help="Those that have ended, too.")] = False,
    flow: Annotated[str | None, typer.Option("--flow")] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Runs, newest first."""

    async def ask() -> Any:
        asked = {**({} if everything else {"state": "open"}), **({"flow": flow} if flow else {})}
        async with desk(folder) as api:
            return await api.ask("GET", "/runs", params=asked)

    found = asyncio.run(ask())
    if not as_json(found["items"], json):
        rows = [
            [r["id"], r["flow"], r["subject"], r["started_at"], r["end_reason"] or r["ended_at"]]
            for r in found["items"]
        ]
        show_table(("id", "flow", "about", "started", "ended"), rows, "No run is on its way.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="run")
