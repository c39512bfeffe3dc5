"""The brand, open for business on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.acceptance.brand import Brand, Terms, open_brand


@pytest.fixture
def terms() -> Terms:
    """What a test overrides to change the brand."""
    return Terms()


@pytest.fixture
async def brand(database_url: str, tmp_path: Path, terms: Terms) -> AsyncIterator[Brand]:
    async with open_brand(database_url, tmp_path, terms) as brand:
        yield brand
