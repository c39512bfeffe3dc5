"""Who looks at the brand's figures: a person with a key that only reads, at the real API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import httpx

from hub.api import create_app
from hub.store.keys import Role, add_key
from tests.acceptance.brand import Brand

Figures = list[dict[str, Any]]


@asynccontextmanager
async def reader(brand: Brand, role: Role = "viewer") -> AsyncIterator[httpx.AsyncClient]:
    """A client of the API."""
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "reader", role, brand.floor.now)
    transport = httpx.ASGITransport(app=create_app(brand.floor.hub))
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        transport=transport, base_url="https://hub.example", headers=headers
    ) as client:
        yield client


async def report(brand: Brand, name: str, **asked: str) -> Figures:
    """The figures of a report."""
    async with reader(brand) as client:
        answer = await client.get(f"/reports/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    found: Figures = answer.json()["figures"]
    return found


def named(figures: Figures, name: str, **labels: str) -> Figures:
    """The figures of a name, in their order, that carry these labels."""
    return [f for f in figures if f["name"] == name and labels.items() <= f["labels"].items()]


def value(figures: Figures, name: str, **labels: str) -> Any:
    """The only figure of a name with these labels; None where it is unknown, and then it says why."""
    (figure,) = named(figures, name, **labels)
    assert (figure["value"] is None) == (figure["unknown"] != "")
    return None if figure["value"] is None else Decimal(str(figure["value"]))


def of(figures: Figures, name: str, **labels: str) -> int:
    """Its denominator."""
    (figure,) = named(figures, name, **labels)
    count: int = figure["of"]
    return count
