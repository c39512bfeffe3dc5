"""EasyPost keeps its word."""

from connectors.easypost.connector import EasyPost
from hub.sdk.testing.pytest import ConnectorTests


class TestEasyPost(ConnectorTests):
    connector = EasyPost
