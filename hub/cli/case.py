"""`faros case`: what waits for a person, and the decision."""

import asyncio
import json as standard_json
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.cli.opening import desk
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, out, said, show_table

group = typer.Typer(no_args_is_help=True, help="See what waits for a person, and decide it.")
Id = Annotated[UUID, typer.Argument(help="As `faros case list` shows it.")]


@group.command("list")
def list_cases(
    state: Annotated[str, typer.Option("--state", help="open or resolved.")] = "open",
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Cases, those due first coming first."""
    found = _ask(folder, "GET", "/cases", params={"state": state})
    if not as_json(found["items"], json):
        rows = [[c["id"], c["kind"], c["subject"], c["title"], c["due_at"]] for c in found["items"]]
        show_table(("id", "kind", "about", "title", "due"), rows, "Nothing waits for a person.")


@group.command()
def show(id: Id, folder: Folder = HERE, json: Json = None) -> None:
    """One case, with what may be chosen."""
    found = _ask(folder, "GET", f"/cases/{id}")
    if as_json(found, json):
        return
    out.print(f"{found['title'] or found['kind']}  ({found['state']})", markup=False)
    if found["detail"]:
        out.print(standard_json.dumps(found["detail"], indent=2, ensure_ascii=False), markup=False)
    for choice, words in found["choices"].items():
        out.print(f"  faros case resolve {id} {choice}    # {words}", markup=False, soft_wrap=True)


@group.command()
def resolve(
    id: Id,
    choice: Annotated[str, typer.Argument(help="One of the case's choices.")],
    note: Annotated[str, typer.Option("--note", help="Why, for whoever reads it later.")] = "",
    answer: Annotated[Path | None, typer.Option("--answer", help="A JSON file; for `it-happened`.")] = None,
    folder: Folder = HERE,
) -> None:
    """Decide a case; its run goes on."""
    wanted: dict[str, Any] = {"choice": choice, "note": note}
    if answer is not None:
        try:
            wanted["answer"] = standard_json.loads(answer.read_text(encoding="utf-8"))
        except ValueError:
            fail(f"{answer} is not JSON.")

    async def work() -> None:
        async with desk(folder) as api:
            seen = await api.ask("GET", f"/cases/{id}")
            await api.ask("POST", f"/cases/{id}/resolution", json={**wanted, "version": seen["version"]})

    asyncio.run(work())
    said("Decided; the run goes on.")


def _ask(folder: Path, method: str, path: str, **what: Any) -> Any:
    async def ask() -> Any:
        async with desk(folder) as api:
            return await api.ask(method, path, **what)

    return asyncio.run(ask())


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="case")
