"""`faros secret`: credentials kept sealed in the database."""

import asyncio
import re
import sys
from typing import Annotated

import typer

from hub.cli.opening import opened
from hub.cli.publishing import who
from hub.cli.terminal import HERE, Folder, fail, said
from hub.store import audit

group = typer.Typer(no_args_is_help=True, help="Keep credentials sealed in the database.")


@group.command("set")
def set_secret(
    name: Annotated[str, typer.Argument(help="hub.yaml names it as ${secret:NAME}.")], folder: Folder = HERE
) -> None:
    """Seal a secret. It is asked for, or read from standard input; never given on the command line."""
    if not re.fullmatch(r"[A-Za-z_][\w.-]{0,99}", name, re.ASCII):
        fail(f"{name!r} cannot be a secret's name.", "Use letters, digits, dots, hyphens and underscores.")
    value = typer.prompt("Value", hide_input=True) if sys.stdin.isatty() else sys.stdin.read().rstrip("\r\n")
    if not value:
        fail("The secret is empty.", f"Type it when asked, or pipe it: `faros secret set {name} < file`.")

    async def work() -> None:
        async with opened(folder) as hub, hub.database.transaction() as connection:
            now = hub.clock.now()
            await hub.secrets.put(connection, name, value, now)
            await audit.note(connection, who(), "secret set", {"name": name}, now)

    asyncio.run(work())
    said(f"Sealed. Write ${{secret:{name}}} in hub.yaml, then `faros apply`.")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="secret")
