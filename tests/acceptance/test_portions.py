"""Ten of an article of which nobody has ten: suppliers share them, and the shop shows each parcel with its own."""

from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.figures_desk import named, reader, report, value
from tests.acceptance.shelves import refunds, told
from tests.acceptance.test_stalled import pass_until_after
from tests.acceptance.test_stalled_crash import dies

FIRST, SECOND, THIRD = "1Z999AA10000000018", "1Z999AA10000000027", "1Z999AA10000000036"
SHARED = Terms(
    policies="{safety_threshold: 0, review_value: 1000 USD, split_line: when_short, min_pieces: 2}",
    skus="""sku,supplier,supplier_sku,unit_cost,currency
NECK-01,a,AX1,10.00,USD
NECK-01,b,BX9,12.00,USD
NECK-01,c,CX1,14.00,USD
""",
)
ARTICLES = {"a": "AX1", "b": "BX9", "c": "CX1"}

pytestmark = pytest.mark.parametrize("terms", [SHARED])


def shelves(brand: Brand, **units: int) -> None:
    """So many each supplier has."""
    for name, has in units.items():
        brand.suppliers[name].stock[ARTICLES[name]] = has


def shares(brand: Brand) -> dict[str, list[int]]:
    """By supplier the units of each purchase order in its books."""
    books = {name: [o["lines"][0]["quantity"] for o in box.orders] for name, box in brand.suppliers.items()}
    return {name: units for name, units in books.items() if units}


async def ten(brand: Brand, **fields: Any) -> OrderSeed:
    return await brand.buy("NECK-01", 10, **fields)


async def test_ten_are_six_and_four_in_two_parcels_and_the_shop_shows_each_once(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=0)
    order = await ten(brand)
    line = order.lines[0].id
    assert shares(brand) == {"a": [6], "b": [4]}
    await brand.ships(FIRST, "a")
    assert brand.parcels(order) == {FIRST: {line: 6}}
    await brand.ships(SECOND, "b")
    assert brand.parcels(order) == {FIRST: {line: 6}, SECOND: {line: 4}}
    for name, number in (("a", FIRST), ("b", SECOND)):  # said once more, as suppliers do
        await brand.ships(number, name)
        await brand.scanned(number, "Delivered")
    await brand.pass_by(hours=1)
    assert brand.parcels(order) == {FIRST: {line: 6}, SECOND: {line: 4}}
    assert len(await brand.floor.effects("fulfil_order")) == 2
    assert told(brand).count("Tracking Added") == 2
    assert await brand.cases() == {}


async def test_it_is_one_line_in_the_books_and_the_story_says_who_ships_how_much(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=3)
    await ten(brand)
    await brand.ships(FIRST, "a")
    await brand.ships(SECOND, "b")
    figures = await report(brand, "reconciliation")
    counted = ("lines_sold", "lines_bought", "lines_shipped", "unexplained_differences")
    assert [value(figures, name) for name in counted] == [1, 1, 1, 0]
    assert named(figures, "explained_differences") == []
    assert await report(brand, "margin") == [], "nobody could have had it alone"
    async with reader(brand) as client:
        story = (await client.get("/orders/1001")).json()
    assert [(line["sku"], line["quantity"]) for line in story["lines"]] == [("NECK-01", 10)]
    (decision,) = story["decisions"]
    told_of = [(line["supplier"], line["quantity"], line["shares"]) for line in decision["lines"]]
    both = [{"supplier": "a", "quantity": 6}, {"supplier": "b", "quantity": 4}]
    assert told_of == [("a", 6, both), ("b", 4, both)]


async def test_what_one_of_them_refuses_goes_to_a_third_and_the_rest_stays_bought(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=5)
    brand.suppliers["b"].refuse("out-of-stock")
    order = await ten(brand)
    assert shares(brand) == {"a": [6], "c": [4]}
    await brand.ships(FIRST, "a")
    await brand.ships(SECOND, "c")
    assert brand.parcels(order) == {FIRST: {order.lines[0].id: 6}, SECOND: {order.lines[0].id: 4}}
    assert await brand.cases() == {}


async def test_of_what_nobody_else_has_the_customer_gets_the_money_and_the_rest_of_the_order(
    brand: Brand,
) -> None:
    shelves(brand, a=6, b=4, c=0)
    brand.suppliers["b"].refuse("out-of-stock")
    order = await ten(brand)
    assert (shares(brand), await brand.cases()) == ({"a": [6]}, {"out-of-stock": 1})
    await brand.floor.resolve(await brand.case(), "refund")
    await brand.pass_by(minutes=5)
    assert refunds(brand, order) == [Decimal("240.00")]
    await brand.ships(FIRST, "a")
    assert brand.parcels(order) == {FIRST: {order.lines[0].id: 6}}
    assert (shares(brand), await brand.cases(), order.cancelled_at) == ({"a": [6]}, {}, None)


async def test_a_lost_portion_is_sent_again_and_the_other_goes_its_way(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=0)
    order = await ten(brand)
    line = order.lines[0].id
    await brand.ships(FIRST, "a")
    await brand.ships(SECOND, "b")
    await brand.scanned(SECOND, "InTransit")
    shelves(brand, a=0, b=0, c=9)
    await pass_until_after(brand, hours=72, minutes=1)
    await brand.scanned(SECOND, "Delivered")
    (case,) = [c for c in await brand.floor.open_cases() if FIRST in await brand.says(c)]
    await brand.floor.resolve(case, "replace")
    await brand.pass_by(minutes=5)
    assert shares(brand) == {"a": [6], "b": [4], "c": [6]}
    await brand.ships(THIRD, "c")
    assert brand.parcels(order) == {THIRD: {line: 6}, SECOND: {line: 4}}
    assert refunds(brand, order) == []


async def test_a_lost_portion_that_nobody_has_is_paid_back_and_no_more(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=0)
    order = await ten(brand)
    await brand.ships(FIRST, "a")
    await brand.ships(SECOND, "b")
    await brand.scanned(FIRST, "Delivered")
    shelves(brand, a=0, b=0)
    await pass_until_after(brand, days=6)
    assert refunds(brand, order) == [Decimal("240.00")]
    assert shares(brand) == {"a": [6], "b": [4]}


async def test_an_order_that_is_cancelled_stops_both_purchases(brand: Brand) -> None:
    shelves(brand, a=6, b=4, c=0)
    order = await ten(brand)
    await brand.cancel(order)
    await brand.floor.settle()
    asked = [await brand.says(case) for case in await brand.floor.open_cases()]
    assert len(asked) == 2
    assert {name for name in "ab" if any(brand.purchase(name)["reference"] in said for said in asked)} == {
        "a",
        "b",
    }


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("step_committed", 3),
        ("intent_committed", 7),
        ("response_read", 6),
        ("intent_committed", 9),
        ("response_read", 8),
    ],
    ids=["decided", "a not sent", "a answered", "b not sent", "b answered"],
)
async def test_a_worker_that_dies_while_it_is_bought_leaves_each_portion_bought_once(
    brand: Brand, point: str, nth: int
) -> None:
    brand.floor.unrationed()
    shelves(brand, a=6, b=4, c=0)
    await brand.tell(brand.place("NECK-01", 10))
    await dies(brand, point, nth)
    await brand.floor.let_pass(seconds=1)
    await brand.pass_by(minutes=10)
    assert (shares(brand), await brand.cases()) == ({"a": [6], "b": [4]}, {})
