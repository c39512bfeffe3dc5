"""A shop that drops a webhook subscription is subscribed to again before anybody notices."""

from datetime import datetime
from typing import Any

import pytest

from connectors.shopify.subscriptions import OF_PARCELS, TOPICS, to_enum
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.figures_desk import reader

OF_ORDERS = [topic for topic in TOPICS if topic != OF_PARCELS]
DOOR = "https://track.brand.example/webhooks/shop-1"


def subscribed(brand: Brand) -> list[str]:
    """The topics that come to the hub, in the shop's own books."""
    return sorted(s.topic for s in brand.shop.state.subscriptions if s.uri == DOOR)


async def told(brand: Brand) -> Any:
    """What people are told of the shop's subscriptions."""
    async with reader(brand) as client:
        return (await client.get("/connections/shop-1")).json()["subscriptions"]


@pytest.fixture
def terms() -> Terms:
    return Terms(policies="{safety_threshold: 5}\n    roles: {storefronts: [shop-1]}")


async def test_a_subscription_the_shop_dropped_is_there_again_the_next_morning(brand: Brand) -> None:
    assert (subscribed(brand), await told(brand)) == ([], None), "nobody has looked yet"
    await brand.pass_by(hours=4, minutes=5)  # Eight in the morning in New York.
    assert len(subscribed(brand)) == len(OF_ORDERS)
    seen = await told(brand)
    assert (seen["state"], seen["missing"]) == ("complete", [])
    assert datetime.fromisoformat(seen["looked_at"]) <= brand.floor.now

    dropped = brand.shop.state.subscriptions.pop(0)
    assert len(subscribed(brand)) == len(OF_ORDERS) - 1
    await brand.pass_by(days=1)
    assert dropped.topic in subscribed(brand)
    assert len(subscribed(brand)) == len(OF_ORDERS), "and nothing twice"
    assert await brand.cases() == {}


class TestTheShopIsTheTracker:
    """A store whose shop follows its parcels by itself."""

    @pytest.fixture
    def terms(self) -> Terms:
        return Terms(policies="{safety_threshold: 5}\n    roles: {storefronts: [shop-1], tracker: [shop-1]}")

    async def test_it_tells_of_parcels_too(self, brand: Brand) -> None:
        await brand.pass_by(hours=4, minutes=5)
        assert subscribed(brand) == sorted(to_enum(topic) for topic in TOPICS)


class TestNobodyAskedForIt:
    """A store whose hub.yaml does not bind the role."""

    @pytest.fixture
    def terms(self) -> Terms:
        return Terms()

    async def test_nothing_is_subscribed_to(self, brand: Brand) -> None:
        await brand.pass_by(days=2)
        assert (subscribed(brand), await told(brand)) == ([], None)
        assert await brand.cases() == {}
