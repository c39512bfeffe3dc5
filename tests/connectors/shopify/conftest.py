"""A shop and the connector that speaks to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.settings import ShopifySettings
from hub.sdk import Call, Client
from hub.sdk.testing import SandboxTransport

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

Connect = Callable[..., Shopify]
MakeCall = Callable[[], Call]


@pytest.fixture
def shop() -> ShopifySandbox:
    """A shop on a Monday afternoon."""
    sandbox = ShopifySandbox()
    sandbox.now = lambda: NOW
    return sandbox


@pytest.fixture
async def transport(shop: ShopifySandbox) -> AsyncIterator[SandboxTransport]:
    wire = SandboxTransport(shop)
    yield wire
    await wire.close()


@pytest.fixture
def connect(shop: ShopifySandbox, transport: SandboxTransport) -> Connect:
    """Connect to the shop, with other settings where given."""

    def connect(**changes: Any) -> Shopify:
        settings = ShopifySettings.model_validate(shop.settings() | changes)
        return Shopify(settings, Client(transport), "https://sandbox.example")

    return connect


@pytest.fixture
def shopify(connect: Connect) -> Shopify:
    return connect()


@pytest.fixture
def call() -> MakeCall:
    """A new call, with five seconds left."""

    def make() -> Call:
        return Call("effect-1", asyncio.get_running_loop().time() + 5, 1, NOW)

    return make
