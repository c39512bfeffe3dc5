"""An article is replaced by another in one edit of the order, at no higher price, and not twice."""

from decimal import Decimal
from typing import Any

import pytest

from connectors.shopify import operations_edit as operations
from connectors.shopify.connector import Shopify
from connectors.shopify.operations import Operation
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from hub.sdk import Refused, Unanswered
from hub.sdk.commerce import HoldOrder, Money, OrderRef
from hub.sdk.parcels import FulfilOrder, ShippedLine, SubstituteLine
from tests.connectors.shopify.conftest import NOW, Ask, MakeCall

STEPS_BEFORE_THE_COMMIT = 6
"""Read the history, the order and the article; begin, add, take out."""


@pytest.fixture
def order(shop: ShopifySandbox) -> OrderSeed:
    """Three serums at 24.00, of which staff can still replace all."""
    shop.add_variant("SERUM-EQUAL", "24.00")
    shop.add_variant("SERUM-LARGE", "32.00")
    shop.add_variant("SERUM-SMALL", "20.00")
    return shop.add_order(
        lines=[{"id": 11, "sku": "SERUM", "price": "24.00", "quantity": 3, "location": "Reno"}]
    )


def swap(order: OrderSeed, sku: str = "SERUM-EQUAL", quantity: int = 1, line: str = "11") -> SubstituteLine:
    return SubstituteLine(
        id=str(order.id), line_id=line, quantity=quantity, sku=sku, note="Sold out at the supplier."
    )


async def lines(shopify: Shopify, call: MakeCall, order: OrderSeed) -> list[tuple[str, int, Decimal]]:
    found = await shopify.get_order(OrderRef(id=str(order.id)), call())
    return [(line.sku, line.quantity, line.unit_price.amount) for line in found.lines]


