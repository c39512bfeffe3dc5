"""Eighty orders on a Monday: 72 are bought, 6 lack an apartment number, of 2 the stock is doubtful."""

import csv
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from connectors.aftership.sandbox import AfterShipSandbox
from connectors.alerts.sandbox import AlertsSandbox
from connectors.easypost.sandbox import EasyPostSandbox
from connectors.gorgias.sandbox import GorgiasSandbox
from connectors.klaviyo.sandbox import KlaviyoSandbox
from connectors.shopify.sandbox import ShopifySandbox
from connectors.smtp.sandbox import SmtpSandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from hub.cli.performance import lay_out
from hub.engine.publishing import publish
from hub.project.project import load
from hub.sdk.testing import Sandbox
from hub.store.encoding import from_bytes
from hub.store.health import limbo, touched_by_people
from tests.floor import Floor, open_floor

PACK = files("flows").joinpath("faros")
SOON = timedelta(minutes=10)
"""What rests longer watches a parcel, or waits for a person."""
SHOP, ADDRESS, MESSAGES = ShopifySandbox, EasyPostSandbox, KlaviyoSandbox


def rows(name: str) -> list[dict[str, str]]:
    text = PACK.joinpath("demo", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
async def monday(database_url: str, tmp_path: Path) -> AsyncIterator[Floor]:
    """The demo's merchant, with every order in the shop and nothing said yet."""
    harbour, coastal = SupplierSandbox(), SupplierSandbox()
    doubles: dict[str, Sandbox] = {"shop-1": SHOP(), "address-1": ADDRESS(), "messages-1": MESSAGES()}
    doubles |= {"alerts-1": AlertsSandbox(), "harbour": harbour, "coastal": coastal}
    doubles |= {"mail-1": SmtpSandbox(), "tracker-1": AfterShipSandbox(), "desk-1": GorgiasSandbox()}
    for row in rows("stock.csv"):
        supplier = {"harbour": harbour, "coastal": coastal}[row["supplier"]]
        supplier.stock[row["supplier_sku"]] = int(row["available"])
    lay_out(PACK, tmp_path, PACK / "demo")
    hub = (tmp_path / "hub.yaml").read_text()
    for name in doubles:
        hub = hub.replace(
            f"\n  {name}:\n    connector", f"\n  {name}:\n    base_url: http://{name}.test\n    connector"
        )
    (tmp_path / "hub.yaml").write_text(hub)
    async with open_floor(database_url, doubles) as floor:
        project = load(tmp_path, floor.hub.catalog)
        async with floor.hub.database.transaction() as connection:
            await publish(connection, project.publication(), "test", floor.now)
        await floor.hub.refresh()
        floor.hub.adopt(floor.pump.engine)
        yield floor


def seed(shop: ShopifySandbox) -> list[int]:
    return [order(shop, list(lines)) for _, lines in groupby(rows("orders.csv"), key=lambda r: r["number"])]


def order(shop: ShopifySandbox, lines: list[dict[str, str]]) -> int:
    first = lines[0]
    address = {
        "name": f"{first['first_name']} {first['last_name']}", "address1": first["line1"],
        "address2": first["line2"] or None, "city": first["city"],
        "province_code": first["region"], "zip": first["postcode"],
    }  # fmt: skip
    wanted: Any = [{"sku": r["sku"], "quantity": int(r["quantity"]), "price": r["price"]} for r in lines]
    name, email = f"#{first['number']}", first["email"]
    return shop.add_order(name=name, email=email, shipping_address=address, lines=wanted).id


@pytest.mark.row("S1-059", "S1-060", "S1-061", "S1-062", "S1-063", "S1-065", "S1-067")
async def test_of_eighty_orders_72_are_bought_6_lack_an_apartment_and_2_lack_stock(monday: Floor) -> None:
    shop: Any = monday.sandboxes["shop-1"]
    harbour: Any = monday.sandboxes["harbour"]
    for id in seed(shop):
        await monday.deliver("shop-1", shop.order_paid_webhook(id))
    await monday.settle()
    while await monday.rows("select 1 from runs where due_at < $1 limit 1", monday.now + SOON):
        await monday.let_pass(seconds=30)

    cases = await monday.open_cases()
    held = {kind: {c["subject"] for c in cases if c["kind"] == kind} for kind in ("address", "stock")}
    bought = [o["order_number"] for o in harbour.orders]
    assert (len(bought), len(set(bought))) == (72, 72), "72 at the primary supplier, none twice"
    assert {kind: len(numbers) for kind, numbers in held.items()} == {"address": 6, "stock": 2}
    assert len(cases) == 8
    assert set(bought) | held["address"] | held["stock"] == {str(n) for n in range(8401, 8481)}
    await each_hold_says_what_it_prevented(monday)
    await nobody_was_needed(monday, touched=8)
    await every_decision_shows_its_figures(monday)
    customers_hear_of_no_supplier(monday)
    await no_supplier_heard_of(monday, held["address"])


async def each_hold_says_what_it_prevented(floor: Floor) -> None:
    risks = {"address": "Undeliverable", "stock": "Oversold"}
    for case in await floor.open_cases():
        async with floor.hub.database.connection() as connection:
            box = await floor.hub.vault.box(connection, case["person_id"])
        assert risks[case["kind"]] in from_bytes(box.open(case["body"]))["detail"]["risk"]


async def nobody_was_needed(floor: Floor, touched: int) -> None:
    async with floor.hub.database.connection() as connection:
        assert await touched_by_people(connection) == touched
        assert await limbo(connection) == []
    assert await floor.rows("select * from cases where resolved_by is not null") == []


async def every_decision_shows_its_figures(floor: Floor) -> None:
    decisions = await floor.rows("select * from decisions")
    assert len(decisions) == 72
    for line in [line for decision in decisions for line in decision["lines"]]:
        chosen = next(c for c in line["candidates"] if c["standing"] == "chosen")
        assert chosen["supplier"] == "harbour"
        assert all(c["available"] is not None and c["shipping"]["amount"] for c in line["candidates"])


def customers_hear_of_no_supplier(floor: Floor) -> None:
    """Everything that the brand sent to customers, and what the shop shows them of their orders."""
    messages: Any = floor.sandboxes["messages-1"]
    shop: Any = floor.sandboxes["shop-1"]
    told = Counter(event["metric"]["data"]["attributes"]["name"] for event in messages.events)
    assert told == {"Order Confirmed": 72, "Address Needed": 6}
    shown = [json.dumps(event) for event in messages.events]
    shown += [o.model_dump_json() for o in shop.state.orders.values()]
    terms = ("harbour", "coastal", *(row["supplier_sku"].lower() for row in rows("skus.csv")))
    assert [text for text in shown if any(term in text.lower() for term in terms)] == []


async def no_supplier_heard_of(floor: Floor, numbers: set[str]) -> None:
    """No request about these orders went to any supplier: not even a question."""
    found = await floor.rows(
        """select e.action from effects e join runs r on r.id = e.run_id
           where r.subject = any($1) and e.connection_id in ('harbour', 'coastal')""",
        list(numbers),
    )
    assert found == []
