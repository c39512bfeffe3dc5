"""A store that lets nothing be bought by itself: each purchase waits for a person, and goes out once they say so."""

from typing import Any

import pytest

from tests.acceptance.brand import Brand, Terms

APPROVE = Terms(policies="{safety_threshold: 5, buying: approve}")


async def queue(brand: Brand) -> list[Any]:
    """The purchases that wait to be approved."""
    return [case for case in await brand.floor.open_cases() if case["kind"] == "approval"]


@pytest.mark.row("S1-020")
@pytest.mark.parametrize("terms", [APPROVE], ids=["approve"])
async def test_ten_orders_are_ten_purchases_in_a_queue_and_none_is_sent_until_a_click(brand: Brand) -> None:
    orders = [await brand.buy() for _ in range(10)]
    await brand.pass_by(hours=1)

    waiting = await queue(brand)
    assert len(waiting) == 10 and brand.bought() == []
    said = await brand.says(waiting[0])
    assert "purchase" in said and "NECK-01" in said

    for clicks, case in enumerate(waiting, 1):
        await brand.floor.resolve(case, "buy")
        assert len(brand.bought()) == clicks
    assert sorted(brand.bought()) == sorted(("a", order.name.removeprefix("#")) for order in orders)
    assert await queue(brand) == []


@pytest.mark.parametrize("terms", [APPROVE], ids=["approve"])
async def test_a_purchase_that_is_turned_down_is_never_sent_and_its_units_are_free(brand: Brand) -> None:
    brand.suppliers["a"].stock["AX1"] = 6
    await brand.buy(quantity=4)
    (case,) = await queue(brand)

    await brand.floor.resolve(case, "leave")

    assert brand.bought() == [] and await queue(brand) == []
    assert await brand.floor.rows("select * from reservations where state <> 'released'") == []
    (purchase,) = await brand.floor.rows("select state, reason from purchases")
    assert dict(purchase) == {"state": "given-back", "reason": "turned-down"}


@pytest.mark.parametrize("terms", [APPROVE], ids=["approve"])
async def test_an_order_cancelled_while_it_waits_is_not_bought_though_somebody_clicks(brand: Brand) -> None:
    order = await brand.buy()
    (case,) = await queue(brand)
    await brand.cancel(order)
    await brand.floor.settle()

    still = await queue(brand)
    for case in still:
        await brand.floor.resolve(case, "buy")

    assert brand.bought() == []


@pytest.mark.parametrize("terms", [APPROVE], ids=["approve"])
async def test_a_click_after_the_units_were_let_go_asks_again(brand: Brand) -> None:
    await brand.buy()
    await brand.pass_by(hours=25)
    (late,) = await queue(brand)

    await brand.floor.resolve(late, "buy")

    assert brand.bought() == []
    (anew,) = await queue(brand)
    await brand.floor.resolve(anew, "buy")
    assert len(brand.bought()) == 1


async def test_otherwise_nobody_is_asked(brand: Brand) -> None:
    await brand.buy()

    assert len(brand.bought()) == 1 and await queue(brand) == []
