"""A supplier that can be asked to stop a cancelled order is asked. Only its own yes counts, and not for ever."""

import pytest

from tests.acceptance.brand import Brand, Terms

PARCEL = "1Z999AA10123456784"


@pytest.fixture
def terms() -> Terms:
    return Terms(recalled=("a", "c"))


async def test_a_supplier_that_stops_it_at_once_needs_nobody(brand: Brand) -> None:
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    assert brand.purchase("a")["status"] == "cancelled"
    assert await brand.floor.open_cases() == []
    (row,) = await brand.floor.rows("select state, reason from purchases")
    assert (row["state"], row["reason"]) == ("given-back", "cancelled")
    await brand.supplier_says("a", "cancelled")
    await brand.pass_by(minutes=10)
    assert (brand.bought(), await brand.floor.open_cases()) == ([("a", "1001")], []), (
        "nor is it bought elsewhere"
    )


async def test_a_supplier_that_takes_its_time_has_not_stopped_it_until_it_says_so(brand: Brand) -> None:
    brand.suppliers["a"].stops_at_once = False
    order = await brand.buy()
    await brand.cancel(order)
    await brand.pass_by(minutes=10)
    assert await brand.floor.open_cases() == []
    await brand.supplier_says("a", "in_production")
    assert await brand.floor.open_cases() == [], "it goes on, and may still say yes"
    await brand.supplier_says("a", "cancelled")
    await brand.pass_by(hours=3)
    assert await brand.floor.open_cases() == []
    await brand.buy()
    assert brand.bought() == [("a", "1001"), ("a", "1002")], "it has not run out: it did as it was asked"


async def test_a_yes_whose_webhook_was_lost_is_found_by_asking(brand: Brand) -> None:
    brand.suppliers["a"].stops_at_once = False
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    brand.purchase("a")["status"] = "cancelled"
    await brand.pass_by(hours=3)
    assert await brand.floor.open_cases() == []


async def test_without_an_answer_in_the_policys_time_a_person_is_asked(brand: Brand) -> None:
    await brand.publish(policies="{safety_threshold: 5, recall_within: 10 minutes}")
    brand.suppliers["a"].stops_at_once = False
    order = await brand.buy()
    await brand.cancel(order)
    await brand.pass_by(minutes=9)
    assert await brand.floor.open_cases() == []
    await brand.pass_by(minutes=2)
    assert await brand.cases() == {"cancel-at-supplier": 1}
    assert "has not answered in time" in await brand.says(await brand.case())


@pytest.mark.parametrize("code", ["too-late", "rejected"])
async def test_a_supplier_that_says_no_is_a_persons_to_call(brand: Brand, code: str) -> None:
    order = await brand.buy()
    brand.suppliers["a"].refuse(code)
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.cases() == {"cancel-at-supplier": 1}
    said = {"too-late": "It has left.", "rejected": "We do not stop this order."}[code]
    assert said in await brand.says(await brand.case())


async def test_what_leaves_while_its_supplier_makes_up_its_mind_is_shown_at_once(brand: Brand) -> None:
    brand.suppliers["a"].stops_at_once = False
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.ships(PARCEL)
    assert (await brand.cases())["cancel-at-supplier"] == 1


async def test_what_ships_in_spite_of_a_yes_is_not_silent(brand: Brand) -> None:
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.pass_by(days=3)
    await brand.supplier_says("a", "shipped", {"tracking_number": PARCEL, "carrier": "UPS"})
    (case,) = [case for case in await brand.floor.open_cases() if case["kind"] == "cancel-at-supplier"]
    reference = brand.purchase("a")["reference"]
    assert f"had cancelled {reference}, and now ships it" in await brand.says(case)


async def test_a_month_after_a_yes_nobody_waits_any_more(brand: Brand) -> None:
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    await brand.supplier_says("a", "cancelled")
    await brand.pass_by(days=31)
    assert await brand.floor.open_cases() == []
    assert await brand.floor.rows("select 1 from runs where flow = 'cancelled' and ended_at is null") == []


async def test_a_supplier_nobody_can_ask_is_a_persons_to_call_and_the_other_is_asked(brand: Brand) -> None:
    order = await brand.buy(lines=[{"sku": "RING-02"}, {"sku": "CUFF-03"}])
    await brand.cancel(order)
    await brand.floor.settle()
    assert brand.purchase("c")["status"] == "cancelled"
    assert await brand.cases() == {"cancel-at-supplier": 1}
    assert brand.purchase("b")["reference"] in await brand.says(await brand.case())


async def test_a_supplier_that_cannot_be_reached_is_late_within_the_hour(brand: Brand) -> None:
    order = await brand.buy()
    await brand.pause("a")
    await brand.cancel(order)
    await brand.pass_by(minutes=61)
    assert (await brand.cases())["late"] == 1
    await brand.resume("a")
    await brand.pass_by(minutes=2)
    assert brand.purchase("a")["status"] == "cancelled"


async def test_what_its_supplier_has_stopped_is_not_late_for_leaving(brand: Brand) -> None:
    order = await brand.buy()
    await brand.cancel(order)
    await brand.pass_by(days=10)

    assert await brand.floor.open_cases() == []
    assert await brand.floor.rows("select 1 from runs where flow = 'watch' and ended_at is null") == []
    assert await brand.floor.rows("select 1 from clocks where state in ('running', 'broken')") == []
    assert brand.bought() == [("a", "1001")], "nor is it bought elsewhere"
