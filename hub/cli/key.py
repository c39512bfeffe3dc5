"""`faros key`: keys to the API."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.cli.bounds import Role, Stores, known_stores, said_stores
from hub.cli.opening import opened
from hub.cli.publishing import who
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_table
from hub.store import audit
from hub.store.keys import add_key, revoke_key
from hub.store.keys import list_keys as read_keys

group = typer.Typer(no_args_is_help=True, help="Make, list and revoke keys to the API.")


@group.command()
def create(
    name: Annotated[str, typer.Argument(help="Who or what will use it.")],
    role: Annotated[Role, typer.Option("--role")] = Role.viewer,
    store: Stores = None,
    folder: Folder = HERE,
) -> None:
    """Make a key and print it: this is the only time it can be seen."""

    async def work() -> str:
        async with opened(folder) as hub, hub.database.transaction() as connection:
            now = hub.clock.now()
            stores = known_stores(hub, store)
            detail = {"name": name, "role": role.value, "stores": stores}
            await audit.note(connection, who(), "key created", detail, now)
            return await add_key(connection, name, role.value, now, stores)

    typer.echo(asyncio.run(work()))


@group.command()
def revoke(
    id: Annotated[UUID, typer.Argument(help="As `faros key list` shows it.")], folder: Folder = HERE
) -> None:
    """End a key at once."""

    async def work() -> bool:
        async with opened(folder) as hub, hub.database.transaction() as connection:
            now = hub.clock.now()
            done = await revoke_key(connection, id, now)
            if done:
                await audit.note(connection, who(), "key revoked", {"id": str(id)}, now)
            return done

    if not asyncio.run(work()):
        fail(f"There is no key {id} to end.", "`faros key list` shows those there are.")
    said("The key is no longer valid.")


@group.command("list")
def list_keys(folder: Folder = HERE, json: Json = None) -> None:
    """Every key there ever was, without the keys themselves."""

    async def work() -> list[Any]:
        async with opened(folder) as hub, hub.database.connection() as connection:
            return [dict(row) for row in await read_keys(connection)]

    found = asyncio.run(work())
    if not as_json(found, json):
        rows = [
            [k["id"], k["name"], k["role"], said_stores(k["stores"]), k["created_at"], k["revoked_at"]]
            for k in found
        ]
        nothing = "There are no keys; `faros key create NAME` makes one."
        show_table(("id", "name", "role", "stores", "created", "revoked"), rows, nothing)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="key")
