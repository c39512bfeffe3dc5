"""`faros flow simulate`: what a changed flow would have done to the orders of the last days."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_table
from hub.flow.reader import Block, Mistakes, read


def simulate(
    file: Annotated[Path, typer.Argument(help="The flow's file, changed and not yet applied.")],
    days: Annotated[int, typer.Option("--days", min=1, max=90, help="How far back.")] = 30,
    store: Annotated[str, typer.Option("--store")] = "main",
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Walk a changed flow with the orders of the last days, answered as they were then. Nothing is sent."""
    text, name = _flow(file)
    wanted = {"text": text, "store": store, "days": days}

    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask("POST", f"/flows/{name}/simulation", json=wanted)

    found = asyncio.run(ask())
    if as_json(found, json):
        return
    columns = ("order", "at step", "did", "would have done")
    rows = [(o["number"], o["step"], o["before"], o["after"]) for o in found["changed"]]
    show_table(columns, rows, "No order would have gone another way.")
    said(
        f"{found['compared']} orders of {days} days: {len(found['changed'])} changed, {found['same']} the same, "
        f"{len(found['unknown'])} cannot be told."
    )
    for order in found["unknown"]:
        said(f"  {order['number']}: what step {order['step']} would have been answered is not known.")


def _flow(file: Path) -> tuple[str, str]:
    """The file's text and the flow's name; mistakes in it are the API's to tell."""
    if not file.is_file():
        fail(f"There is no file {file}.")
    text = file.read_text(encoding="utf-8")
    try:
        tree = read(text, str(file))
    except Mistakes as mistakes:
        fail(str(mistakes))
    name = tree.get("flow") if isinstance(tree, Block) else None
    if not name:
        fail(f"{file} is no flow: it has no `flow:`.")
    return text, str(name)
