"""An order that leaves too little waits for a person, and what he decides is done once."""

from decimal import Decimal

import pytest

from tests.acceptance.brand import Brand, Terms

A_THIRD = Terms(policies="{safety_threshold: 5, review_value: 1000 USD, smallest_margin: {percent: 33}}")
CHEAP = [{"sku": "NECK-01", "quantity": 1, "price": "20.00"}]
"""Ten for the necklace and four for its parcel: six are left."""

pytestmark = pytest.mark.parametrize("terms", [A_THIRD])


async def test_what_leaves_enough_needs_nobody(brand: Brand) -> None:
    await brand.buy(name="#1001")
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {})


async def test_a_person_sees_the_figures_and_lets_it_be_bought_once(brand: Brand) -> None:
    await brand.buy(name="#1001", lines=CHEAP)
    case = await brand.case()
    assert (case["kind"], brand.bought()) == ("small-margin", [])
    said = await brand.says(case)
    assert "It costs 14.00 USD of 20.00 paid, which leaves 6.00, 30.0 %; at least 33 % must be left." in said
    await brand.floor.resolve(case, "buy")
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {})


async def test_dearer_by_the_time_it_is_decided_he_is_asked_again(brand: Brand) -> None:
    await brand.buy(name="#1001", lines=CHEAP)
    asked = await brand.case()
    dearer = brand.terms.skus.replace("NECK-01,a,AX1,10.00", "NECK-01,a,AX1,11.50")
    await brand.publish(skus=dearer)
    await brand.floor.resolve(asked, "buy")
    again = await brand.case()
    assert "It costs 15.50 USD" in await brand.says(again)
    assert brand.bought() == []
    await brand.publish(skus=dearer.replace("11.50", "8.00"))
    await brand.floor.resolve(again, "look-again")
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {})


async def test_a_person_gives_the_money_back(brand: Brand) -> None:
    order = await brand.buy(name="#1001", lines=CHEAP)
    await brand.floor.resolve(await brand.case(), "refund")
    assert brand.shop.state.orders[order.id].cancelled_at is not None
    assert (brand.bought(), await brand.cases()) == ([], {})
    await brand.pass_by(minutes=10)
    assert brand.heard() == {"Cancelled": 1}


async def test_only_what_is_not_shipped_is_given_back(brand: Brand) -> None:
    card = {
        "sku": None,
        "title": "Gift card",
        "gift_card": True,
        "requires_shipping": False,
        "price": "50.00",
    }
    order = await brand.buy(name="#1001", lines=[*CHEAP, card])
    await brand.floor.resolve(await brand.case(), "refund")
    (refund,) = brand.shop.state.refunds[order.id]
    assert (refund.amount(), order.cancelled_at) == (Decimal("20.00"), None)
    await brand.pass_by(minutes=10)
    assert brand.heard() == {"Refunded": 1}


async def test_who_buys_it_by_hand_is_asked_no_more(brand: Brand) -> None:
    await brand.buy(name="#1001", lines=CHEAP)
    await brand.floor.resolve(await brand.case(), "by-hand")
    await brand.floor.let_pass(hours=3)
    assert brand.bought() == []
    assert (await brand.ends())["assign: A person bought it by hand"] == 1
