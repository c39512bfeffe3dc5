"""The tree of commands, and the one place where an expected failure becomes a sentence."""

import importlib
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from hub.cli.terminal import fail, sentence

GROUPS = (
    "init",
    "publishing",
    "flow",
    "exceptions",
    "docs",
    "notice",
    "running",
    "demo",
    "dashboard",
    "connection",
    "switch",
    "key",
    "user",
    "secret",
    "order",
    "case",
    "report",
    "feed",
    "mail",
    "run",
    "connector",
    "doctor",
)
"""The files of this folder that hold commands; each has a `register`."""


class Commands(TyperGroup):
    """The root of all commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """`--json` may stand alone."""
        return super().parse_args(ctx, with_json(args))

    def invoke(self, ctx: Any) -> Any:
        """No traceback for what can be expected to happen."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            told = sentence(error)
            if told is None:
                raise
            fail(told)


def with_json(args: list[str]) -> list[str]:
    """`--json` takes the next word only if that is a file's name ending in .json."""
    found: list[str] = []
    for word in args:
        if found and found[-1] == "--json=-" and word.endswith(".json"):
            found[-1] = f"--json={word}"
        else:
            found.append("--json=-" if word == "--json" else word)
    return found


app = typer.Typer(
    name="faros",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Faros Hub: every paid order through Filter, Assign, Route, Observe and Solve.",
)


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def _root(
    wanted: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Every paid order through Filter, Assign, Route, Observe and Solve."""


@app.command()
def version() -> None:
    """Which version this is."""
    from importlib.metadata import version as installed

    Console(highlight=False).print(f"faros-hub {installed('faros-hub')}")


for _name in GROUPS:
    importlib.import_module(f"hub.cli.{_name}").register(app)
