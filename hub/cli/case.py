"""`faros case`: what waits for a person, and the decision."""

import asyncio
import json as standard_json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from hub.cli.opening import desk
from hub.cli.spoken import age, due, moment
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, out, said, show_table

group = typer.Typer(no_args_is_help=True, help="See what waits for a person, and decide it.")
Id = Annotated[UUID, typer.Argument(help="As `faros case list` shows it.")]
Item = Annotated[str, typer.Argument(help="One of the items of the case's checklist.")]


@group.command("list")
def list_cases(
    state: Annotated[str, typer.Option("--state", help="open or resolved.")] = "open",
    owner: Annotated[
        str | None, typer.Option("--owner", help="Only whose they are, such as support.")
    ] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Cases, those due first coming first."""
    wanted = {"state": state, **({"owner": owner} if owner else {})}
    found, now = _ask(folder, "GET", "/cases", params=wanted)
    if not as_json(found["items"], json):
        columns = ("id", "owner", "kind", "about", "title", "age", "due")
        show_table(columns, [_row(case, now) for case in found["items"]], "Nothing waits for a person.")


@group.command()
def show(id: Id, folder: Folder = HERE, json: Json = None) -> None:
    """One case: what is known, what is to be done first, and what may be chosen."""
    found, now = _ask(folder, "GET", f"/cases/{id}")
    if as_json(found, json):
        return
    out.print(f"{found['title'] or found['kind']}  ({found['state']})", markup=False)
    told = [found["kind"], f"for {found['owner']}", f"opened {age(_opened(found), now)} ago"]
    if found["state"] == "open" and found["due_at"]:
        told.append(f"due {due(moment(found['due_at']), now)}")
    out.print(", ".join(told), markup=False)
    if found["detail"]:
        out.print(standard_json.dumps(found["detail"], indent=2, ensure_ascii=False), markup=False)
    for item in found["checklist"]:
        out.print(_ticked(id, item, found["state"]), markup=False, soft_wrap=True)
    if found["state"] == "open":
        _show_choices(found)
    else:
        _show_decision(found)


@group.command()
def tick(id: Id, item: Item, folder: Folder = HERE, json: Json = None) -> None:
    """Say that an item of the checklist was done; who and when is kept."""

    async def work() -> Any:
        async with desk(folder) as api:
            seen = await api.ask("GET", f"/cases/{id}")
            return await api.ask("POST", f"/cases/{id}/checklist/{item}", json={"version": seen["version"]})

    found = asyncio.run(work())
    if not as_json(found, json):
        rest = [i["item"] for i in found["checklist"] if i["at"] is None]
        said(f"Ticked; still open: {', '.join(rest)}." if rest else "Ticked; the checklist is done.")


@group.command()
def resolve(
    id: Id,
    choice: Annotated[str, typer.Argument(help="One of the case's choices.")],
    note: Annotated[str, typer.Option("--note", help="Why, for whoever reads it later.")] = "",
    answer: Annotated[Path | None, typer.Option("--answer", help="A JSON file; for `it-happened`.")] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Decide a case; its run goes on. A choice that needs the checklist is refused until all of it is ticked."""
    wanted: dict[str, Any] = {"choice": choice, "note": note}
    if answer is not None:
        try:
            wanted["answer"] = standard_json.loads(answer.read_text(encoding="utf-8"))
        except ValueError:
            fail(f"{answer} is not JSON.")

    async def work() -> Any:
        async with desk(folder) as api:
            seen = await api.ask("GET", f"/cases/{id}")
            return await api.ask(
                "POST", f"/cases/{id}/resolution", json={**wanted, "version": seen["version"]}
            )

    if not as_json(asyncio.run(work()), json):
        said("Decided; the run goes on.")


def _row(case: dict[str, Any], now: datetime) -> tuple[Any, ...]:
    when = due(moment(case["due_at"]), now) if case["state"] == "open" else case["choice"]
    return (
        case["id"], case["owner"], case["kind"], case["subject"], case["title"], age(_opened(case), now), when,
    )  # fmt: skip


def _opened(case: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(case["opened_at"])


def _ticked(id: UUID, item: dict[str, Any], state: str) -> str:
    if item["at"] is not None:
        return f"  [x] {item['label']}  ({item['by']}, {item['at'][:16]})"
    command = f"    faros case tick {id} {item['item']}" if state == "open" else ""
    return f"  [ ] {item['label']}{command}"


def _show_choices(found: dict[str, Any]) -> None:
    is_done = all(item["at"] for item in found["checklist"])
    for choice, words in found["choices"].items():
        first = "" if is_done or choice not in found["checked_first"] else "; first the checklist"
        line = f"  faros case resolve {found['id']} {choice}    # {words}{first}"
        out.print(line, markup=False, soft_wrap=True)


def _show_decision(found: dict[str, Any]) -> None:
    note = f": {found['note']}" if found["note"] else ""
    out.print(f"  {found['choice']} by {found['resolved_by']}{note}", markup=False, soft_wrap=True)
    if found["outcome"]:
        out.print(f"  It ended as {found['outcome']}.", markup=False)


def _ask(folder: Path, method: str, path: str, **what: Any) -> tuple[Any, datetime]:
    """The answer, and the hub's time."""

    async def ask() -> tuple[Any, datetime]:
        async with desk(folder) as api:
            return await api.ask(method, path, **what), api.now

    return asyncio.run(ask())


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="case")
