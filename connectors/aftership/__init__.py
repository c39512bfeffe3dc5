"""AfterShip: where parcels are, whoever carries them."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.aftership.connector import AfterShip

    return [AfterShip]
