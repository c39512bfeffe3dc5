"""Flow packs as data: the reference pack `faros` that `faros init` copies, offered like any plugin's."""

from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable

from hub.sdk import hookimpl


@hookimpl
def hub_flows() -> Iterable[Traversable]:
    """The packs in this folder."""
    return [files(__name__) / "faros"]
