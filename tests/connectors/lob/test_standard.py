"""Lob keeps its word."""

from connectors.lob.connector import Lob
from hub.sdk.testing.pytest import ConnectorTests


class TestLob(ConnectorTests):
    connector = Lob
