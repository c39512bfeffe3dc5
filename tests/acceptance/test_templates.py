"""What `faros init --template` writes works: it leaves nothing to chance, and buys its own sample orders."""

import csv
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connectors.aftership.sandbox import AfterShipSandbox
from connectors.alerts.sandbox import AlertsSandbox
from connectors.easypost.sandbox import EasyPostSandbox
from connectors.gorgias.sandbox import GorgiasSandbox
from connectors.klaviyo.sandbox import KlaviyoSandbox
from connectors.shopify.sandbox import ShopifySandbox
from connectors.smtp.sandbox import SmtpSandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.cli.command import app
from hub.engine.publishing import publish
from hub.project.project import load
from hub.sdk.testing import Sandbox
from tests.floor import Floor, open_floor

NUMBER = "1Z999AA10000000018"
BOUGHT = {
    "single-supplier": {"workshop": ["1001", "1002", "1003"]},
    # 1003 is a mug and a bag; of the weaver's gift boxes six are left, and 1004 took two.
    "multi-supplier": {"pottery": ["1001", "1003", "1005"], "weaver": ["1002", "1003", "1004"]},
    # 1004 would be nearest to the west, which has no bag.
    "multi-warehouse": {
        "warehouse-east": ["1001", "1004"], "warehouse-central": ["1003"], "warehouse-west": ["1002"],
    },
}  # fmt: skip
"""Which suppliers have which orders in their books in the end."""


@dataclass
class Samples:
    """A new project's business, with its sample orders in the shop."""

    floor: Floor
    shop: ShopifySandbox
    messages: KlaviyoSandbox
    suppliers: dict[str, SupplierSandbox]
    orders: list[int]


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture
def project(tmp_path: Path, template: str) -> Path:
    folder = tmp_path / "shop"
    made = CliRunner().invoke(app, ["init", str(folder), "--template", template])
    assert made.exit_code == 0, made.output
    return folder


@pytest.fixture
async def samples(database_url: str, project: Path) -> AsyncIterator[Samples]:
    shop, messages = ShopifySandbox(), KlaviyoSandbox()
    stock = rows(project / "samples" / "stock.csv")
    suppliers = {row["supplier"]: SupplierSandbox("keyed") for row in stock}
    for row in stock:
        suppliers[row["supplier"]].stock[row["supplier_sku"]] = int(row["available"])
    doubles: dict[str, Sandbox] = {
        "shop-1": shop, "address-1": EasyPostSandbox(), "messages-1": messages, "mail-1": SmtpSandbox(),
        "tracker-1": AfterShipSandbox(), "desk-1": GorgiasSandbox(), "alerts-1": AlertsSandbox(), **suppliers,
    }  # fmt: skip
    hub = (project / "hub.yaml").read_text()
    for name in doubles:
        hub = hub.replace(
            f"\n  {name}:\n    connector", f"\n  {name}:\n    base_url: http://{name}.test\n    connector"
        )
    (project / "hub.yaml").write_text(hub)
    async with open_floor(database_url, doubles) as floor:
        async with floor.hub.database.transaction() as connection:
            wanted = load(project, floor.hub.catalog).publication()
            await publish(connection, wanted, "ada", floor.now)
        await floor.hub.refresh()
        floor.hub.adopt(floor.pump.engine)
        orders = [
            placed(shop, list(lines))
            for _, lines in groupby(rows(project / "samples" / "orders.csv"), key=lambda row: row["number"])
        ]
        yield Samples(floor, shop, messages, suppliers, orders)


def placed(shop: ShopifySandbox, lines: list[dict[str, str]]) -> int:
    first = lines[0]
    address = {
        "name": f"{first['first_name']} {first['last_name']}", "address1": first["line1"], "city": first["city"],
        "province_code": first["region"], "zip": first["postcode"],
    }  # fmt: skip
    wanted: Any = [{"sku": r["sku"], "quantity": int(r["quantity"]), "price": r["price"]} for r in lines]
    seed = shop.add_order(
        name=f"#{first['number']}", email=first["email"], shipping_address=address, lines=wanted
    )
    return seed.id


