"""Orders that wait: for their money, for the shop's fraud analysis, for a better address, for stock."""

import time

import pytest

from tests.acceptance.brand import Brand, Terms

BEACON = {"address1": "245 Beacon Street", "city": "Boston", "province_code": "MA", "zip": "02116"}
"""A house with many units: without one, nothing arrives."""


@pytest.mark.row("S1-028", "S2-024", "S2-026")
async def test_a_pending_order_goes_on_by_itself_once_it_is_paid(brand: Brand) -> None:
    order = await brand.buy(financial_status="PENDING")
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])
    brand.shop.change_order(order.id, financial_status="PAID")
    cleared = time.monotonic()
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()
    assert time.monotonic() - cleared <= 5
    assert brand.bought() == [("a", "1001")]
    assert await brand.floor.rows("select * from cases") == []


@pytest.mark.row("S1-121")
async def test_an_authorised_payment_is_waited_for_until_it_is_captured(brand: Brand) -> None:
    order = await brand.buy(financial_status="AUTHORIZED")
    await brand.tell(order, "orders/updated")
    await brand.floor.let_pass(hours=2)
    assert [brand.calls(s) for s in brand.suppliers] == [0, 0, 0]
    brand.shop.change_order(order.id, financial_status="PAID")
    await brand.tell(order, "orders/updated")
    await brand.floor.settle()
    assert brand.bought() == [("a", "1001")]


async def test_an_order_cancelled_before_it_was_paid_asks_nobody(brand: Brand) -> None:
    order = await brand.buy(financial_status="AUTHORIZED")
    brand.shop.change_order(order.id, financial_status="VOIDED", cancelled_at=brand.floor.now)
    await brand.tell(order, "orders/cancelled")
    await brand.tell(order, "orders/updated")
    await brand.floor.let_pass(days=4)
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])


async def test_an_order_nobody_pays_is_shown_after_three_days(brand: Brand) -> None:
    await brand.buy(financial_status="PENDING")
    await brand.floor.let_pass(days=3, minutes=1)
    case = await brand.case()
    assert case["kind"] == "payment"
    assert "has not been paid" in await brand.says(case)
    assert brand.bought() == []


async def test_a_fraud_analysis_is_waited_for_and_then_counts(brand: Brand) -> None:
    order = await brand.buy(recommendation="NONE", assessments=[{"level": "PENDING"}])
    assert (brand.bought(), await brand.floor.open_cases()) == ([], [])
    brand.shop.change_order(order.id, recommendation="ACCEPT", assessments=[{"level": "LOW"}])
    await brand.floor.deliver("shop-1", brand.shop.risk_webhook(order.id))
    await brand.floor.settle()
    assert brand.bought() == [("a", "1001")]


async def test_an_analysis_that_never_comes_is_a_persons_to_judge(brand: Brand) -> None:
    await brand.buy(recommendation="NONE", assessments=[{"level": "PENDING"}])
    await brand.floor.let_pass(minutes=16)
    assert (brand.bought(), await brand.cases()) == ([], {"order-review": 1})


async def test_a_high_risk_is_held_and_bought_only_when_a_person_approves(brand: Brand) -> None:
    order = await brand.buy(recommendation="INVESTIGATE", assessments=[{"level": "HIGH"}])
    assert (brand.bought(), brand.holds(order)) == ([], ["faros-review"])
    case = await brand.case()
    assert case["kind"] == "fraud-review"
    await brand.floor.resolve(case, "approve")
    assert (brand.bought(), brand.holds(order)) == ([("a", "1001")], [])


@pytest.mark.row("S2-028", "S2-089")
@pytest.mark.parametrize("terms", [Terms(policies="{review_value: 500 USD}")])
async def test_an_order_of_1200_dollars_is_reviewed_where_500_is_the_limit(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "NECK-01", "quantity": 20, "price": "60.00"}])
    assert (brand.bought(), await brand.cases()) == ([], {"fraud-review": 1})


@pytest.mark.row("S1-026", "S1-029", "S2-084")
async def test_an_undeliverable_address_is_held_before_any_supplier_hears_of_it(brand: Brand) -> None:
    order = await brand.buy(shipping_address={"address1": "1 Nowhere Lane"})
    case = await brand.case()
    assert case["kind"] == "address"
    assert "undeliverable address" in await brand.says(case)
    assert brand.holds(order) == ["faros-address"]
    assert [brand.calls(s) for s in brand.suppliers] == [0, 0, 0]
    flows = {row["flow"] for row in await brand.floor.runs()}
    assert flows == {"filter", "alert", "notify"}, "nothing was assigned"


