"""The connector for files keeps its word before portals that keep different promises."""

from connectors.supplier_csv.connector import SupplierCsv
from connectors.supplier_csv.sandbox import PortalSandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestPortalThatBooksWhateverComes(ConnectorTests):
    connector = SupplierCsv


class TestPortalThatKnowsOrderNumbers(ConnectorTests):
    connector = SupplierCsv

    def sandbox(self) -> PortalSandbox:
        return PortalSandbox("keyed")


class TestPortalThatKeepsFiles(ConnectorTests):
    connector = SupplierCsv

    def sandbox(self) -> PortalSandbox:
        return PortalSandbox("checkable")
