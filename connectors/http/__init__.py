"""Any service over HTTP, for what no connector was written for yet."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.http.connector import HttpRequests

    return [HttpRequests]
