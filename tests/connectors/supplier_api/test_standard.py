"""A supplier with an API keeps its word, whatever its warehouse does with a repeat."""

from connectors.supplier_api.connector import SupplierApi
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestSupplierThatRemembersKeys(ConnectorTests):
    connector = SupplierApi

    def sandbox(self) -> SupplierSandbox:
        return SupplierSandbox("keyed")


class TestSupplierThatCanBeAsked(ConnectorTests):
    connector = SupplierApi

    def sandbox(self) -> SupplierSandbox:
        return SupplierSandbox("checkable")


class TestSupplierThatPromisesNothing(ConnectorTests):
    connector = SupplierApi

    def sandbox(self) -> SupplierSandbox:
        return SupplierSandbox("unsafe")