async def test_some_units_become_another_article(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.substitute_line(swap(order), call())

    assert await lines(shopify, call, order) == [
        ("SERUM", 2, Decimal("24.00")),
        ("SERUM-EQUAL", 1, Decimal("24.00")),
    ]
    assert (done.sku, done.line_id, done.owed) == ("SERUM-EQUAL", str(order.lines[-1].id), None)
    assert shop.state.edits[order.id][0].note == "Sold out at the supplier."


async def test_a_dearer_article_costs_the_customer_no_more(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    before = order.total()

    done = await shopify.substitute_line(swap(order, "SERUM-LARGE", 2), call())

    assert await lines(shopify, call, order) == [
        ("SERUM", 1, Decimal("24.00")),
        ("SERUM-LARGE", 2, Decimal("24.00")),
    ]
    assert (order.total(), done.owed) == (before, None)


async def test_what_a_cheaper_article_costs_less_is_owed(
    shopify: Shopify, call: MakeCall, order: OrderSeed
) -> None:
    done = await shopify.substitute_line(swap(order, "SERUM-SMALL", 3), call())

    assert done.owed == Money(amount=Decimal("12.00"), currency="USD")
    assert await lines(shopify, call, order) == [("SERUM-SMALL", 3, Decimal("20.00"))]


async def test_an_edit_that_would_cost_more_in_taxes_is_not_made(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    shop.tax_on_edits = Decimal("0.01")

    with pytest.raises(Refused, match="would have to pay more") as raised:
        await shopify.substitute_line(swap(order, "SERUM-LARGE"), call())

    assert (raised.value.code, shop.changes) == ("rejected", 0)
    assert await lines(shopify, call, order) == [("SERUM", 3, Decimal("24.00"))]


async def test_a_substitution_whose_answer_was_lost_is_found_in_the_orders_history(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    for _ in range(STEPS_BEFORE_THE_COMMIT):
        shop.stall(0)
    shop.lose_next_answer()
    with pytest.raises(Unanswered):
        await shopify.substitute_line(swap(order, "SERUM-SMALL"), call())
    assert shop.changes == 1
    done = await shopify.substitute_line(swap(order, "SERUM-SMALL"), call())

    assert (shop.changes, done.owed) == (1, Money(amount=Decimal("4.00"), currency="USD"))
    assert done.line_id == str(order.lines[-1].id)


async def test_an_edit_that_broke_off_before_its_commit_has_changed_nothing(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    for _ in range(STEPS_BEFORE_THE_COMMIT):
        shop.stall(0)
    shop.fail_next()
    with pytest.raises(Unanswered):
        await shopify.substitute_line(swap(order), call())
    assert shop.changes == 0
    await shopify.substitute_line(swap(order), call())

    assert [sku for sku, *_ in await lines(shopify, call, order)] == ["SERUM", "SERUM-EQUAL"]


async def test_the_same_article_bought_from_the_start_is_no_substitution(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.add_variant("SERUM-EQUAL", "24.00")
    order = shop.add_order(
        lines=[{"id": 11, "quantity": 2, "current_quantity": 1}, {"id": 12, "sku": "SERUM-EQUAL"}]
    )

    done = await shopify.substitute_line(swap(order), call())

    assert done.line_id not in ("11", "12")
    assert await lines(shopify, call, order) == [
        ("SERUM-EQUAL", 1, Decimal("24.00")),
        ("SERUM-EQUAL", 1, Decimal("24.00")),
    ]


async def test_two_different_substitutions_are_two(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    await shopify.substitute_line(swap(order, "SERUM-EQUAL"), call())
    await shopify.substitute_line(swap(order, "SERUM-SMALL"), call())

    assert shop.changes == 2


async def test_the_new_article_leaves_from_where_the_old_one_would_have(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    """Also under our hold, which the edit leaves in place although Shopify's ids change."""
    held = HoldOrder(id=str(order.id), handle="faros-stock", reason="stock")
    await shopify.hold_order(held, call())
    before = shop.state.fulfilment[order.id][0].id
    done = await shopify.substitute_line(swap(order), call())

    found = await shopify.get_fulfilment(OrderRef(id=str(order.id)), call())

    [part] = found.orders
    assert part.id != before
    assert [(w.line_id, w.quantity) for w in part.waiting] == [("11", 2), (done.line_id, 1)]
    assert [h.handle for h in part.holds] == ["faros-stock"]


@pytest.mark.parametrize("sku", ["NO-SUCH", "serum-equal", "SERUM", "SERUM-EQUAL' OR sku:'SERUM-SMALL"])
async def test_an_article_the_shop_does_not_have_by_this_very_sku_is_unknown(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed, sku: str
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.substitute_line(swap(order, sku), call())

    assert (raised.value.code, shop.changes) == ("unknown-sku", 0)


async def test_two_articles_with_one_sku_are_none_to_choose_from(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    shop.add_variant("SERUM-EQUAL", "9.00")

    with pytest.raises(Refused, match="2 articles") as raised:
        await shopify.substitute_line(swap(order), call())

    assert raised.value.code == "unknown-sku"


async def test_what_has_left_cannot_be_replaced(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    parcel = FulfilOrder(
        id=str(order.id),
        reference="p",
        lines=[ShippedLine(line_id="11", quantity=2)],
        tracking_number="YT1",
    )
    await shopify.fulfil_order(parcel, call())

    with pytest.raises(Refused) as raised:
        await shopify.substitute_line(swap(order, quantity=2), call())
    await shopify.substitute_line(swap(order, quantity=1), call())

    assert raised.value.code == "not-editable"
    assert await lines(shopify, call, order) == [
        ("SERUM", 2, Decimal("24.00")),
        ("SERUM-EQUAL", 1, Decimal("24.00")),
    ]


async def test_a_cancelled_order_is_not_edited(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    shop.change_order(order.id, cancelled_at=NOW)

    with pytest.raises(Refused) as raised:
        await shopify.substitute_line(swap(order), call())

    assert raised.value.code == "not-editable"


async def test_an_order_that_shopify_does_not_let_be_edited_stays(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall, order: OrderSeed
) -> None:
    shop.refuse("not-editable")

    with pytest.raises(Refused) as raised:
        await shopify.substitute_line(swap(order), call())

    assert (raised.value.code, shop.changes) == ("not-editable", 0)


@pytest.mark.parametrize("line", ["12", "no-line"])
async def test_a_line_that_is_not_there_is_not_replaced(
    shopify: Shopify, call: MakeCall, order: OrderSeed, line: str
) -> None:
    with pytest.raises(Refused) as raised:
        await shopify.substitute_line(swap(order, line=line), call())

    assert raised.value.code == "not-found"


async def test_the_shop_refuses_edits_that_make_no_sense(
    shop: ShopifySandbox, ask: Ask, order: OrderSeed
) -> None:
    begun = await ask(operations.EDIT_BEGIN, {"id": f"gid://shopify/Order/{order.id}"})
    edit = begun["data"]["orderEditBegin"]["calculatedOrder"]["id"]
    variant = shop.state.variants[-1].id
    line = "gid://shopify/CalculatedLineItem/11"
    off = {"fixedValue": {"amount": "99.00", "currencyCode": "USD"}}
    nonsense: list[tuple[Operation, dict[str, Any]]] = [
        (operations.EDIT_ADD, {"edit": edit, "variant": variant, "quantity": 0}),
        (operations.EDIT_ADD, {"edit": edit, "variant": "gid://shopify/ProductVariant/1", "quantity": 1}),
        (operations.EDIT_ADD, {"edit": "gid://shopify/CalculatedOrder/1", "variant": variant, "quantity": 1}),
        (operations.EDIT_QUANTITY, {"edit": edit, "line": line, "quantity": -1}),
        (operations.EDIT_QUANTITY, {"edit": edit, "line": line, "quantity": 4}),
        (operations.EDIT_DISCOUNT, {"edit": edit, "line": line, "discount": off}),
        (operations.EDIT_COMMIT, {"edit": "gid://shopify/CalculatedOrder/1", "note": None}),
    ]
    for operation, variables in nonsense:
        body = await ask(operation, variables)
        assert body["data"][operation.root]["userErrors"], operation.name
    shop.send_parcel(order.id, "YT1")
    body = await ask(operations.EDIT_QUANTITY, {"edit": edit, "line": line, "quantity": 0})
    assert body["data"]["orderEditSetQuantity"]["userErrors"]
    body = await ask(operations.EDIT_BEGIN, {"id": f"gid://shopify/Order/{order.id}"})

    assert body["data"]["orderEditBegin"]["userErrors"]
    assert shop.changes == 0
