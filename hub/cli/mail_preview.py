"""`faros mail preview` and `faros mail test`: a supplier's mails with orders, seen before the first one is sent."""

import asyncio
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
import uvloop

from hub.assembly import over_the_wire
from hub.cli.folder import catalog_for
from hub.cli.opening import opened
from hub.cli.publishing import read_project
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, out, said
from hub.engine.publishing import fill
from hub.engine.world import Link, open_link
from hub.flow.noting import did_you_mean
from hub.sdk import Call
from hub.sdk.mailing.mail import Mail
from hub.sdk.mailing.preview import WritesMails
from hub.sdk.mailing.server import address
from hub.store.clock import Clock

PATIENCE = 20.0
"""Seconds that a mail server has to take a test."""
UNSEEN = "not-read-here"
"""What stands in place of secrets where nobody logs in."""

Name = Annotated[str, typer.Argument(help="The supplier's connection in hub.yaml.")]


def preview(
    name: Name,
    html: Annotated[Path | None, typer.Option("--html", help="Write the mail's HTML into this file.")] = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """The mail with a purchase order, about an invented order, as hub.yaml has it now; nothing is sent."""
    writer = _writer(_unpublished(name, folder), name)
    found = _parts(writer.preview(Clock().now()))
    if html is not None:
        html.write_text(found["html"], encoding="utf-8")
        said(f"{html} can be opened in a browser.")
    if not as_json(found, json):
        out.print(f"To: {found['to']}\nSubject: {found['subject']}\n", markup=False, soft_wrap=True)
        out.print(found["text"].rstrip(), markup=False, soft_wrap=True)


def send_test(
    name: Name,
    to: Annotated[str, typer.Option("--to", help="Where the test goes, such as your own address.")],
    folder: Folder = HERE,
) -> None:
    """Send that mail to an address of your own, by the server that orders go by; what is published counts."""
    try:
        recipient = address(to)
    except ValueError as error:
        fail(f"{to}: {error}", "Give one address, such as you@brand.example.")
    uvloop.run(_send(name, recipient, folder))
    said(f"The server of {name} has taken the test for {recipient}.")


async def _send(name: str, recipient: str, folder: Path) -> None:
    async with opened(folder) as hub:
        link = hub.world.links.get(name)
        if link is None:
            why = hub.source.broken.get(name) or did_you_mean(name, hub.world.links)
            fail(f'No connection "{name}" is open.', why or "Publish it by `faros apply`.")
        deadline = asyncio.get_running_loop().time() + PATIENCE
        await _writer(link, name).send_test(recipient, Call(str(uuid4()), deadline, 1, hub.clock.now()))


def _unpublished(name: str, folder: Path) -> Link:
    """The connection as the folder has it, without its secrets."""
    catalog = catalog_for(folder)
    specs = {spec.id: spec for spec in read_project(folder, catalog).connections}
    spec = specs.get(name)
    if spec is None:
        fail(f'There is no connection "{name}".', did_you_mean(name, specs))
    connector = catalog.connector(spec.connector)
    own = connector.sandbox().settings() if spec.mode == "sandbox" else {}
    settings = fill({**spec.settings, **own}, lambda _: UNSEEN)
    transport = over_the_wire(name, connector, spec.base_url)
    return open_link(name, spec.store_id, connector, settings, transport, spec.base_url)


def _writer(link: Link, name: str) -> WritesMails:
    connector = link.connector
    if not isinstance(connector, WritesMails):
        fail(f"{name} is not written to by mail.", "Name a connection of a connector such as supplier_email.")
    return connector


def _parts(mail: Mail) -> dict[str, str]:
    """A mail as its reader sees it."""
    read = message_from_bytes(mail.content, policy=default)
    bodies = {name: _body(read, kind) for name, kind in (("text", "plain"), ("html", "html"))}
    return {"to": mail.recipient, "subject": str(read["Subject"]), **bodies}


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
