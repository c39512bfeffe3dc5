"""A shop and the connector that speaks to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from connectors.shopify.connector import Shopify
from connectors.shopify.operations import Operation
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.settings import ShopifySettings
from hub.sdk import Call, Client
from hub.sdk.testing import SandboxTransport

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

Connect = Callable[..., Shopify]
MakeCall = Callable[..., Call]
Ask = Callable[[Operation | str, dict[str, Any]], Awaitable[Any]]


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
    """A new call, with five seconds left, under a key where that matters."""

    def make(key: str = "effect-1") -> Call:
        return Call(key, asyncio.get_running_loop().time() + 5, 1, NOW)

    return make


@pytest.fixture
def ask(transport: SandboxTransport) -> Ask:
    """Ask the shop anything, past the connector, as another app with the same token could."""

    async def ask(document: Operation | str, variables: dict[str, Any]) -> Any:
        text = document.text if isinstance(document, Operation) else document
        body = orjson.dumps({"query": text, "variables": variables})
        headers = {"x-shopify-access-token": ShopifySandbox.access_token, "content-type": "application/json"}
        url = "https://sandbox.example/admin/api/2026-07/graphql.json"
        return (await transport.send("POST", url, headers, body, 5)).json()

    return ask
