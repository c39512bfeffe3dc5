"""The real pages over a desk in memory, and a customer with a browser that runs no script."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from hub.fulfilment.links import Purpose
from hub.pages import create_pages
from tests.pages.desk import MemoryDesk, brand_of, stocked


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


@pytest.fixture
def tokens(desk: MemoryDesk) -> dict[Purpose, str]:
    """One open link of each purpose."""
    return stocked(desk)


@pytest_asyncio.fixture
async def customer(desk: MemoryDesk, seconds: Seconds) -> AsyncIterator[httpx.AsyncClient]:
    app = create_pages(desk, brand_of, lambda: desk.now, seconds=seconds)
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 40000))
    async with httpx.AsyncClient(transport=transport, base_url="https://moss-ember.example") as client:

        async def wait(request: httpx.Request) -> None:
            seconds.at += 60

        client.event_hooks["request"].append(wait)
        yield client
