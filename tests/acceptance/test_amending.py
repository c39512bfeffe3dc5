"""An address that is corrected after the purchase: who can be asked is asked once, and only its yes counts."""

from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms

PARCEL = "1Z999AA10123456784"
BEACON = {"address1": "245 Beacon Street", "city": "Boston", "province_code": "MA", "zip": "02116"}


@pytest.fixture
def terms() -> Terms:
    return Terms(amended=("a", "c"), recalled=("a", "c"))


async def correct(brand: Brand, order: OrderSeed, street: str = "2 Other St") -> None:
    """The address is corrected in the shop, whose webhook says only that the order was changed."""
    brand.shop.change_order(order.id, shipping_address={"address1": street})
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()


def goes_to(brand: Brand, supplier: str = "a") -> str:
    """The street in the supplier's books."""
    return str(brand.purchase(supplier)["ship_to"]["line1"])


def wishes(brand: Brand, supplier: str = "a") -> list[dict[str, Any]]:
    """What the supplier was asked to change, each wish as often as it came."""
    return [wish for wish in brand.suppliers[supplier].amendments.values() if "times" in wish]


async def states(brand: Brand) -> list[str]:
    rows = await brand.floor.rows("select state from amendments order by asked_at, number")
    return [row["state"] for row in rows]


async def decide(brand: Brand, supplier: str, state: str, reason: str = "") -> None:
    """The supplier's webhook says what becomes of the newest wish."""
    (wish, *_) = reversed(wishes(brand, supplier))
    await brand.floor.deliver(supplier, brand.suppliers[supplier].decide(wish["id"], state, reason))
    await brand.floor.settle()


async def test_a_supplier_that_says_yes_at_once_needs_nobody(brand: Brand) -> None:
    order = await brand.buy()
    await correct(brand, order)

    assert (goes_to(brand), await states(brand)) == ("2 Other St", ["amended"])
    assert await brand.floor.open_cases() == []
    await brand.pass_by(minutes=1)
    await correct(brand, order)
    assert [wish["times"] for wish in wishes(brand)] == [1], "it goes there already"


async def test_a_changed_order_that_goes_where_it_should_troubles_no_supplier(brand: Brand) -> None:
    order = await brand.buy()
    before = brand.calls("a")
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()
    assert brand.calls("a") == before
    assert await states(brand) == []


async def test_an_order_that_is_not_bought_yet_is_simply_bought_to_the_new_address(brand: Brand) -> None:
    order = brand.place()
    brand.shop.change_order(order.id, shipping_address={"address1": "2 Other St"})
    await brand.tell(order, "orders/updated")
    await brand.tell(order)
    await brand.floor.settle()
    assert (goes_to(brand), wishes(brand)) == ("2 Other St", [])


async def test_until_the_supplier_says_so_it_is_only_requested(brand: Brand) -> None:
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    await correct(brand, order)
    assert (goes_to(brand) == "2 Other St", await states(brand)) == (False, ["requested"])
    assert await brand.floor.open_cases() == []

    await decide(brand, "a", "accepted")
    assert (goes_to(brand), await states(brand)) == ("2 Other St", ["amended"])
    await decide(brand, "a", "accepted")
    await brand.pass_by(hours=1)
    assert (await states(brand), await brand.floor.open_cases()) == (["amended"], []), (
        "told twice is told once"
    )


async def test_a_yes_whose_webhook_was_lost_is_found_by_asking(brand: Brand) -> None:
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    await correct(brand, order)
    wishes(brand)[0]["state"] = "accepted"
    await brand.pass_by(minutes=31)
    assert (await states(brand), await brand.floor.open_cases()) == (["amended"], [])


async def test_without_an_answer_in_the_policys_time_a_person_is_asked_and_a_late_yes_settles_it(
    brand: Brand,
) -> None:
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    await correct(brand, order)
    await brand.pass_by(minutes=31)
    assert await brand.cases() == {"amend-at-supplier": 1}

    await decide(brand, "a", "accepted")
    assert (await states(brand), await brand.floor.open_cases()) == (["amended"], [])


@pytest.mark.parametrize(
    ("code", "said"), [("too-late", "It has left."), ("rejected", "We do not change this order.")]
)
async def test_a_supplier_that_says_no_is_a_persons_to_call(brand: Brand, code: str, said: str) -> None:
    order = await brand.buy()
    brand.suppliers["a"].refuse(code)
    await correct(brand, order)

    assert (await brand.cases(), await states(brand)) == ({"amend-at-supplier": 1}, ["refused"])
    assert said in await brand.says(await brand.case())
    await brand.floor.resolve(await brand.case(), "amended")
    assert (await states(brand), await brand.floor.open_cases()) == (["amended"], [])


