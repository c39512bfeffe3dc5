"""Of ten, six can be had: the four that nobody has are replaced by another article, and the six are sent."""

from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from tests.acceptance.brand import Brand, Terms
from tests.acceptance.shelves import refunds
from tests.acceptance.test_portions import FIRST, SECOND, SHARED, shelves
from tests.acceptance.test_stockouts import EQUAL, open_list
from tests.acceptance.visitors import mails, path

SWAPPED = Terms(
    policies=SHARED.policies,
    rules="[{id: everybody, use: [a, b, c]}]\nsubstitutes: substitutes.csv",
    skus=f"{SHARED.skus}NECK-1B,c,CX1B,9.00,USD\n",
)


@pytest.fixture
def terms(tmp_path: Path) -> Terms:
    open_list(tmp_path, EQUAL)
    return SWAPPED


@pytest.mark.parametrize(("refuses", "lacking"), [("b", 4), ("a", 6)])
async def test_what_one_supplier_refuses_and_nobody_has_is_swapped_and_the_rest_is_not(
    brand: Brand, refuses: str, lacking: int
) -> None:
    brand.shop.add_variant("NECK-1B", "45.00", "The golden necklace")
    shelves(brand, a=6, b=4, c=0)
    brand.suppliers[refuses].refuse("out-of-stock")
    order = await brand.buy("NECK-01", 10)
    await brand.pass_by(minutes=2)
    other = "a" if refuses == "b" else "b"
    bought = {
        name: [(line["sku"], line["quantity"]) for o in box.orders for line in o["lines"]]
        for name, box in brand.suppliers.items()
        if box.orders
    }
    kept = {"a": "AX1", "b": "BX9"}[other]
    assert bought == {other: [(kept, 10 - lacking)], "c": [("CX1B", lacking)]}
    assert {line.sku: line.left() for line in order.lines} == {"NECK-01": 10 - lacking, "NECK-1B": lacking}
    assert refunds(brand, order) == [Decimal(15 * lacking)]
    await brand.ships(FIRST, other)
    await brand.ships(SECOND, "c")
    units = {number: sum(lines.values()) for number, lines in brand.parcels(order).items()}
    assert units == {FIRST: 10 - lacking, SECOND: lacking}
    assert await brand.cases() == {}


async def test_of_two_shares_that_are_taken_back_the_customer_is_asked_about_each(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    (brand.folder / "substitutes.csv").write_text("")
    shelves(brand, a=6, b=4, c=0)
    order = await brand.buy("NECK-01", 10)
    shelves(brand, a=0, b=0)
    for supplier in ("b", "a"):
        await brand.supplier_says(supplier, "rejected")
        await brand.pass_by(minutes=1)
    links = [path(asked["refund_url"]) for asked in mails(brand, "Out Of Stock Choice")]
    assert (len(set(links)), await brand.cases()) == (2, {"out-of-stock": 2})
    for link in links:
        assert "Give me my money back" in (await browser.get(link)).text, "a later question settles no other"
    await browser.post(links[0], data={"choice": "refund"})
    await brand.pass_by(minutes=1)
    assert await brand.cases() == {"out-of-stock": 1}, "an answer is about one of them"
    await brand.tell(order, "orders/cancelled")
    await brand.pass_by(minutes=1)
    assert (refunds(brand, order), await brand.cases()) == ([Decimal("600.00")], {})
