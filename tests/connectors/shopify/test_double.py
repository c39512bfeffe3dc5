"""The double refuses the parcels and refunds that Shopify refuses."""

from typing import Any

import pytest

from connectors.shopify.operations_money import REFUND
from connectors.shopify.operations_parcels import FULFIL
from connectors.shopify.sandbox import ShopifySandbox
from connectors.shopify.sandbox_state import OrderSeed
from tests.connectors.shopify.conftest import Ask

SERUM = {"id": 11, "sku": "SERUM", "price": "24.00", "quantity": 5, "location": "Reno"}
CUFF = {"id": 12, "sku": "CUFF", "price": "10.00", "quantity": 1, "location": "Newark"}


def create(part: str, line: str, quantity: int, more: list[Any] | None = None, **tracking: Any) -> Any:
    lines = [{"id": line, "quantity": quantity}]
    parts = [{"fulfillmentOrderId": part, "fulfillmentOrderLineItems": lines}, *(more or [])]
    return {
        "fulfillment": {"lineItemsByFulfillmentOrder": parts, "trackingInfo": tracking or {"number": "YT1"}}
    }


async def test_the_shop_refuses_more_than_waits_other_locations_and_double_numbers(
    shop: ShopifySandbox, ask: Ask
) -> None:
    order = shop.add_order(lines=[SERUM, CUFF])
    reno, newark = shop.state.fulfilment[order.id]
    line = reno.waiting[0].id
    whole = {"fulfillmentOrderId": newark.id}

    for nonsense in (
        create(reno.id, line, 6),
        create(reno.id, line, 0),
        create(reno.id, newark.waiting[0].id, 1),
        create("gid://shopify/FulfillmentOrder/1", line, 1),
        create(reno.id, line, 1, [whole]),
        create(reno.id, line, 1, number="YT1", numbers=["YT2"]),
    ):
        body = await ask(FULFIL, nonsense)
        assert body["data"]["fulfillmentCreate"]["userErrors"], nonsense
    reno.status = "CLOSED"
    body = await ask(FULFIL, create(reno.id, line, 1))

    assert "unfulfillable status" in body["data"]["fulfillmentCreate"]["userErrors"][0]["message"]
    assert shop.changes == 0


@pytest.fixture
def order(shop: ShopifySandbox) -> OrderSeed:
    """An order that was paid: 58.00, and shipping at 4.95."""
    lines = [SERUM | {"quantity": 2}, CUFF]
    return shop.add_order(name="#8492", lines=lines, shipping_price="4.95")


def wanted(order: OrderSeed, **changes: Any) -> dict[str, Any]:
    gid = f"gid://shopify/Order/{order.id}"
    part = {
        "orderId": gid,
        "parentId": f"gid://shopify/OrderTransaction/{order.id}2",
        "gateway": "shopify_payments",
        "kind": "REFUND",
        "amount": "5.00",
    }
    return {"orderId": gid, "transactions": [part | changes.pop("part", {})]} | changes


async def test_the_shop_refuses_what_shopify_refuses(
    shop: ShopifySandbox, ask: Ask, order: OrderSeed
) -> None:
    line = {"lineItemId": "gid://shopify/LineItem/11", "quantity": 1, "restockType": "NO_RESTOCK"}
    for place, nonsense in enumerate(
        [
            wanted(order, part={"amount": "62.96"}),
            wanted(order, part={"parentId": "gid://shopify/OrderTransaction/1"}),
            wanted(order, part={"kind": "SALE"}),
            wanted(order, currency="EUR"),
            wanted(order, refundLineItems=[line | {"quantity": 3}]),
            wanted(order, refundLineItems=[line | {"restockType": "RETURN"}]),
            wanted(order, refundLineItems=[line | {"restockType": "LEGACY_RESTOCK"}]),
            wanted(order, transactions=[]),
            wanted(order, orderId="gid://shopify/Order/1"),
        ]
    ):
        body = await ask(REFUND, {"input": nonsense, "key": f"key-{place}"})
        assert body["data"]["refundCreate"]["userErrors"], nonsense

    assert shop.changes == 0


async def test_the_shop_refunds_nothing_without_a_key(
    shop: ShopifySandbox, ask: Ask, order: OrderSeed
) -> None:
    without = REFUND.text.replace("@idempotent(key: $key)", "").replace(", $key: String!", "")

    for body in (
        await ask(without, {"input": wanted(order)}),
        await ask(REFUND, {"input": wanted(order), "key": " "}),
    ):
        assert body["errors"][0]["message"].startswith("The @idempotent directive is required")
    assert shop.changes == 0


async def test_the_shop_gives_one_key_one_answer(shop: ShopifySandbox, ask: Ask, order: OrderSeed) -> None:
    first = await ask(REFUND, {"input": wanted(order), "key": "k"})
    again = await ask(REFUND, {"input": wanted(order), "key": "k"})
    other = await ask(REFUND, {"input": wanted(order, note="Another."), "key": "k"})

    assert first["data"] == again["data"]
    assert other["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert shop.changes == 1
