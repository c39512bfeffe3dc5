"""An ordinary order: from the shop's webhook to the supplier's books, without anybody."""

import pytest

from tests.acceptance.brand import Brand


@pytest.mark.row("S1-035", "S1-036", "S2-013", "S2-059")
async def test_a_paid_order_becomes_one_purchase_order_whose_number_is_kept(brand: Brand) -> None:
    order = await brand.buy()
    assert brand.bought() == [("a", order.name.removeprefix("#"))]
    (kept,) = await brand.floor.rows("select * from purchases")
    assert (kept["state"], kept["supplier_reference"]) == ("confirmed", brand.purchase("a")["id"])
    assert await brand.floor.open_cases() == []
