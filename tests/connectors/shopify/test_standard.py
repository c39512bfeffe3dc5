"""Shopify keeps its word, with a token that stays and with one that has to be asked for."""

from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from hub.sdk.testing.pytest import ConnectorTests


class TestAppWithAToken(ConnectorTests):
    connector = Shopify


class TestAppThatAsksForATokenFirst(ConnectorTests):
    connector = Shopify

    def sandbox(self) -> ShopifySandbox:
        return ShopifySandbox(grants=True)
