"""`faros docs`: what people should know before they leave something out."""

import dataclasses

import typer

from hub.cli.terminal import Json, as_json, show_table
from hub.flow.stages import FAROS

group = typer.Typer(no_args_is_help=True, help="Read what the hub goes by.")


@group.command()
def faros(json: Json = None) -> None:
    """The five stages of an order's way, and what is risked where one is missing."""
    if not as_json([dataclasses.asdict(stage) for stage in FAROS], json):
        columns = ("stage", "name", "core action", "trigger", "failure risk if skipped")
        show_table(columns, [dataclasses.astuple(stage) for stage in FAROS], "")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(group, name="docs")
