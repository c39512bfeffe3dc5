"""What a key or a person may do and see, as options of commands: a role, and stores."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from hub.assembly import Hub
from hub.cli.terminal import fail


class Role(StrEnum):
    """What somebody may do: viewer reads, ops decides, admin publishes."""

    viewer = "viewer"
    ops = "ops"
    admin = "admin"


Stores = Annotated[
    list[str] | None,
    typer.Option("--store", help="A store they may see; may be given again. Without it: every store."),
]


def known_stores(hub: Hub, stores: Sequence[str] | None) -> list[str] | None:
    """The stores that were named, each once; ends with a sentence if one of them does not exist."""
    unknown = sorted(set(stores or ()) - set(hub.world.stores))
    if unknown:
        known = ", ".join(sorted(hub.world.stores)) or "none; publish the project first"
        fail(f"There is no store {', '.join(unknown)}.", f"The stores are: {known}.")
    return sorted(set(stores)) if stores else None


def said_stores(stores: Sequence[str] | None) -> str:
    """Stores as a table shows them."""
    return "all" if stores is None else ", ".join(stores)
