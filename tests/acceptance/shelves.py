"""Empty shelves: what a test of sold-out orders does to the brand, and what it looks at afterwards."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Monday morning, when the brand opens in these tests."""


def sell_out(brand: Brand, *articles: str) -> None:
    """Nobody has any of these any more."""
    for supplier in brand.suppliers.values():
        supplier.stock |= dict.fromkeys(supplier.stock.keys() & set(articles), 0)


def alerts(brand: Brand) -> list[dict[str, str]]:
    """What the people who run the shop were told about orders that are sold out."""
    return [alert for alert in brand.alerts.alerts if alert["title"].endswith("is out of stock")]


def told(brand: Brand) -> list[str]:
    """Which notices the customers were sent, in order."""
    return [event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events]


def owed(order: OrderSeed) -> list[str | None]:
    """The articles that the shop still owes the customer."""
    return [line.sku for line in order.lines if line.left()]


def refunds(brand: Brand, order: OrderSeed) -> list[Decimal]:
    """What was given back, refund by refund."""
    return [made.amount() for made in brand.shop.state.refunds[order.id]]


async def come_to(brand: Brand, moment: datetime) -> None:
    """Time passes up to this moment, hour by hour, and then a second in which what was begun is finished."""
    while brand.floor.now < moment:
        await brand.floor.let_pass(seconds=min(3600.0, (moment - brand.floor.now).total_seconds()))
    await brand.floor.let_pass(seconds=1)


async def promise(brand: Brand) -> Any:
    """The promise to solve it within a day."""
    (row,) = await brand.floor.rows("select * from clocks where clock = 'solved'")
    return row


async def outcomes(brand: Brand) -> set[str]:
    """How the exceptions ended."""
    return {row["outcome"] for row in await brand.floor.rows("select outcome from cases where outcome <> ''")}
