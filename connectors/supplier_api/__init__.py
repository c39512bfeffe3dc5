"""Suppliers with a JSON API, described by settings instead of code."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.supplier_api.connector import SupplierApi

    return [SupplierApi]
