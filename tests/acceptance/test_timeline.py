"""One order is one timeline: whatever shop, supplier, carrier, mail and support desk did, in order, on one page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from connectors.shopify.sandbox_state import OrderSeed
from hub.api import create_app
from hub.cli.command import app
from hub.store.keys import add_key
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, SECOND

PILLARS = {"routing": {"assign", "route"}, "tracking": {"track"}, "exceptions": {"stalled", "out-of-stock"}}
LOB = Terms(verifier="lob")
EVERYBODY = {"shop-1", "address-1", "a", "tracker-1", "messages-1", "desk-1"}
"""The connections of Shopify, Lob, the supplier, AfterShip, Klaviyo and Gorgias."""


@asynccontextmanager
async def desk(brand: Brand) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who may only read."""
    async with brand.floor.hub.database.connection() as connection:
        key = await add_key(connection, "ada", "viewer", brand.floor.now)
    headers = {"authorization": f"Bearer {key}"}
    transport = httpx.ASGITransport(create_app(brand.floor.hub))
    async with httpx.AsyncClient(
        transport=transport, base_url="https://hub.example", headers=headers
    ) as client:
        yield client


async def timelines(brand: Brand) -> dict[str, list[dict[str, Any]]]:
    """The timeline of every order there is, by its number."""
    async with desk(brand) as api:
        listed = (await api.get("/orders")).json()["items"]
        numbers = [order["number"].removeprefix("#") for order in listed]
        return {number: (await api.get(f"/orders/{number}")).json()["timeline"] for number in numbers}


async def recovered(brand: Brand) -> OrderSeed:
    """Order #8492: bought, sent, silent for three days, replaced, delivered."""
    order = await brand.buy(name="#8492")
    await brand.pass_by(minutes=5)
    await brand.ships(FIRST)
    await brand.pass_by(hours=73)
    (worry,) = [case for case in await brand.floor.open_cases() if case["kind"] == "stalled"]
    await brand.floor.resolve(worry, "replace")
    await brand.ships(SECOND)
    await brand.scanned(SECOND, "Delivered")
    await brand.pass_by(minutes=5)
    return order


@pytest.mark.row("S1-004")
@pytest.mark.parametrize("terms", [LOB], ids=["lob"])
async def test_six_services_are_one_order_and_one_list(brand: Brand) -> None:
    await recovered(brand)

    story = (await timelines(brand))["8492"]

    assert {moment["connection"] for moment in story} >= EVERYBODY
    moments = [moment["at"] for moment in story]
    assert moments == sorted(moments)
    told = [(moment["about"], moment["what"]) for moment in story]
    happened = [
        ("order", "placed at its channel"), ("order", "address checked: deliverable"), ("decision", "assigned"),
        ("purchase", "confirmed"), ("notice", "notice sent"), ("parcel", "parcel announced"),
        ("case", "case opened"), ("case", "case resolved"), ("parcel", "parcel given up"), ("parcel", "delivered"),
    ]  # fmt: skip
    assert [told.index(one) for one in happened] == sorted(told.index(one) for one in happened)


@pytest.mark.row("S1-004")
async def test_the_whole_list_is_one_export(
    brand: Brand, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recovered(brand)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)
    words = ["order", "show", "8492", "--dir", str(brand.folder), "--json"]

    exported = await asyncio.to_thread(CliRunner().invoke, app, words)

    assert exported.exit_code == 0, exported.output
    assert json.loads(exported.stdout)["timeline"] == (await timelines(brand))["8492"]


@pytest.mark.row("S1-024")
async def test_every_event_of_every_order_has_its_stage_and_the_stages_come_in_their_order(
    brand: Brand,
) -> None:
    await recovered(brand)
    await brand.buy("RING-02")
    await brand.buy(lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "30.00"}])
    await brand.supplier_says("c", "rejected")
    late = await brand.buy("CUFF-03")
    await brand.cancel(late)
    brand.suppliers["a"].stock["AX1"] = 0
    brand.suppliers["b"].stock["BX9"] = 0
    await brand.buy()
    await brand.buy(shipping_address=None)
    await brand.pass_by(minutes=5)

    told = await timelines(brand)

    assert len(told) == 6
    for number, story in told.items():
        assert {moment["stage"] for moment in story} <= set("FAROS"), number
        letters = [moment["stage"] for moment in story]
        first = {letter: letters.index(letter) for letter in letters}
        way = [first[letter] for letter in "FARO" if letter in first]
        assert all(earlier < later for earlier, later in pairwise(way)), number
    reached = [
        "".join(letter for letter in "FAROS" if letter in {m["stage"] for m in s}) for s in told.values()
    ]
    assert reached.count("FAROS") == 4, "recovered, bought, given back, cancelled after the purchase"


@pytest.mark.row("S1-001")
async def test_routing_tracking_and_exceptions_are_flows_in_force_and_one_order_meets_all_three(
    brand: Brand,
) -> None:
    async with desk(brand) as api:
        in_force = {flow["flow"] for flow in (await api.get("/flows")).json() if flow["is_active"]}
    assert all(flows <= in_force for flows in PILLARS.values())

    await recovered(brand)
    stages = {event["stage"] for event in (await timelines(brand))["8492"]}
    assert {"A", "R", "O", "S"} <= stages, "assigned and routed, observed, and solved"
