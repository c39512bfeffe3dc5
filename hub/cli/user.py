"""`faros user`: people who sign in to the dashboard."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hub.assembly import Hub
from hub.cli.bounds import Role, Stores, known_stores, said_stores
from hub.cli.opening import opened
from hub.cli.publishing import who
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, said, show_table
from hub.store import audit
from hub.store.passwords import Passwords, check_fit
from hub.store.users import UserNew, add_user, disable_user, set_password, tidy_name
from hub.store.users import list_users as read_users

group = typer.Typer(no_args_is_help=True, help="Let people sign in, and let them not any more.")
T = TypeVar("T")
Name = Annotated[str, typer.Argument(help="How they sign in, such as an e-mail address.")]


@group.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option("--role")] = Role.viewer,
    store: Stores = None,
    folder: Folder = HERE,
) -> None:
    """Let somebody sign in. The password is asked for, or read as one line from standard input."""
    password = _ask_password()

    async def work(hub: Hub) -> bool:
        stores = known_stores(hub, store)
        kept, now = await Passwords().hash(password), hub.clock.now()
        async with hub.database.transaction() as connection:
            done = await add_user(connection, UserNew(name, role.value, stores), kept, now)
            if done:
                detail = {"user": tidy_name(name), "role": role.value, "stores": stores}
                await audit.note(connection, who(), "user added", detail, now)
            return done

    if not _with_hub(folder, work):
        fail(f"There is somebody called {tidy_name(name)} already.", "Choose another name.")
    said(f"{tidy_name(name)} may sign in.")


@group.command()
def password(name: Name, folder: Folder = HERE) -> None:
    """Give somebody another password; they are signed out everywhere."""
    wanted = _ask_password()

    async def work(hub: Hub) -> bool:
        kept, now = await Passwords().hash(wanted), hub.clock.now()
        async with hub.database.transaction() as connection:
            done = await set_password(connection, name, kept, now)
            if done:
                await audit.note(connection, who(), "password changed", {"user": tidy_name(name)}, now)
            return done

    if not _with_hub(folder, work):
        fail(f"There is nobody called {tidy_name(name)}.", "`faros user list` shows who there is.")
    said("The password is changed.")


@group.command()
def disable(name: Name, folder: Folder = HERE) -> None:
    """Let somebody not sign in any more; they are signed out everywhere. What they did stays in the audit trail."""

    async def work(hub: Hub) -> bool:
        now = hub.clock.now()
        async with hub.database.transaction() as connection:
            done = await disable_user(connection, name, now)
            if done:
                await audit.note(connection, who(), "user disabled", {"user": tidy_name(name)}, now)
            return done

    if not _with_hub(folder, work):
        fail(f"There is nobody called {tidy_name(name)} who may sign in.", "`faros user list` shows who may.")
    said(f"{tidy_name(name)} may not sign in any more.")


@group.command("list")
def list_users(folder: Folder = HERE, json: Json = None) -> None:
    """Everybody who may or might sign in, and when they last did."""

    async def work(hub: Hub) -> list[Any]:
        async with hub.database.connection() as connection:
            return [dict(row) for row in await read_users(connection)]

    found = _with_hub(folder, work)
    if not as_json(found, json):
        rows = [
            [u["name"], u["role"], said_stores(u["stores"]), u["signed_in_at"], u["disabled_at"]]
            for u in found
        ]
        nothing = "Nobody signs in; `faros user add NAME --role ops` lets somebody."
        show_table(("name", "role", "stores", "last signed in", "disabled"), rows, nothing)


def _ask_password() -> str:
    """Never an argument: those are seen in the list of processes and kept in the shell's history."""
    stdin = typer.get_text_stream("stdin")
    if stdin.isatty():
        wanted: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        wanted = stdin.readline().rstrip("\r\n")
    check_fit(wanted)
    return wanted


def _with_hub(folder: Path, work: Callable[[Hub], Awaitable[T]]) -> T:
    async def run() -> T:
        async with opened(folder) as hub:
            return await work(hub)

    return asyncio.run(run())


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="user")