@pytest.mark.row("S1-051")
@pytest.mark.parametrize("template", BOUGHT)
def test_a_template_leaves_nothing_to_chance(project: Path) -> None:
    checked = CliRunner().invoke(app, ["flow", "lint", str(project)])

    assert checked.exit_code == 0, checked.output
    assert "Nothing is left to chance." in checked.stderr


@pytest.mark.row("S1-051")
@pytest.mark.parametrize("template", BOUGHT)
async def test_a_template_buys_its_own_sample_orders(samples: Samples, template: str) -> None:
    for order in samples.orders:
        await samples.floor.deliver("shop-1", samples.shop.order_webhook(order, "orders/paid"))
        await samples.floor.settle()

    books = {
        name: [purchase["order_number"].removeprefix("#") for purchase in box.orders]
        for name, box in samples.suppliers.items()
    }
    assert books == BOUGHT[template]
    assert Counter(case["kind"] for case in await samples.floor.open_cases()) == {}


@pytest.mark.parametrize("template", ["single-supplier"])
def test_one_supplier_needs_no_tracking_app(project: Path) -> None:
    hub = (project / "hub.yaml").read_text()

    assert "\n  tracker: shop-1\n" in hub
    assert "aftership" not in hub


@pytest.mark.parametrize("template", ["multi-supplier", "multi-warehouse"])
def test_with_several_suppliers_an_app_follows_the_parcels(project: Path) -> None:
    hub = (project / "hub.yaml").read_text()

    assert "\n  tracker: tracker-1\n" in hub
    assert "\n  tracker-1:\n    connector: aftership\n" in hub


@pytest.mark.row("S1-073")
@pytest.mark.parametrize("template", ["single-supplier"])
async def test_the_shop_itself_follows_what_its_one_supplier_sends(samples: Samples) -> None:
    floor, shop, workshop = samples.floor, samples.shop, samples.suppliers["workshop"]
    for order in samples.orders:
        await floor.deliver("shop-1", shop.order_webhook(order, "orders/paid"))
        await floor.settle()
    left = floor.now
    parcel = {"tracking_number": NUMBER, "carrier": "UPS"}
    await floor.deliver("workshop", workshop.say(workshop.orders[0]["reference"], "shipped", parcel))
    for _ in range(3):
        await floor.let_pass(minutes=1)

    (sent,) = shop.state.parcels_of(samples.orders[0])
    assert (sent.created_at - left).total_seconds() <= 300
    for word, is_told in (("IN_TRANSIT", True), ("OUT_FOR_DELIVERY", False), ("DELIVERED", True)):
        shop.carrier_says(NUMBER, word)
        if is_told:
            await floor.deliver("shop-1", shop.parcel_webhook(NUMBER))
        for _ in range(3):
            await floor.let_pass(hours=1)

    assert [event.status for event in sent.events] == ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
    names = Counter(e["metric"]["data"]["attributes"]["name"] for e in samples.messages.events)
    heard = ("Tracking Added", "In Transit", "Out For Delivery", "Delivered")
    assert {name: names[name] for name in heard} == dict.fromkeys(heard, 1)
    (row,) = await floor.rows("select status from shipments")
    assert row["status"] == "delivered"
    assert await floor.open_cases() == []


@pytest.mark.parametrize("template", ["single-suplier"])
def test_a_template_that_is_not_there_is_named_with_the_nearest(tmp_path: Path, template: str) -> None:
    refused = CliRunner().invoke(app, ["init", str(tmp_path / "shop"), "--template", template])

    assert refused.exit_code == 1 and 'Did you mean "single-supplier"?' in refused.stderr
    assert not (tmp_path / "shop").exists()
