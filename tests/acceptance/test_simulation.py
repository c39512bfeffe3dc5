"""A merchant sees, before publishing, what a change would have done to the orders of the last thirty days."""

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli.command import app
from hub.engine.publishing import publish
from hub.project.project import load
from tests.acceptance.brand import Brand

LOOK = """\
  - step: large-order
    if: order.total.amount > 200
    then:
      - step: look-at-it
        hold:
          case: large-order
          title: Order ${order.number} is large
          choices:
            ship: Ship it
  - step: same-again
"""
ASKS = """\
  - step: other-word
    do: address.verify_address
    with:
      address: ${order.ship_to}
    as: second
"""


@pytest.fixture
def simulate(brand: Brand, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """`faros flow simulate` of a flow's text, in the brand's folder."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)
    monkeypatch.setenv("FAROS_SANDBOX_URL", "http://doubles.test")

    async def run(text: str, *words: str) -> Any:
        file = tmp_path / "changed.yaml"
        file.write_text(text)
        command = ["flow", "simulate", str(file), "--dir", str(brand.folder), "--json", *words]
        result = await asyncio.to_thread(CliRunner().invoke, app, command)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


def text(brand: Brand, flow: str) -> str:
    return (brand.folder / "flows" / f"{flow}.yaml").read_text()


def stricter(brand: Brand) -> str:
    """The Filter flow with one condition more: large orders wait for a person."""
    return text(brand, "filter").replace("  - step: same-again\n", LOOK, 1)


@pytest.mark.row("S2-033")
async def test_a_condition_shows_which_orders_it_would_have_stopped_and_nothing_is_changed(
    brand: Brand, simulate: Any
) -> None:
    for quantity in (1, 4, 2, 5):
        await brand.buy(quantity=quantity)
        await brand.pass_by(days=1)
    before = await brand.floor.rows("select count(*) as n from runs")
    sent = [brand.calls(supplier) for supplier in brand.suppliers]

    found = await simulate(stricter(brand))

    large = [o.name.removeprefix("#") for o in brand.shop.state.orders.values() if total(o) > 200]
    assert len(large) == 2
    assert sorted(order["number"].removeprefix("#") for order in found["changed"]) == sorted(large)
    for order in found["changed"]:
        assert order["step"] == "look-at-it"
        assert (order["before"], order["after"]) == ("tells hub.order_filtered", "asks a person: large-order")
    assert (found["orders"], found["compared"], found["same"], found["unknown"]) == (4, 4, 2, [])
    assert await brand.floor.rows("select count(*) as n from runs") == before
    assert [brand.calls(supplier) for supplier in brand.suppliers] == sent
    assert "large-order" not in await brand.cases()


@pytest.mark.row("S2-033")
async def test_orders_on_their_way_keep_the_version_they_began_with(brand: Brand) -> None:
    held = await brand.buy(shipping_address=None, quantity=5)
    (brand.folder / "flows" / "filter.yaml").write_text(stricter(brand))
    await publish_as_it_lies(brand)
    fresh = await brand.buy(quantity=5)

    assert (await brand.cases())["large-order"] == 1
    versions = await brand.floor.rows(
        """select r.subject, v.number from runs r join flow_versions v on v.id = r.flow_version_id
           where r.flow = 'filter' order by r.started_at, r.id"""
    )
    assert [(row["subject"].removeprefix("#"), row["number"]) for row in versions] == [
        (held.name.removeprefix("#"), 1),
        (fresh.name.removeprefix("#"), 2),
    ]


@pytest.mark.row("S2-033")
async def test_only_the_days_that_are_asked_for_are_looked_at(brand: Brand, simulate: Any) -> None:
    await brand.buy(quantity=5)
    await brand.pass_by(days=31)
    await brand.buy(quantity=5)

    assert (await simulate(stricter(brand)))["orders"] == 1
    assert (await simulate(stricter(brand), "--days", "60"))["orders"] == 2


async def test_a_flow_that_is_not_changed_changes_no_order(brand: Brand, simulate: Any) -> None:
    """Whatever an order went through, walking its past again ends as it ended."""
    await brand.buy(lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "30.00"}])
    await brand.pass_by(minutes=5)
    await brand.ships("1Z999AA10000000018")
    await brand.scanned("1Z999AA10000000018", "InTransit")
    await brand.pass_by(hours=74)
    (worry,) = [case for case in await brand.floor.open_cases() if case["kind"] == "stalled"]
    await brand.floor.resolve(worry, "refund")
    await brand.cancel(await brand.buy("RING-02"))
    await brand.pass_by(minutes=5)

    for flow in ("filter", "assign", "route", "watch", "track", "notify", "stalled", "cancelled"):
        found = await simulate(text(brand, flow))
        assert found["orders"] > 0 and found["changed"] == [], flow


async def test_a_step_that_nobody_ever_came_to_is_not_guessed(brand: Brand, simulate: Any) -> None:
    await brand.buy()
    changed = text(brand, "filter").replace("  - step: same-again\n", f"{ASKS}  - step: same-again\n", 1)

    found = await simulate(changed)

    assert (found["changed"], found["same"]) == ([], 0)
    assert [order["step"] for order in found["unknown"]] == ["other-word"]


def total(order: Any) -> Decimal:
    return sum((Decimal(str(line.price)) * line.quantity for line in order.lines), Decimal(0))


async def publish_as_it_lies(brand: Brand) -> None:
    """What stands in the folder is applied."""

    async with brand.floor.hub.database.transaction() as connection:
        project = load(brand.folder, brand.floor.hub.catalog)
        await publish(connection, project.publication(), "ada", brand.floor.now)
    await brand.floor.hub.refresh()
    brand.floor.hub.adopt(brand.floor.pump.engine)
