"""Orders that are not as they should be: each is seen by a person or needs none, and none is bought by mistake."""

import asyncio

import pytest

from tests.acceptance.brand import THREE_SHOPS, Brand


@pytest.mark.row("S1-021")
async def test_an_order_that_fails_the_filter_reaches_no_supplier_at_all(brand: Brand) -> None:
    await brand.buy(recommendation="CANCEL", assessments=[{"level": "HIGH"}])
    suppliers = set(brand.suppliers)
    assert [e for e in await brand.floor.effects() if e["connection_id"] in suppliers] == []
    assert [brand.calls(s) for s in suppliers] == [0, 0, 0]
    assert await brand.cases() == {"fraud-review": 1}


async def test_an_unknown_article_waits_for_a_person_and_goes_on_when_it_is_mapped(brand: Brand) -> None:
    await brand.buy("MYSTERY-99")
    assert brand.bought() == []
    case = await brand.case()
    assert case["kind"] == "no-supplier"
    assert "MYSTERY-99" in await brand.says(case)
    await brand.map("MYSTERY-99,c,CM9,5.00,USD")
    await brand.floor.resolve(case, "look-again")
    assert brand.bought() == [("c", "1001")]


async def test_an_order_without_an_address_waits_until_it_has_one(brand: Brand) -> None:
    order = await brand.buy(shipping_address=None)
    assert (await brand.cases(), brand.holds(order), brand.verifier.requests) == (
        {"address": 1},
        ["faros-address"],
        0,
    )
    await brand.floor.resolve(await brand.case(), "corrected")
    assert (await brand.cases(), brand.bought()) == ({"address": 1}, []), "nothing was corrected yet"
    brand.shop.change_order(order.id, shipping_address={"address1": "1 Main St"})
    await brand.floor.resolve(await brand.case(), "corrected")
    assert brand.bought() == [("a", "1001")]
    assert brand.purchase("a")["ship_to"]["line1"] == "1 Main St"
    assert brand.holds(order) == []


async def test_an_address_without_a_street_is_never_sent_to_anybody(brand: Brand) -> None:
    await brand.buy(shipping_address={"address1": None})
    assert (await brand.cases(), brand.bought(), brand.verifier.requests) == ({"address": 1}, [], 0)
    await brand.floor.resolve(await brand.case(), "reject")
    assert await brand.floor.open_cases() == []
    assert brand.bought() == []


async def test_a_line_of_no_pieces_is_not_bought_and_the_others_are(brand: Brand) -> None:
    lines = [{"sku": "NECK-01", "quantity": 0}, {"sku": "RING-02", "quantity": 2}]
    await brand.buy(lines=lines)
    assert brand.bought() == [("b", "1001")]
    assert [(x["sku"], x["quantity"]) for x in brand.purchase("b")["lines"]] == [("BR2", 2)]


async def test_an_order_of_no_pieces_at_all_is_shown_to_a_person(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "NECK-01", "quantity": 0}])
    assert (await brand.cases(), brand.bought()) == ({"order-review": 1}, [])


async def test_a_gift_card_needs_no_supplier_and_nobody(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "GIFT-50", "gift_card": True, "requires_shipping": False}])
    assert await brand.floor.open_cases() == []
    assert brand.bought() == []
    assert await brand.ends() == {"filter: No line needs shipping": 1}


async def test_a_digital_line_is_left_out_of_the_purchase(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "EBOOK-1", "requires_shipping": False}, {"sku": "NECK-01"}])
    assert await brand.floor.open_cases() == []
    assert [x["sku"] for x in brand.purchase("a")["lines"]] == ["AX1"]


@pytest.mark.row("S2-087")
@pytest.mark.parametrize("terms", [THREE_SHOPS])
async def test_the_same_number_in_two_shops_is_two_orders(brand: Brand) -> None:
    first = brand.place(name="#1001")
    second = brand.shops["shop-2"].add_order(
        id=first.id, name="#1001", lines=[{"sku": "NECK-01", "price": "60.00"}]
    )
    await asyncio.gather(
        brand.tell(first),
        brand.floor.deliver("shop-2", brand.shops["shop-2"].order_paid_webhook(second.id)),
    )
    await brand.floor.settle()
    assert brand.bought() == [("a", "1001"), ("d", "1001")]
    assert brand.purchase("a")["reference"] != brand.purchase("d")["reference"]


async def test_an_order_that_no_rule_can_place_is_a_case_and_never_lost(brand: Brand) -> None:
    await brand.publish(rules="[{id: not-here, exclude: [a, b]}]")
    await brand.buy()
    assert brand.bought() == []
    case = await brand.case()
    assert case["kind"] == "no-supplier"
    assert "not-here" in await brand.says(case)
    await brand.publish(rules="[{id: not-here, exclude: [a]}]")
    await brand.floor.resolve(case, "look-again")
    assert brand.bought() == [("b", "1001")]
