"""Orders whose webhook never came are found by asking the shop."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.shopify.connector import Shopify
from connectors.shopify.sandbox import ShopifySandbox
from tests.connectors.shopify.conftest import NOW, Connect, MakeCall


async def test_an_order_whose_webhook_was_lost_is_found(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    def buy(minutes: int, **fields: Any) -> str:
        return str(shop.add_order(created_at=NOW - timedelta(minutes=minutes), **fields).id)

    buy(90)
    late, early = buy(5), buy(40, financial_status="PARTIALLY_REFUNDED")
    buy(30, financial_status="PENDING")
    buy(20, cancelled_at=NOW)
    too_fresh = buy(1)

    page = await shopify.orders_paid(None, call())

    assert [event.order_id for event in page.events] == [early, late]
    assert not page.more
    shop.now = lambda: NOW + timedelta(minutes=5)
    later = await shopify.orders_paid(page.cursor, replace(call(), now=NOW + timedelta(minutes=5)))
    assert [event.order_id for event in later.events] == [too_fresh]


async def test_many_lost_orders_are_found_page_by_page(
    shopify: Shopify, shop: ShopifySandbox, call: MakeCall
) -> None:
    bought = [str(shop.add_order(created_at=NOW - timedelta(minutes=30)).id) for _ in range(120)]

    found, cursor, more = [], None, True
    while more:
        page = await shopify.orders_paid(cursor, call())
        found += [event.order_id for event in page.events]
        cursor, more = page.cursor, page.more

    assert found == bought
    assert (await shopify.orders_paid(cursor, call())).events == []


async def test_a_poll_of_a_shop_that_hides_its_customers_still_finds_orders(
    connect: Connect, shop: ShopifySandbox, call: MakeCall
) -> None:
    shop.withheld = {"Order.email", "Order.customer"}
    shop.add_order(created_at=NOW - timedelta(minutes=10))

    [event] = (await connect().orders_paid(None, call())).events

    assert event.person() is None
