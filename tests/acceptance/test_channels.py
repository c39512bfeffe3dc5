"""One brand on two sales channels: the same stock, the same flows, and each channel hears of its own orders."""

import asyncio
from collections import Counter

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, SECOND

TWO = Terms(policies="{safety_threshold: 0}", second_channel=True)


@pytest.fixture
def terms() -> Terms:
    return TWO


def sold(brand: Brand, channel: str, sku: str, number: str) -> OrderSeed:
    """A customer buys on a channel, and nobody has told the hub yet."""
    lines = [{"sku": sku, "price": "60.00"}]
    return brand.shops[channel].add_order(name=number, lines=lines, email=f"{channel}@example.com")


def held(brand: Brand, channel: str, order: OrderSeed) -> list[str]:
    """The handles under which a channel holds an order."""
    return [h.handle or "" for part in brand.shops[channel].state.fulfilment[order.id] for h in part.holds]


@pytest.mark.row("S1-086")
@pytest.mark.parametrize("first", ["shop-1", "market"])
async def test_the_last_one_sold_on_two_channels_in_the_same_second_is_one_purchase_and_one_exception(
    brand: Brand, first: str
) -> None:
    brand.suppliers["c"].stock["CC3"] = 1
    channels = sorted(brand.shops, key=lambda name: name != first)
    orders = {name: sold(brand, name, "CUFF-03", f"#{n}") for n, name in enumerate(channels, 2001)}
    began = brand.floor.now
    told = {name: brand.shops[name].order_paid_webhook(order.id) for name, order in orders.items()}
    await asyncio.gather(*(brand.floor.deliver(name, delivery) for name, delivery in told.items()))
    await brand.floor.settle()
    assert (brand.floor.now - began).total_seconds() <= 1

    assert len(brand.bought()) == 1
    assert len(await brand.floor.effects("create_purchase_order")) == 1, "the other was not even asked for"
    case = await brand.case()
    assert case["kind"] == "out-of-stock"
    (_, bought), numbers = brand.bought()[0], {name: o.name.lstrip("#") for name, o in orders.items()}
    assert {bought, case["subject"]} == set(numbers.values())
    holds = {numbers[name]: held(brand, name, order) for name, order in orders.items()}
    assert (holds[bought], holds[case["subject"]]) == ([], ["faros-stock"])
    await brand.floor.let_pass(hours=25)
    (loser,) = (name for name in channels if numbers[name] == case["subject"])
    assert [bool(brand.shops[name].state.refunds[orders[name].id]) for name in channels] == [
        name == loser for name in channels
    ]
    assert len(brand.bought()) == 1


async def test_two_orders_with_one_number_are_two_orders_each_with_its_own_parcel(brand: Brand) -> None:
    orders = {name: sold(brand, name, "NECK-01", "#2001") for name in ("shop-1", "market")}
    for name, order in orders.items():
        await brand.floor.deliver(name, brand.shops[name].order_paid_webhook(order.id))
        await brand.floor.settle()
    assert brand.bought() == [("a", "2001"), ("a", "2001")]
    for place, number in enumerate((FIRST, SECOND)):
        parcel = {"tracking_number": number, "carrier": "UPS"}
        await brand.supplier_says("a", "shipped", parcel, place=place)
    await brand.pass_by(minutes=2)
    shown = {
        name: [p.tracking[0]["number"] for p in brand.shops[name].state.parcels_of(order.id)]
        for name, order in orders.items()
    }
    assert shown == {"shop-1": [FIRST], "market": [SECOND]}
    told = Counter(event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events)
    assert told == {"Order Confirmed": 2, "Tracking Added": 2}, "each customer hears of the own order"
    assert not await brand.cases()


@pytest.mark.row("S2-070")
@pytest.mark.parametrize(
    ("terms", "mails"),
    [
        (Terms(policies="{channel_sends: [tracking-added]}", second_channel=True), 1),
        (Terms(policies="{safety_threshold: 5}", second_channel=True), 0),
    ],
    ids=["the channel tells", "the hub tells"],
)
async def test_each_channel_is_asked_to_send_its_own_notice_where_the_store_wants_that(
    brand: Brand, mails: int
) -> None:
    for place, (name, number) in enumerate({"shop-1": FIRST, "market": SECOND}.items()):
        order = sold(brand, name, "NECK-01", f"#{2001 + place}")
        await brand.floor.deliver(name, brand.shops[name].order_paid_webhook(order.id))
        await brand.floor.settle()
        parcel = {"tracking_number": number, "carrier": "UPS"}
        await brand.supplier_says("a", "shipped", parcel, place=place)
        await brand.pass_by(minutes=2)
        (left,) = brand.shops[name].state.parcels_of(order.id)
        assert left.mails == mails, "notifyCustomer, as the channel was asked"
    assert brand.heard()["Tracking Added"] == (0 if mails else 2)