async def test_a_no_that_comes_later_is_a_persons_and_a_yes_after_it_settles_the_case(brand: Brand) -> None:
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    await correct(brand, order)
    await decide(brand, "a", "refused", "It is packed.")
    assert (await brand.cases(), await states(brand)) == ({"amend-at-supplier": 1}, ["refused"])
    assert "It is packed." in await brand.says(await brand.case())

    await decide(brand, "a", "accepted")
    assert (await states(brand), await brand.floor.open_cases()) == (["amended"], [])


async def test_a_person_may_leave_it_at_the_old_address_and_is_not_asked_again(brand: Brand) -> None:
    order = await brand.buy()
    brand.suppliers["a"].refuse("too-late")
    await correct(brand, order)
    await brand.floor.resolve(await brand.case(), "leave")
    await brand.pass_by(minutes=1)
    await correct(brand, order)
    assert (await states(brand), await brand.floor.open_cases()) == (["refused"], [])


async def test_a_wish_whose_answer_was_lost_is_found_and_never_sent_again(brand: Brand) -> None:
    order = await brand.buy()
    brand.suppliers["a"].lose_next_answer("/amendments")
    await correct(brand, order)
    await brand.pass_by(minutes=31)

    assert [wish["times"] for wish in wishes(brand)] == [1]
    assert (goes_to(brand), await states(brand)) == ("2 Other St", ["amended"])
    assert await brand.floor.open_cases() == []


async def test_a_wish_that_was_lost_on_its_way_is_a_persons_and_never_sent_again(brand: Brand) -> None:
    order = await brand.buy()
    brand.suppliers["a"].stall(60, "/amendments")
    await correct(brand, order)
    await brand.pass_by(minutes=31)

    assert (await brand.cases(), await states(brand)) == ({"amend-at-supplier": 1}, ["unknown"])
    said = await brand.says(await brand.case())
    assert "may go to the old address" in said and "whether the supplier was told" in said
    await brand.pass_by(hours=3)
    assert sum(wish["times"] for wish in wishes(brand)) <= 1


async def test_a_supplier_nobody_can_ask_is_a_persons_to_call_and_the_other_is_asked(brand: Brand) -> None:
    order = await brand.buy(lines=[{"sku": "RING-02"}, {"sku": "CUFF-03"}])
    await correct(brand, order)

    assert (goes_to(brand, "c"), goes_to(brand, "b") == "2 Other St") == ("2 Other St", False)
    assert await brand.cases() == {"amend-at-supplier": 1}
    assert brand.purchase("b")["reference"] in await brand.says(await brand.case())


async def test_what_has_left_is_not_asked_for_and_told_to_a_person(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(PARCEL)
    await correct(brand, order)

    assert (wishes(brand), (await brand.cases())["amend-at-supplier"]) == ([], 1)
    assert "A parcel has left." in " ".join(
        [await brand.says(case) for case in await brand.floor.open_cases()]
    )


async def test_a_bad_address_is_told_to_no_supplier(brand: Brand) -> None:
    order = await brand.buy()
    brand.shop.change_order(order.id, shipping_address=BEACON)
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()

    assert (wishes(brand), await brand.cases()) == ([], {"new-address": 1})


async def test_a_bad_address_is_verified_and_asked_about_once_however_often_the_order_changes(
    brand: Brand,
) -> None:
    order = await brand.buy()
    brand.shop.change_order(order.id, shipping_address=BEACON)
    for note in ("", "Leave it at the door", "Ring twice"):
        await brand.pass_by(minutes=1)
        brand.shop.change_order(order.id, note=note)
        await brand.tell(order, "orders/updated")
        await brand.floor.settle()
    assert await brand.cases() == {"new-address": 1}
    assert len(await brand.floor.effects("verify_address")) == 2, "the first address, and the bad one once"
    await brand.floor.resolve(await brand.case(), "seen")
    await brand.pass_by(minutes=1)
    await correct(brand, order)
    assert (await brand.cases(), len(await brand.floor.effects("verify_address"))) == ({}, 3), (
        "another address is looked at"
    )


async def test_a_third_address_is_another_wish(brand: Brand) -> None:
    brand.suppliers["a"].amends_at_once = False
    order = await brand.buy()
    await correct(brand, order)
    await brand.pass_by(minutes=1)
    await correct(brand, order, "3 Third St")
    await decide(brand, "a", "accepted")

    assert [wish["id"][-2:] for wish in wishes(brand)] == ["~1", "~2"]
    assert goes_to(brand) == "3 Third St"


async def test_a_cancelled_order_is_not_sent_elsewhere(brand: Brand) -> None:
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    await correct(brand, order)
    assert (wishes(brand), await states(brand)) == ([], [])
