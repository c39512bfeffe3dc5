"""`faros report`: the figures of a store, at the prompt."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from hub.cli.opening import Desk, desk
from hub.cli.terminal import HERE, Folder, Json, as_json, out, show_table

FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"]
UNKNOWN = "unknown"

Day = Annotated[
    datetime | None, typer.Option(formats=FORMATS, help="A date of UTC, or a moment with its zone.")
]


def report(
    name: Annotated[str | None, typer.Argument(help="Which one; all of them are listed without it.")] = None,
    store: Annotated[str | None, typer.Option("--store", help="Where there are several.")] = None,
    since: Day = None,
    until: Day = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """Show a report, of the last thirty days or of another period; without a name, list the reports there are."""
    asked = {"store": store, "since": _moment(since), "until": _moment(until)}
    found = asyncio.run(_ask(folder, name, {key: value for key, value in asked.items() if value}))
    if as_json(found, json):
        return
    if name is None:
        rows = [[r["name"], r["title"], r["says"]] for r in found["items"]]
        show_table(("report", "", "tells"), rows, "There are none.")
        return
    period = found["period"]
    out.print(f"{found['title']}  {found['store']}, {_minute(period['since'])} to {_minute(period['until'])}")
    out.print()
    lines = [(f["title"], _about(f), _value(f), _of(f), _note(f)) for f in found["figures"]]
    show_table(("figure", "", "value", "of", ""), lines, "Nothing happened that this report counts.")


async def _ask(folder: Any, name: str | None, params: dict[str, str]) -> Any:
    async with desk(folder) as api:
        return await _found(api, name, params)


async def _found(api: Desk, name: str | None, params: dict[str, str]) -> Any:
    if name is None:
        return await api.ask("GET", "/reports")
    return await api.ask("GET", f"/reports/{quote(name, safe='')}", params=params)


def _moment(said: datetime | None) -> str | None:
    if said is None:
        return None
    return said.isoformat() if said.tzinfo else f"{said.isoformat()}Z"


def _minute(at: str) -> str:
    return at[:16].replace("T", " ")


def _about(figure: dict[str, Any]) -> str:
    return ", ".join(figure["labels"].values())


def _value(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return UNKNOWN
    unit = {"percent": "%", "money": figure["currency"]}.get(figure["unit"], figure["unit"])
    return f"{figure['value']} {unit}"


def _of(figure: dict[str, Any]) -> str:
    return " ".join(str(part) for part in (figure["of"], figure["of_what"]) if part not in (None, ""))


def _note(figure: dict[str, Any]) -> str:
    band = figure["band"]
    return f"{band['name']}: {band['says']}" if band else str(figure["unknown"])


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command()(report)
