"""The real app over the real hub, with people and senders at its door."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.api import create_app
from hub.store.configuration import ConnectionSpec
from hub.store.keys import Role, add_key
from tests.acceptance.brand import Brand, Terms, open_brand
from tests.floor import Floor, flow, open_floor, shop

TELL = """
format: 1
flow: tell
title: Tell the service of every order

uses:
  hooks: webhook
  service: http

trigger:
  event: hooks.received
  key: ${event.body.id}

steps:
  - step: tell
    do: service.request
    effect: unsafe
    with:
      method: POST
      path: /event
      body:
        text: Order ${event.body.id} came
    as: told
"""

Enter = Callable[[Role], Awaitable[httpx.AsyncClient]]


class Rings:
    """Counts how often the workers were rung for."""

    def __init__(self) -> None:
        self.count = 0

    async def ring(self) -> None:
        self.count += 1


@pytest.fixture
def sender() -> SenderSandbox:
    return SenderSandbox()


@pytest.fixture
def service() -> EchoSandbox:
    return EchoSandbox(remembers_keys=False)


@pytest.fixture
async def floor(database_url: str, sender: SenderSandbox, service: EchoSandbox) -> AsyncIterator[Floor]:
    """A store that takes signed deliveries, and tells a service of each."""
    async with open_floor(database_url, {"hooks": sender, "service": service}) as floor:
        await publish(floor, sender, service.settings())
        yield floor


async def publish(floor: Floor, sender: SenderSandbox, settings: dict[str, Any]) -> None:
    """Put the flow and both connections in force, the service with these settings."""
    told = flow(floor.hub.catalog, TELL, {"hooks": ["hooks"], "service": ["service"]})
    hooks = ConnectionSpec("hooks", "main", "webhook", settings=sender.settings())
    service = ConnectionSpec("service", "main", "http", "live", "http://service.test", settings)
    await floor.publish(shop([told], hooks, service))


@pytest.fixture
def rings() -> Rings:
    return Rings()


@pytest.fixture
async def app(floor: Floor, rings: Rings) -> AsyncIterator[FastAPI]:
    app = create_app(floor.hub, ring=rings.ring)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://hub.example"
    ) as client:
        yield client


@pytest.fixture
async def enter(app: FastAPI, floor: Floor) -> AsyncIterator[Enter]:
    """Gives a caller with a new key of a role; the key is named after it."""
    async with AsyncExitStack() as stack:

        async def enter(role: Role) -> httpx.AsyncClient:
            async with floor.hub.database.connection() as connection:
                key = await add_key(connection, f"the {role}", role, floor.now)
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="https://hub.example",
                headers={"authorization": f"Bearer {key}"},
            )
            return await stack.enter_async_context(client)

        yield enter


@pytest.fixture
async def viewer(enter: Enter) -> httpx.AsyncClient:
    return await enter("viewer")


@pytest.fixture
async def ops(enter: Enter) -> httpx.AsyncClient:
    return await enter("ops")


@pytest.fixture
async def admin(enter: Enter) -> httpx.AsyncClient:
    return await enter("admin")


async def order(floor: Floor, sender: SenderSandbox, number: int) -> None:
    """An order arrives, and its run goes as far as it can."""
    body = orjson.dumps({"id": number, "name": f"#{number}", "email": f"buyer{number}@example.com"})
    await floor.deliver("hooks", sender.sign(body))
    await floor.settle()


@pytest.fixture
async def brand(database_url: str, tmp_path: Path) -> AsyncIterator[Brand]:
    """A whole brand on the reference flows."""
    async with open_brand(database_url, tmp_path, Terms()) as brand:
        yield brand


@pytest.fixture
async def desk(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody of the brand who may decide cases."""
    app = create_app(brand.floor.hub)
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "ops", brand.floor.now)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="https://hub.example",
            headers={"authorization": f"Bearer {key}"},
        ) as client,
    ):
        yield client
