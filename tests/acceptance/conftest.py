"""The brand, open for business on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hub.cli.front import open_front
from tests.acceptance.brand import Brand, Terms, open_brand
from tests.acceptance.visitors import browsing


@pytest.fixture
def terms() -> Terms:
    """What a test overrides to change the brand."""
    return Terms()


@pytest.fixture
async def brand(database_url: str, tmp_path: Path, terms: Terms) -> AsyncIterator[Brand]:
    async with open_brand(database_url, tmp_path, terms) as brand:
        yield brand


@pytest.fixture
async def browser(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    async with browsing(open_front(brand.floor.hub)) as client:
        yield client
