"""The mail server's connector keeps its word before a server that sends all it is handed and one that knows repeats."""

from connectors.smtp.connector import Smtp
from connectors.smtp.sandbox import SmtpSandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestServerThatSendsWhatItIsHanded(ConnectorTests):
    connector = Smtp


class TestServerThatDropsRepeats(ConnectorTests):
    connector = Smtp

    def sandbox(self) -> SmtpSandbox:
        return SmtpSandbox(drops_repeats=True)