@pytest.mark.row("S1-098")
async def test_for_an_undeliverable_address_nothing_is_paid_neither_a_label_nor_a_purchase(
    brand: Brand,
) -> None:
    await brand.buy(shipping_address={"address1": "1 Nowhere Lane"})
    for _ in range(5):
        await brand.floor.let_pass(hours=12)
    done = {row["action"] for row in await brand.floor.rows("select action from effects")}
    assert done == {
        "get_order", "verify_address", "hold_order", "open_ticket", "send_message", "send_alert",
    }, "all that was asked of anybody"  # fmt: skip
    assert brand.verifier.requests == 1, "the service that also sells labels was only asked about the address"
    assert [brand.calls(s) for s in brand.suppliers] == [0, 0, 0]
    assert await brand.floor.rows("select 1 from purchases") == []


async def test_a_missing_apartment_is_held_at_the_shop_and_let_go_with_the_new_address(brand: Brand) -> None:
    order = await brand.buy(shipping_address=BEACON)
    assert (brand.holds(order), brand.bought()) == (["faros-address"], [])
    assert [brand.calls(s) for s in brand.suppliers] == [0, 0, 0]
    case = await brand.case()
    assert "missing apartment/unit" in await brand.says(case)
    brand.shop.change_order(order.id, shipping_address=BEACON | {"address2": "Apt 4B"})
    await brand.floor.resolve(case, "corrected")
    assert brand.bought() == [("a", "1001")]
    assert brand.purchase("a")["ship_to"]["line2"] == "Apt 4B"
    assert brand.holds(order) == []


async def test_another_apps_hold_stays_when_ours_is_let_go(brand: Brand) -> None:
    order = await brand.buy(shipping_address=BEACON)
    brand.shop.add_foreign_hold(order.id)
    brand.shop.change_order(order.id, shipping_address=BEACON | {"address2": "Apt 4B"})
    await brand.floor.resolve(await brand.case(), "corrected")
    held = [h.app for part in brand.shop.state.fulfilment[order.id] for h in part.holds]
    assert held == ["another-app"]


async def test_stock_below_the_threshold_is_held_and_sent_after_restocking(brand: Brand) -> None:
    brand.suppliers["b"].stock["BR2"] = 4
    order = await brand.buy("RING-02")
    case = await brand.case()
    assert (case["kind"], brand.holds(order), brand.bought()) == ("stock", ["faros-stock"], [])
    assert "below the safety threshold of 5" in await brand.says(case)
    brand.suppliers["b"].stock["BR2"] = 40
    await brand.floor.resolve(case, "look-again")
    assert (brand.bought(), brand.holds(order)) == ([("b", "1001")], [])


@pytest.mark.row("S1-064")
async def test_stock_that_the_supplier_confirms_is_sent_and_what_it_denies_falls_back(brand: Brand) -> None:
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 4
    order = await brand.buy()
    await brand.floor.resolve(await brand.case(), "confirmed")
    assert (brand.bought(), brand.holds(order)) == ([("a", "1001")], [])
    await brand.buy()
    assert await brand.cases() == {"stock": 1}
    brand.suppliers["a"].stock["AX1"] = 0
    await brand.floor.resolve(await brand.case(), "confirmed")
    assert brand.bought() == [("a", "1001"), ("b", "1002")]
    assert await brand.floor.open_cases() == []


async def test_an_order_still_short_after_a_confirmation_is_asked_about_again(brand: Brand) -> None:
    brand.suppliers["c"].stock["CC3"] = 4
    await brand.buy("CUFF-03")
    brand.suppliers["c"].stock["CC3"] = 0
    await brand.floor.resolve(await brand.case(), "confirmed")
    assert (brand.bought(), await brand.cases()) == ([], {"out-of-stock": 1})


@pytest.mark.row("S1-027")
async def test_an_article_nobody_has_is_held_as_out_of_stock(brand: Brand) -> None:
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 0
    order = await brand.buy()
    assert (await brand.cases(), brand.holds(order), brand.bought()) == (
        {"out-of-stock": 1},
        ["faros-stock"],
        [],
    )


@pytest.mark.row("S2-088")
async def test_a_probable_duplicate_is_shown_and_both_are_bought_if_the_customer_wants_both(
    brand: Brand,
) -> None:
    await brand.buy(email="ada@example.com")
    await brand.floor.let_pass(minutes=3)
    await brand.buy(email="ada@example.com")
    case = await brand.case()
    assert (case["kind"], brand.bought()) == ("probable-duplicate", [("a", "1001")])
    await brand.floor.resolve(case, "both")
    assert brand.bought() == [("a", "1001"), ("a", "1002")]
