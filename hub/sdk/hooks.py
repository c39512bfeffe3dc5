"""The two questions asked of every plugin. Hooks return things; they are never called back into."""

from collections.abc import Iterable
from importlib.resources.abc import Traversable
from typing import Any

import pluggy

PROJECT = "faros"
"""The pluggy project and the entry-point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def hub_connectors() -> Iterable[type[Any]]:  # type: ignore[empty-body]  # a hookspec has no body
    """The connectors this plugin brings."""


@hookspec
def hub_flows() -> Iterable[Traversable]:  # type: ignore[empty-body]  # a hookspec has no body
    """Folders of flow files that this plugin offers as templates."""
