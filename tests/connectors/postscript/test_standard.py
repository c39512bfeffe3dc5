"""Postscript keeps its word."""

from connectors.postscript.connector import Postscript
from hub.sdk.testing.pytest import ConnectorTests


class TestPostscript(ConnectorTests):
    connector = Postscript
