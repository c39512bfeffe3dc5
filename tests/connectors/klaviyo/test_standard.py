"""Klaviyo keeps its word."""

from connectors.klaviyo.connector import Klaviyo
from hub.sdk.testing.pytest import ConnectorTests


class TestKlaviyo(ConnectorTests):
    connector = Klaviyo
