"""Cancelled after it was bought: each supplier is somebody's to call, and what has left already is shown."""

import pytest

from tests.acceptance.brand import Brand

PARCEL = "1Z999AA10123456784"


def told(brand: Brand) -> list[str]:
    """Which notices the customers were sent, in order."""
    return [event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events]


async def test_each_supplier_of_the_order_is_a_case_of_its_own_and_says_which_purchase_it_is(
    brand: Brand,
) -> None:
    order = await brand.buy(lines=[{"sku": "RING-02"}, {"sku": "CUFF-03"}])
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.cases() == {"cancel-at-supplier": 2}
    said = [await brand.says(case) for case in await brand.floor.open_cases()]
    assert all(any(brand.purchase(s)["reference"] in text for text in said) for s in ("b", "c"))
    stopped, ships = await brand.floor.open_cases()
    await brand.floor.resolve(stopped, "stopped")
    assert await brand.cases() == {"cancel-at-supplier": 1}, "the other one is still to be called"
    await brand.floor.resolve(ships, "ships")
    rows = await brand.floor.rows("select outcome from cases where kind = 'cancel-at-supplier'")
    assert {row["outcome"] for row in rows} == {"shipped-anyway"}


async def test_a_parcel_that_has_left_already_is_named_in_the_case(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(PARCEL)
    await brand.cancel(order)
    await brand.floor.settle()
    assert PARCEL in await brand.says(await brand.case())


async def test_what_the_supplier_gave_back_before_is_nobodys_to_call_off(brand: Brand) -> None:
    order = await brand.buy("CUFF-03")
    await brand.supplier_says("c", "rejected")
    await brand.cancel(order)
    await brand.floor.settle()
    assert "cancel-at-supplier" not in await brand.cases()


@pytest.mark.parametrize("seconds", [0, 59])
async def test_who_cancels_within_the_minute_hears_of_no_confirmation(brand: Brand, seconds: int) -> None:
    order = await brand.buy()
    await brand.floor.let_pass(seconds=seconds)
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.floor.let_pass(hours=2)
    assert told(brand) == []
