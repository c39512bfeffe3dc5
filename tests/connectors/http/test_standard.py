"""Plain HTTP keeps its word before a service that remembers keys and one that does not."""

from connectors.http.connector import HttpRequests
from connectors.http.sandbox import EchoSandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestServiceThatRemembersKeys(ConnectorTests):
    connector = HttpRequests


class TestServiceThatPromisesNothing(ConnectorTests):
    connector = HttpRequests

    def sandbox(self) -> EchoSandbox:
        return EchoSandbox(remembers_keys=False)
