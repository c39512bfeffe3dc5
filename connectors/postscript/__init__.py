"""Postscript: text messages to customers who agreed to them."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.postscript.connector import Postscript

    return [Postscript]
