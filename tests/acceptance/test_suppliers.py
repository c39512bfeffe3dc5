"""Suppliers as they are: out of stock at the last moment, unwilling, silent; nothing is bought twice or forgotten."""

import pytest

from tests.acceptance.brand import Brand, Terms


@pytest.mark.row("S1-054", "S1-055", "S2-042")
async def test_an_empty_shelf_falls_back_to_the_next_supplier_by_itself(brand: Brand) -> None:
    brand.suppliers["a"].stock["AX1"] = 0
    brand.suppliers["b"].stock["BX9"] = 5
    await brand.buy()
    assert brand.bought() == [("b", "1001")]
    (decision,) = await brand.decisions()
    assert decision["lines"][0]["reason"] == "fallback:oos(a)"
    assert [x["sku"] for x in brand.purchase("b")["lines"]] == ["BX9"]
    assert await brand.floor.rows("select * from cases") == []


async def test_a_supplier_that_sold_out_meanwhile_is_replaced_by_the_next(brand: Brand) -> None:
    brand.suppliers["a"].refuse("out-of-stock")
    await brand.buy()
    assert brand.bought() == [("b", "1001")]
    assert await brand.floor.rows("select * from cases") == []
    assert [d["lines"][0]["reason"] for d in await brand.decisions()] == [
        "margin",
        "fallback:oos(a)",
    ]


async def test_when_one_of_two_suppliers_sold_out_the_other_still_gets_its_lines(brand: Brand) -> None:
    brand.suppliers["a"].refuse("out-of-stock")
    await brand.buy(lines=[{"sku": "NECK-01"}, {"sku": "CUFF-03"}])
    assert brand.bought() == [("b", "1001"), ("c", "1001")]
    assert await brand.floor.open_cases() == []


@pytest.mark.row("S2-034", "S2-037")
async def test_an_order_of_two_suppliers_is_two_purchases_with_each_line_once(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "RING-02"}, {"sku": "CUFF-03"}])
    assert brand.bought() == [("b", "1001"), ("c", "1001")]
    assert [x["sku"] for x in brand.purchase("b")["lines"]] == ["BR2"]
    assert [x["sku"] for x in brand.purchase("c")["lines"]] == ["CC3"]
    (decision,) = await brand.decisions()
    assert sorted(x["sku"] for x in decision["lines"]) == ["CUFF-03", "RING-02"]


@pytest.mark.row("S2-082")
async def test_a_rejection_inside_a_200_is_a_rejection(brand: Brand) -> None:
    brand.suppliers["c"].refuse("rejected-in-body")
    await brand.buy("CUFF-03")
    case = await brand.case()
    assert case["kind"] == "supplier-refused"
    (kept,) = await brand.floor.rows("select * from purchases")
    assert kept["state"] == "given-back"


async def test_a_supplier_that_refuses_is_shown_and_another_is_tried_when_a_person_says_so(
    brand: Brand,
) -> None:
    brand.suppliers["a"].refuse("rejected")
    await brand.buy()
    case = await brand.case()
    assert (case["kind"], brand.bought()) == ("supplier-refused", [])
    await brand.floor.resolve(case, "elsewhere")
    assert brand.bought() == [("b", "1001")]


@pytest.mark.row("S2-083")
async def test_an_address_the_supplier_refuses_is_an_address_case_and_goes_on_when_corrected(
    brand: Brand,
) -> None:
    brand.suppliers["a"].refuse("address-invalid")
    order = await brand.buy()
    case = await brand.case()
    assert (case["kind"], brand.bought()) == ("address", [])
    brand.shop.change_order(order.id, shipping_address={"address1": "1 Main St"})
    await brand.floor.resolve(case, "corrected")
    assert brand.bought() == [("a", "1001")]
    assert brand.purchase("a")["ship_to"]["line1"] == "1 Main St"


async def test_a_lost_answer_is_asked_for_again_with_the_same_key(brand: Brand) -> None:
    brand.suppliers["a"].lose_next_answer("/purchase-orders")
    await brand.buy()
    await brand.floor.let_pass(minutes=5)
    assert brand.bought() == [("a", "1001")]
    assert await brand.floor.open_cases() == []
    (effect,) = await brand.floor.effects("create_purchase_order")
    assert effect["state"] == "confirmed"


@pytest.mark.parametrize("terms", [Terms(promise="checkable")])
async def test_a_lost_answer_is_looked_up_where_the_supplier_can_be_asked(brand: Brand) -> None:
    brand.suppliers["a"].lose_next_answer("/purchase-orders")
    await brand.buy()
    await brand.floor.let_pass(minutes=5)
    assert brand.bought() == [("a", "1001")]
    assert await brand.floor.open_cases() == []


@pytest.mark.parametrize("terms", [Terms(promise="unsafe")])
async def test_a_lost_answer_of_a_supplier_that_cannot_be_asked_is_a_persons_to_settle(
    brand: Brand,
) -> None:
    brand.suppliers["a"].lose_next_answer("/purchase-orders")
    await brand.buy()
    await brand.floor.let_pass(hours=12)
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {"effect-in-doubt": 1})


async def test_a_supplier_that_is_away_gets_the_order_once_it_is_back(brand: Brand) -> None:
    for _ in range(3):
        brand.suppliers["a"].fail_next("/stock")
    await brand.buy()
    assert brand.bought() == []
    await brand.floor.let_pass(minutes=15)
    await brand.floor.let_pass(minutes=15)
    await brand.floor.let_pass(minutes=15)
    assert brand.bought() == [("a", "1001")]
    assert await brand.floor.open_cases() == []
