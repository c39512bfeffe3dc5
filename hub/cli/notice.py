"""`faros notice`: what customers are written, as it would look with this project's brand and texts."""

from pathlib import Path
from typing import Annotated

import typer

from hub.cli.folder import catalog_for
from hub.cli.publishing import read_project
from hub.cli.terminal import HERE, Folder, Json, as_json, fail, out, said, show_table
from hub.engine.publishing import StoreSpec
from hub.flow.noting import did_you_mean
from hub.fulfilment.notice_view import NOTICES, NoticeView
from hub.fulfilment.rendering import Rendered, Templates
from hub.fulfilment.telling import brand_from
from hub.fulfilment.template_lint import full_view
from hub.sdk.messages import Channel

group = typer.Typer(no_args_is_help=True, help="See what customers are written.")
Store = Annotated[str | None, typer.Option("--store", help="Where there are several.")]


@group.command("list")
def list_notices(store: Store = None, folder: Folder = HERE, json: Json = None) -> None:
    """Every notice by its subject, and which of the templates are the project's own."""
    shelf = _store(folder, store)
    templates, view = Templates(shelf.templates), _example(shelf)
    rows = [
        {
            "notice": notice,
            "subject": templates.render(notice, "email", view).subject,
            "own": f"{notice}.jinja" in shelf.templates,
        }
        for notice in NOTICES
    ]
    if not as_json(rows, json):
        shown = [(row["notice"], row["subject"], "yes" if row["own"] else "") for row in rows]
        show_table(("notice", "subject", "your own text"), shown, "")


@group.command()
def preview(
    notice: Annotated[str, typer.Argument(help="As `faros notice list` shows it.")],
    channel: Annotated[str, typer.Option("--channel", help="email or sms.")] = "email",
    html: Annotated[Path | None, typer.Option("--html", help="Write the mail's HTML into this file.")] = None,
    store: Store = None,
    folder: Folder = HERE,
    json: Json = None,
) -> None:
    """A notice about an invented order, in the brand's name; nothing is sent."""
    rendered = _rendered(notice, channel, _store(folder, store))
    if html is not None:
        if not rendered.html:
            fail("A text message has no HTML.", "Leave `--html` out, or ask for `--channel email`.")
        html.write_text(rendered.html, encoding="utf-8")
        said(f"{html} can be opened in a browser.")
    if as_json(rendered.model_dump(), json):
        return
    if rendered.subject:
        out.print(f"Subject: {rendered.subject}\n", markup=False, soft_wrap=True)
    out.print(rendered.text.rstrip(), markup=False, soft_wrap=True)


def _rendered(name: str, channel: str, store: StoreSpec) -> Rendered:
    notice = next((known for known in NOTICES if known == name), None)
    if notice is None:
        fail(f'There is no notice "{name}".', did_you_mean(name, NOTICES))
    channels: dict[str, Channel] = {"email": "email", "sms": "sms"}
    if channel not in channels:
        fail(f'There is no channel "{channel}".', did_you_mean(channel, channels))
    return Templates(store.templates).render(notice, channels[channel], _example(store))


def _store(folder: Path, name: str | None) -> StoreSpec:
    stores = {store.id: store for store in read_project(folder, catalog_for(folder)).stores}
    if name is None and len(stores) == 1:
        return next(iter(stores.values()))
    if name not in stores:
        fail(f'There is no store "{name}".' if name else "Which store?", did_you_mean(name or "", stores))
    return stores[name]


def _example(store: StoreSpec) -> NoticeView:
    return full_view().model_copy(update={"brand": brand_from(store.settings)})


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="notice")
