"""Gorgias keeps its word."""

from connectors.gorgias.connector import Gorgias
from hub.sdk.testing.pytest import ConnectorTests


class TestGorgias(ConnectorTests):
    connector = Gorgias
