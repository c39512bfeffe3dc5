"""Klaviyo: mails and text messages in the brand's voice."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.klaviyo.connector import Klaviyo

    return [Klaviyo]
