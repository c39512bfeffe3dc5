"""Shopify, as a sales channel."""

from typing import Any

from connectors.shopify.connector import Shopify
from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The one connector of this folder."""
    return [Shopify]
