"""One order looked up, and its case decided, at the prompt."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import Result

from connectors.shopify.sandbox import ShopifySandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.engine.publishing import StoreSpec
from hub.fulfilment.supplier import SupplierSpec
from hub.store.configuration import ArticleNew, ConnectionSpec
from tests.api.test_orders import BUY
from tests.cli.conftest import Shell
from tests.floor import Floor, flow, open_floor, shop

Type = Callable[..., Awaitable[Result]]


@pytest.fixture
def channel() -> ShopifySandbox:
    return ShopifySandbox()


@pytest.fixture
def warehouse() -> SupplierSandbox:
    return SupplierSandbox("unsafe")


@pytest.fixture
async def house(
    database_url: str, channel: ShopifySandbox, warehouse: SupplierSandbox, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Floor]:
    """A shop and a supplier; the prompt reaches the same database."""
    for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", "unix:///nowhere")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)
    async with open_floor(database_url, {"shop": channel, "acme": warehouse}) as floor:
        store = StoreSpec(
            "main",
            suppliers=(SupplierSpec(connection="acme", name="Acme", region="US-NY"),),
            articles=(ArticleNew("GLW-SERUM-30", "acme", "MUG-11", Decimal("9.50"), "USD"),),
        )
        bound = flow(floor.hub.catalog, BUY, {"shop": ["shop"], "acme": ["acme"]})
        at_shop = ConnectionSpec("shop", "main", "shopify", settings=channel.settings())
        address = "https://acme.example"
        at_acme = ConnectionSpec("acme", "main", "supplier_api", "live", address, warehouse.settings())
        await floor.publish(shop([bound], at_shop, at_acme, store=store))
        yield floor


@pytest.fixture
def typed(tmp_path: Path) -> Type:
    """A prompt beside the running hub."""
    shell = Shell(tmp_path)

    async def type_in(*words: str) -> Result:
        result = await asyncio.to_thread(shell, *words, "--dir", str(tmp_path))
        assert result.exit_code == 0, result.output
        return result

    return type_in


async def buy(house: Floor, channel: ShopifySandbox) -> str:
    order = channel.add_order(created_at=house.now - timedelta(minutes=1))
    await house.deliver("shop", channel.order_paid_webhook(order.id))
    await house.settle()
    return order.name.removeprefix("#")


async def test_an_orders_story_can_be_read_by_people_and_programs(
    house: Floor, channel: ShopifySandbox, typed: Type
) -> None:
    number = await buy(house, channel)

    told = (await typed("order", "show", f"#{number}")).stdout
    # All of it is of one moment here, and the house's flow names no stage: only the trade's own events have an order.
    positions = [told.index(word) for word in ("recorded", "assigned", "claimed")]
    assert positions == sorted(positions)
    assert "run ended" in told and "create_purchase_order" in told

    found = json.loads((await typed("order", "show", number, "--json")).stdout)
    assert [p["state"] for p in found["purchases"]] == ["confirmed"]
    assert {e["state"] for e in found["effects"]} == {"confirmed"}

    assert number in (await typed("run", "list", "--all")).stdout
    assert "buy" in (await typed("flow", "list")).stdout


async def test_a_case_is_found_from_its_order_and_decided(
    house: Floor, channel: ShopifySandbox, warehouse: SupplierSandbox, typed: Type, tmp_path: Path
) -> None:
    warehouse.lose_next_answer("/purchase-orders")
    number = await buy(house, channel)
    (listed,) = json.loads((await typed("case", "list", "--json")).stdout)
    assert f"faros case show {listed['id']}" in (await typed("order", "show", number)).stderr
    assert (
        f"faros case resolve {listed['id']} it-happened" in (await typed("case", "show", listed["id"])).stdout
    )

    answer = {"reference": listed["detail"]["key"], "status": "accepted", "supplier_reference": "A-77"}
    (tmp_path / "answer.json").write_text(json.dumps(answer))
    decided = ("it-happened", "--note", "Acme confirmed by phone", "--answer", str(tmp_path / "answer.json"))
    await typed("case", "resolve", listed["id"], *decided)
    await house.settle()

    found = json.loads((await typed("order", "show", number, "--json")).stdout)
    assert [(p["state"], p["supplier_reference"]) for p in found["purchases"]] == [("confirmed", "A-77")]
    assert set(warehouse.bought().values()) == {1}
    assert "Nothing waits for a person." in (await typed("case", "list")).stdout
