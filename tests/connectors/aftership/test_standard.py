"""AfterShip keeps its word."""

from connectors.aftership.connector import AfterShip
from hub.sdk.testing.pytest import ConnectorTests


class TestAfterShip(ConnectorTests):
    connector = AfterShip
