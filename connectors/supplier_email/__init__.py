"""Suppliers who are sent orders by mail, and who answer by mail."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.supplier_email.connector import SupplierEmail

    return [SupplierEmail]
