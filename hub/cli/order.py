"""`faros order`: everything that is known of one order."""

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

import typer

from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, out, said, show_table

group = typer.Typer(no_args_is_help=True, help="Look an order up.")


@group.command()
def show(
    number: Annotated[str, typer.Argument(help="The order's number, with or without its #.")],
    store: Annotated[str | None, typer.Option("--store", help="Where two stores have this number.")] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """An order's story: what arrived, was decided, bought, sent and asked, oldest first."""

    async def ask() -> Any:
        async with desk(folder) as api:
            where = {"store": store} if store else {}
            return await api.ask("GET", f"/orders/{quote(number, safe='')}", params=where)

    found = asyncio.run(ask())
    if as_json(found, json):
        return
    total = f"{found['total']} {found['currency']}" if found["total"] else ""
    out.print(f"Order {found['number']} of {found['store']}  {total}  {found['payment'] or ''}", markup=False)
    out.print()
    moments = [[m["at"][:19], m["about"], m["what"], m["detail"]] for m in found["timeline"]]
    show_table(("at", "about", "what", ""), moments, "Nothing has happened yet.")
    if found["purchases"]:
        out.print()
        rows = [
            [p["supplier"], p["reference"], p["state"], p["supplier_reference"]] for p in found["purchases"]
        ]
        show_table(("supplier", "our reference", "state", "their reference"), rows, "")
    if found["effects"]:
        out.print()
        effects = [
            [e["connection"], e["action"], e["state"], e["attempt"], e["reason"]] for e in found["effects"]
        ]
        show_table(("connection", "action", "ledger", "attempts", "why"), effects, "")
    waiting = [case for case in found["cases"] if case["state"] == "open"]
    for case in waiting:
        said(f"Waits for a person: {case['title']}  `faros case show {case['id']}`")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="order")
