"""The tree of commands, and the one place where an expected failure becomes a sentence."""

import importlib
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from hub.cli.terminal import fail, sentence

FILES = {
    "init": "init",
    "apply": "publishing",
    "flow": "flow",
    "exceptions": "exceptions",
    "docs": "docs",
    "notice": "notice",
    "up": "running",
    "api": "running",
    "worker": "running",
    "sandbox": "running",
    "demo": "demo",
    "dashboard": "dashboard",
    "connection": "connection",
    "pause": "switch",
    "resume": "switch",
    "key": "key",
    "user": "user",
    "secret": "secret",
    "order": "order",
    "case": "case",
    "report": "report",
    "csv": "feed",
    "mail": "mail",
    "run": "run",
    "connector": "connector",
    "doctor": "doctor",
}
"""Each command, in the order in which they are listed, and the file of this folder that has it and its `register`."""


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


def app_for(words: Sequence[str]) -> typer.Typer:
    """The commands that these words may call: one file where they name its command, for each file brings what it
    needs; all of them for help, and for a word that is none."""
    named = next((word for word in words if not word.startswith("-")), "")
    return _app((FILES[named],) if named in FILES else tuple(dict.fromkeys(FILES.values())))


@cache
def _app(files: tuple[str, ...]) -> typer.Typer:
    app = typer.Typer(
        name="faros",
        cls=Commands,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,
        help="Faros Hub: every paid order through Filter, Assign, Route, Observe and Solve.",
    )
    app.callback()(_root)
    app.command()(version)
    for file in files:
        importlib.import_module(f"hub.cli.{file}").register(app)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


def _root(
    wanted: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Every paid order through Filter, Assign, Route, Observe and Solve."""


def version() -> None:
    """Which version this is."""
    from importlib.metadata import version as installed

    Console(highlight=False).print(f"faros-hub {installed('faros-hub')}")


def __getattr__(name: str) -> typer.Typer:
    """`app` is all of them, made when somebody asks for it."""
    if name == "app":
        return app_for(())
    raise AttributeError(name)
