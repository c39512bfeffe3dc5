"""Suppliers that take orders and give stock, answers and tracking as CSV files: a folder, SFTP, or HTTP."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.supplier_csv.connector import SupplierCsv

    return [SupplierCsv]
