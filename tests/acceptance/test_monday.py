"""Eighty orders on a Monday: 72 are bought, 6 lack an apartment number, of 2 the stock is doubtful."""

import csv
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from connectors.shopify.sandbox import ShopifySandbox
from hub.assembly import catalog_of
from hub.cli.demo_suppliers import set_up
from hub.cli.doubles import Doubles
from hub.cli.performance import lay_out
from hub.engine.publishing import publish
from hub.project.project import load
from hub.store.encoding import from_bytes
from hub.store.health import limbo, touched_by_people
from tests.floor import Floor, open_floor

PACK = files("flows").joinpath("faros")
SOON = timedelta(minutes=10)
"""What rests longer watches a parcel, or waits for a person."""
DOUBLES = {
    "shop-1": "shopify", "address-1": "easypost", "messages-1": "klaviyo", "mail-1": "smtp",
    "tracker-1": "aftership", "desk-1": "gorgias", "alerts-1": "alerts",
    "harbour": "supplier_api", "coastal": "supplier_csv", "elmwood": "supplier_email",
}  # fmt: skip
BY_COST = {"harbour": 43, "coastal": 15, "elmwood": 14}
"""Of 72 purchases, how many each supplier can ship for less than the others: by API, by file, by mail."""


def rows(name: str) -> list[dict[str, str]]:
    text = PACK.joinpath("demo", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@asynccontextmanager
async def a_monday(database_url: str, folder: Path, rule: str) -> AsyncIterator[Floor]:
    """The demo's merchant with one more line in its rule, with every order in the shop and nothing said yet."""
    doubles = Doubles(catalog_of())
    lay_out(PACK, folder, PACK / "demo")
    hub = (folder / "hub.yaml").read_text()
    for name in DOUBLES:
        hub = hub.replace(
            f"\n  {name}:\n    connector", f"\n  {name}:\n    base_url: http://{name}.test\n    connector"
        )
    use = "    use: [harbour, coastal, elmwood]\n"
    assert use in hub
    (folder / "hub.yaml").write_text(hub.replace(use, use + rule))
    sandboxes = {name: doubles.double(connector, name) for name, connector in DOUBLES.items()}
    async with open_floor(database_url, sandboxes) as floor:
        await set_up(PACK / "demo", doubles, floor.hub)
        project = load(folder, floor.hub.catalog)
        async with floor.hub.database.transaction() as connection:
            await publish(connection, project.publication(), "test", floor.now)
        await floor.hub.refresh()
        floor.hub.adopt(floor.pump.engine)
        await floor.let_pass(seconds=1)
        yield floor


@pytest.fixture
async def monday(database_url: str, tmp_path: Path) -> AsyncIterator[Floor]:
    """One supplier comes before all others."""
    async with a_monday(database_url, tmp_path, "    prefer: [harbour]\n") as floor:
        yield floor


@pytest.fixture
async def cheapest(database_url: str, tmp_path: Path) -> AsyncIterator[Floor]:
    """The whole cost decides, as in the demo."""
    async with a_monday(database_url, tmp_path, "") as floor:
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
    harbour: Any = monday.sandboxes["harbour"]
    await eighty_orders(monday)

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


async def test_the_same_orders_go_out_by_api_by_file_and_by_mail_where_each_costs_least(
    cheapest: Floor,
) -> None:
    await eighty_orders(cheapest)
    desks: dict[str, Any] = dict(cheapest.sandboxes)
    books = {name: desks[name].bought() for name in ("harbour", "coastal", "elmwood")}
    assert {name: bought.total() for name, bought in books.items()} == BY_COST
    assert {times for bought in books.values() for times in bought.values()} == {1}
    assert Counter(c["kind"] for c in await cheapest.open_cases()) == {"address": 6, "stock": 2}
    await nobody_was_needed(cheapest, touched=8)


async def eighty_orders(floor: Floor) -> None:
    """They come in, and the hub does what it can."""
    shop: Any = floor.sandboxes["shop-1"]
    for id in seed(shop):
        await floor.deliver("shop-1", shop.order_paid_webhook(id))
    await floor.settle()
    while await floor.rows("select 1 from runs where due_at < $1 limit 1", floor.now + SOON):
        await floor.let_pass(seconds=30)


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
    terms = ("harbour", "coastal", "elmwood", *(row["supplier_sku"].lower() for row in rows("skus.csv")))
    assert [text for text in shown if any(term in text.lower() for term in terms)] == []


async def no_supplier_heard_of(floor: Floor, numbers: set[str]) -> None:
    """No request about these orders went to any supplier: not even a question."""
    found = await floor.rows(
        """select e.action from effects e join runs r on r.id = e.run_id
           where r.subject = any($1) and e.connection_id in ('harbour', 'coastal', 'elmwood')""",
        list(numbers),
    )
    assert found == []
