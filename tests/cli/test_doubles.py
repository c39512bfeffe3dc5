"""Doubles behind one address: each connection has its own, and it remembers."""

import httpx
import pytest

from hub.assembly import catalog_of
from hub.cli.doubles import Doubles


@pytest.fixture
async def visitor() -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(Doubles(catalog_of())), base_url="http://doubles.test"
    )


async def test_two_connections_of_a_connector_do_not_share_what_they_remember(
    visitor: httpx.AsyncClient,
) -> None:
    thing = {"name": "mug"}
    headers = {"x-api-key": "sandbox-key"}
    made = await visitor.post("/http/first/things", json=thing, headers=headers)
    assert made.status_code == 200
    assert (await visitor.get("/http/first/_sandbox/state")).json() == {"received": 1}
    assert (await visitor.get("/http/second/_sandbox/state")).json() == {"received": 0}


async def test_a_double_can_be_told_to_misbehave_from_outside(visitor: httpx.AsyncClient) -> None:
    told = await visitor.post("/supplier_api/east/_sandbox/fault", json={"refuse": "out-of-stock"})
    assert told.json() == {"faults": 0}
    assert (await visitor.get("/supplier_api/east/_sandbox/state")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/acme", "/acme/first/orders"])
async def test_a_service_nobody_plays_is_not_found(visitor: httpx.AsyncClient, path: str) -> None:
    answer = await visitor.get(path)
    assert answer.status_code == 404
    assert "There is no connector" in answer.json()["error"]
