"""Gorgias: where the support team works."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.gorgias.connector import Gorgias

    return [Gorgias]
