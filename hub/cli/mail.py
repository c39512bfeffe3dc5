"""`faros mail`: what a supplier's or carrier's mail says, and what a supplier is written; needs no running hub."""

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.mail_preview import preview, send_test
from hub.cli.terminal import Json, as_json, fail, out, said, show_table

group = typer.Typer(
    no_args_is_help=True, help="Read mails of suppliers and carriers, and see those that suppliers get."
)


@group.callback()
def _group() -> None:
    """Read mails of suppliers and carriers, and see those that suppliers get."""


@group.command()
def read(
    file: Annotated[Path, typer.Argument(help="A mail as it arrived, an .eml file.")],
    order: Annotated[
        list[str] | None, typer.Option("--order", help="An order of ours; with any, others are not taken.")
    ] = None,
    authserv_id: Annotated[
        str, typer.Option("--authserv-id", help="The name our mail server writes in Authentication-Results.")
    ] = "",
    allow: Annotated[
        list[str] | None, typer.Option("--allow", help="An address or a domain that may tell us things.")
    ] = None,
    why: Annotated[bool, typer.Option("--why", help="With what it rests on and what was left out.")] = False,
    json: Json = None,
) -> None:
    """What happened, to which orders, with which tracking numbers, and whether the sender is proved."""
    from hub.fulfilment.mails.apart import read_apart
    from hub.fulfilment.mails.references import Known
    from hub.fulfilment.mails.trust import Gate

    if not file.is_file():
        fail(f"There is no file {file}.")
    found = read_apart(
        file.read_bytes(), Known(references=tuple(order or ())), Gate(authserv_id, tuple(allow or ()))
    )
    answer = _plain(found)
    if as_json({**answer, "why": found.model_dump(mode="json")} if why else answer, json):
        return
    out.print(f"{found.kind}  {', '.join(found.evidence)}", markup=False)
    rows = [[s.order_reference, s.tracking_number, s.carrier] for s in found.shipments]
    rows += [[one, None, None] for one in found.order_references if one not in {row[0] for row in rows}]
    show_table(("order", "tracking number", "carrier"), rows, "No order and no parcel is named.")
    for left in found.left_out:
        said(f"Left out: {left.what}, {left.why}.")
    said(
        "The sender is proved." if found.trust.trusted else f"Not trusted: {'; '.join(found.trust.reasons)}."
    )


def _plain(found: Any) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "order_references": found.order_references,
        "tracking_numbers": [
            {"number": one.number, "carrier": one.carrier, "confidence": one.confidence}
            for one in found.tracking_numbers
        ],
        "trusted": found.trust.trusted,
        "shipments": [one.model_dump() for one in found.shipments],
    }


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    group.command("preview")(preview)
    group.command("test")(send_test)
    app.add_typer(group, name="mail")
