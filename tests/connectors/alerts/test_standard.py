"""Alerts keep their word before somebody to whom twice is once, and before somebody who counts."""

from connectors.alerts.connector import Alerts
from connectors.alerts.sandbox import AlertsSandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestSomebodyToWhomTwiceIsOnce(ConnectorTests):
    connector = Alerts


class TestSomebodyWhoCounts(ConnectorTests):
    connector = Alerts

    def sandbox(self) -> AlertsSandbox:
        return AlertsSandbox(shows_repeats=True)
