"""A supplier that ships late gets dearer, by what the store says that its broken promises cost."""

import pytest

from tests.acceptance.brand import Brand, Terms

AT_A_PRICE = Terms(
    policies="{safety_threshold: 5, review_value: 1000 USD, promise_risk: {price: 20 USD, least_purchases: 2}}"
)


@pytest.mark.parametrize("terms", [AT_A_PRICE])
async def test_orders_go_elsewhere_once_a_supplier_is_known_to_ship_late(brand: Brand) -> None:
    """a takes what it is sent and lets none of it leave; b is two dollars dearer."""
    await brand.buy(name="#1001")
    await brand.buy(name="#1002", email="another@example.com")
    assert brand.bought() == [("a", "1001"), ("a", "1002")]
    await brand.floor.let_pass(days=4)

    await brand.buy(name="#1003", email="third@example.com")
    assert brand.bought()[-1] == ("b", "1003")
    (line,) = (await brand.decisions())[-1]["lines"]
    assert line["reason"] == "risk(a)"
    risk = {found["supplier"]: found["risk"] for found in line["candidates"]}
    assert (risk["a"]["late"], risk["a"]["purchases"], risk["a"]["cost"]["amount"]) == (2, 2, "20.00")
    assert risk["b"]["unknown"] == "0 purchases say too little, 2 are needed."


async def test_a_store_that_sets_no_price_weighs_nobody(brand: Brand) -> None:
    await brand.buy(name="#1001")
    await brand.floor.let_pass(days=4)
    assert await brand.floor.rows("select * from supplier_risks") == []
    await brand.buy(name="#1002", email="another@example.com")
    assert brand.bought() == [("a", "1001"), ("a", "1002")]
