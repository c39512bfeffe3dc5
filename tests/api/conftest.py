"""The real app over the real hub, with people and senders at its door."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from connectors.webhook.sandbox import SenderSandbox
from hub.api import create_app
from hub.engine.publishing import ConnectionSpec
from tests.floor import Floor, open_floor, shop


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
async def floor(database_url: str, sender: SenderSandbox) -> AsyncIterator[Floor]:
    """A store with one connection that takes signed deliveries."""
    async with open_floor(database_url, {"hooks": sender}) as floor:
        await floor.publish(shop([], ConnectionSpec("hooks", "main", "webhook", settings=sender.settings())))
        yield floor


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
