"""`faros order`: everything that is known of one order."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from hub.cli.opening import desk
from hub.cli.spoken import due, moment
from hub.cli.terminal import HERE, Folder, Json, as_json, out, said, show_table

group = typer.Typer(no_args_is_help=True, help="Look an order up.")


@group.command()
def show(
    number: Annotated[str, typer.Argument(help="The order's number, with or without its #.")],
    store: Annotated[str | None, typer.Option("--store", help="Where two stores have this number.")] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """An order's story: what arrived, was decided, bought, sent, told and asked, oldest first."""

    async def ask() -> tuple[Any, datetime]:
        async with desk(folder) as api:
            where = {"store": store} if store else {}
            return await api.ask("GET", f"/orders/{quote(number, safe='')}", params=where), api.now

    found, now = asyncio.run(ask())
    if as_json(found, json):
        return
    total = f"{found['total']} {found['currency']}" if found["total"] else ""
    out.print(f"Order {found['number']} of {found['store']}  {total}  {found['payment'] or ''}", markup=False)
    out.print()
    moments = [
        [m["at"][:19], m["stage"] or "", m["about"], m["what"], m["detail"]] for m in found["timeline"]
    ]
    show_table(("at", "stage", "about", "what", ""), moments, "Nothing has happened yet.")
    _show_trade(found)
    _show_aftermath(found, now)
    for case in (case for case in found["cases"] if case["state"] == "open"):
        said(f"Waits for a person: {case['title']}  `faros case show {case['id']}`")


def _show_trade(found: dict[str, Any]) -> None:
    purchases = _cells(found["purchases"], "supplier", "reference", "state", "supplier_reference")
    _show(("supplier", "our reference", "state", "their reference"), purchases)
    effects = _cells(found["effects"], "connection", "action", "state", "attempt", "reason")
    _show(("connection", "action", "ledger", "attempts", "why"), effects)


def _show_aftermath(found: dict[str, Any], now: datetime) -> None:
    parcels = [
        (p["tracking_number"], p["carrier"], _status(p), _minute(p["last_scan_at"]), p["replaced_by"])
        for p in found["parcels"]
    ]
    _show(("parcel", "carrier", "status", "last scan", "replaced by"), parcels)
    notices = [
        (n["milestone"], n["state"], _minute(n["sent_at"] or n["made_at"]), n["reason"])
        for n in found["notices"]
    ]
    _show(("customer was told", "", "at", "why not"), notices)
    clocks = [
        (c["clock"], c["flow"], c["state"], "" if c["ended_at"] else due(moment(c["due_at"]), now))
        for c in found["clocks"]
    ]
    _show(("promise", "of", "state", "due"), clocks)


def _status(parcel: dict[str, Any]) -> str:
    if parcel["voided_at"]:
        return "given up"
    return "stalled" if parcel["stalled_at"] and not parcel["over_at"] else str(parcel["status"])


def _minute(at: str | None) -> str:
    return at[:16] if at else ""


def _cells(rows: Iterable[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def _show(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table with a line above it, or nothing."""
    if rows:
        out.print()
        show_table(columns, rows, "")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="order")
