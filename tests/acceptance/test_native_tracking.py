"""A shop with one supplier needs no tracking app: Shopify follows its parcels, and the hub hears it from there."""

import pytest

from hub.sdk import Unverified
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, PAGE, SECOND, timeline, voided

WAY = ("LABEL_PRINTED", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED")
TOLD = {"Tracking Added": 1, "In Transit": 1, "Out For Delivery": 1, "Delivered": 1}


@pytest.fixture
def terms() -> Terms:
    return Terms(
        rules="[{id: everybody, use: [a]}]",
        skus="sku,supplier,supplier_sku,unit_cost,currency\nNECK-01,a,AX1,10.00,USD\n",
        regions={"a": "US-NJ"},
        native_tracking=True,
    )


async def shows(brand: Brand, number: str, word: str) -> None:
    """The shop hears of a parcel from its carrier, and tells the hub."""
    brand.shop.carrier_says(number, word)
    await brand.floor.deliver("shop-1", brand.shop.parcel_webhook(number))
    await brand.floor.settle()


async def test_shop_and_customer_hear_of_each_step_once(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    assert list(brand.parcels(order)) == [FIRST]
    for word in WAY:
        await brand.pass_by(hours=5)
        await shows(brand, FIRST, word)
    await brand.pass_by(minutes=1)
    assert timeline(brand, order) == list(WAY), "the shop knew it already"
    assert brand.heard() == TOLD
    (row,) = await brand.floor.rows("select status, over_at from shipments")
    assert (row["status"], row["over_at"] is not None) == ("delivered", True)
    assert await brand.floor.open_cases() == []
    links = [event["properties"].get("tracking_url", PAGE) for event in brand.messages.events]
    assert all(link.startswith(PAGE) for link in links)


async def test_a_webhook_that_was_lost_is_made_up_for_by_asking(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    for word in WAY:
        brand.shop.carrier_says(FIRST, word)
        await brand.pass_by(hours=2, minutes=1)
    assert timeline(brand, order) == list(WAY)
    assert brand.heard() == TOLD


async def test_told_or_asked_for_a_parcels_way_has_the_same_moments(brand: Brand) -> None:
    for place, number in enumerate((FIRST, SECOND)):
        await brand.buy(email=f"{place}@example.com")
        await brand.supplier_says("a", "shipped", {"tracking_number": number, "carrier": "UPS"}, place=place)
    await brand.pass_by(minutes=2)
    for word in WAY:
        await brand.pass_by(hours=3)
        brand.shop.carrier_says(SECOND, word)
        await brand.floor.let_pass(minutes=10)
        await shows(brand, FIRST, word)
    await brand.pass_by(hours=3)
    told, asked = await brand.floor.rows(
        "select state->'seen' as seen, status from shipments order by tracking_number"
    )
    assert told["status"] == asked["status"] == "delivered"
    assert [one["status"] for one in told["seen"]] == [one["status"] for one in asked["seen"]]
    moments = [e.happened_at.isoformat() for p in brand.shop.state.parcels.values() for e in p.steps()]
    assert {one["at"].replace("Z", "+00:00") for row in (told, asked) for one in row["seen"]} == set(moments)


async def test_late_doubled_and_forged_news_change_nothing_that_is_known(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    news = []
    for word in WAY:
        await brand.floor.let_pass(minutes=1)
        brand.shop.carrier_says(FIRST, word)
        news.append(brand.shop.parcel_webhook(FIRST))
    forged = brand.shop.sign(news[-1].body, "fulfillments/update", {"x-shopify-hmac-sha256": "Zm9yZ2Vk"})
    with pytest.raises(Unverified):
        await brand.floor.deliver("shop-1", forged)
    for delivery in (*reversed(news), *news):
        await brand.floor.deliver("shop-1", delivery)
        await brand.floor.settle()
    await brand.pass_by(minutes=1)
    assert brand.heard() == {"Tracking Added": 1, "Delivered": 1}
    assert timeline(brand, order) == list(WAY)
    assert await brand.floor.open_cases() == []


async def test_the_old_numbers_steps_are_not_the_new_ones(brand: Brand) -> None:
    order = await brand.buy()
    await brand.ships(FIRST)
    await shows(brand, FIRST, "LABEL_PRINTED")
    await brand.pass_by(hours=3)
    await brand.ships(SECOND)
    assert (list(brand.parcels(order)), await voided(brand)) == ([SECOND], [FIRST])
    await brand.pass_by(hours=3)
    (row,) = await brand.floor.rows("select status from shipments where tracking_number = $1", SECOND)
    assert row["status"] == "unknown", "the label is the first number's, on the same timeline"
    await shows(brand, SECOND, "DELIVERED")
    await brand.pass_by(minutes=1)
    assert brand.heard() == {"Tracking Added": 2, "Delivered": 1}


async def test_a_word_of_the_shops_that_nobody_knows_is_shown_and_never_guessed(brand: Brand) -> None:
    await brand.buy()
    await brand.ships(FIRST)
    await shows(brand, FIRST, "BUYER_ACTION_REQUIRED")
    assert await brand.cases() == {"delivery-unreadable": 1}
    (row,) = await brand.floor.rows("select status from shipments")
    assert row["status"] == "unknown"


class TestAnAppTracksInstead:
    """The same brand with an account at AfterShip. Changing that is one line of hub.yaml."""

    @pytest.fixture
    def terms(self) -> Terms:
        return Terms()

    async def test_what_the_shop_hears_by_itself_is_not_written_there_again(self, brand: Brand) -> None:
        order = await brand.buy()
        await brand.ships(FIRST)
        brand.shop.carrier_says(FIRST, "CARRIER_PICKED_UP")
        await brand.pass_by(minutes=10)
        await brand.scanned(FIRST, "InTransit")
        await brand.pass_by(hours=3)
        await brand.scanned(FIRST, "OutForDelivery")
        await brand.pass_by(minutes=1)
        assert timeline(brand, order) == ["CARRIER_PICKED_UP", "OUT_FOR_DELIVERY"]
        assert brand.heard() == {"Tracking Added": 1, "In Transit": 1, "Out For Delivery": 1}

    async def test_the_tracker_is_chosen_in_one_line_and_in_force_for_the_next_parcel(
        self, brand: Brand
    ) -> None:
        app = await brand.buy(email="app@example.com")
        await brand.ships(FIRST)
        await brand.scanned(FIRST, "Delivered")
        await brand.publish(native_tracking=True)
        native = await brand.buy(email="native@example.com")
        await brand.ships(SECOND)
        await shows(brand, SECOND, "DELIVERED")
        await brand.pass_by(minutes=1)
        assert timeline(brand, app) == timeline(brand, native) == ["DELIVERED"]
        assert brand.tracker.account.get(SECOND) is None
        assert brand.heard() == {"Tracking Added": 2, "Delivered": 2}
