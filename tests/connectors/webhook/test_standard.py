"""Signed deliveries from anyone are held to the standard tests."""

from connectors.webhook.connector import Webhook
from hub.sdk.testing.pytest import ConnectorTests


class TestWebhook(ConnectorTests):
    connector = Webhook
