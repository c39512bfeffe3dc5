"""The connector for suppliers by mail keeps its word."""

from connectors.supplier_email.connector import SupplierEmail
from hub.sdk.testing.pytest import ConnectorTests


class TestSupplierByMail(ConnectorTests):
    connector = SupplierEmail
