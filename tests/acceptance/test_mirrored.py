"""One order that two sales channels have: a channel manager copied it. It is bought once, and both channels show it."""

import asyncio
from typing import Any

import pytest

from connectors.shopify.sandbox_state import OrderSeed
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_parcels import FIRST, SECOND
from tests.acceptance.test_waiting import BEACON

CART = ("NECK-01", "CUFF-03")


@pytest.fixture
def terms() -> Terms:
    return Terms(policies="{safety_threshold: 0}", second_channel=True)


def sold(brand: Brand, channel: str, number: str, skus: tuple[str, ...] = CART, **said: Any) -> OrderSeed:
    """An order that a channel has and nobody has told the hub of."""
    lines = [{"sku": sku, "price": "60.00"} for sku in skus]
    return brand.shops[channel].add_order(name=number, lines=lines, email="ada@example.com", **said)


async def told(brand: Brand, channel: str, order: OrderSeed) -> None:
    """The channel's webhook arrives."""
    await brand.floor.deliver(channel, brand.shops[channel].order_paid_webhook(order.id))
    await brand.floor.settle()


async def pair(brand: Brand, *, copy_first: bool = False) -> dict[str, OrderSeed]:
    """An order of the market that was copied to the shop, and both have told of it."""
    original = sold(brand, "market", "#M-77")
    # The copy's lines are in another order, and have other ids.
    copy = sold(brand, "shop-1", "#1001", CART[::-1], source_identifier=str(original.id))
    found = {"market": original, "shop-1": copy}
    for channel in ("shop-1", "market") if copy_first else ("market", "shop-1"):
        await told(brand, channel, found[channel])
    await brand.pass_by(minutes=3)
    return found


def shown(brand: Brand, channel: str, order: OrderSeed) -> list[tuple[str, list[str], int]]:
    """The parcels that a channel shows: number, SKUs, and how many mails went out about it."""
    skus = {line.id: line.sku for line in order.lines}
    return [
        (p.tracking[0]["number"] or "", sorted(skus[line] or "" for line in p.units), p.mails)
        for p in brand.shops[channel].state.parcels_of(order.id)
    ]


@pytest.mark.row("S2-069")
@pytest.mark.parametrize("copy_first", [False, True], ids=["original first", "copy first"])
async def test_it_is_bought_once_and_each_channel_shows_each_parcel_once(
    brand: Brand, copy_first: bool
) -> None:
    orders = await pair(brand, copy_first=copy_first)
    assert sorted(brand.bought()) == [("a", "M-77"), ("c", "M-77")], (
        "the original, for its customer paid there"
    )

    await brand.ships(FIRST, "a")
    await brand.ships(SECOND, "c")
    for channel, order in orders.items():
        assert shown(brand, channel, order) == [(FIRST, ["NECK-01"], 0), (SECOND, ["CUFF-03"], 0)]
    await brand.scanned(FIRST, "Delivered")
    await brand.pass_by(minutes=2)
    for channel, order in orders.items():
        parcels = brand.shops[channel].state.parcels_of(order.id)
        assert [[event.status for event in p.events] for p in parcels] == [["DELIVERED"], []]
    assert brand.heard()["Tracking Added"] == 2, "the customer hears of each parcel once"
    assert len(await brand.floor.effects("create_purchase_order")) == 2
    assert not await brand.cases()


async def test_an_original_that_is_told_after_its_copy_was_bought_only_shows_the_parcels(
    brand: Brand,
) -> None:
    original = sold(brand, "market", "#M-77")
    copy = sold(brand, "shop-1", "#1001", source_identifier="M-77")
    await told(brand, "shop-1", copy)
    await brand.pass_by(minutes=3)
    assert brand.bought() == [("a", "1001"), ("c", "1001")], "nobody told of the original in time"
    await brand.ships(FIRST, "a")

    await told(brand, "market", original)
    await brand.ships(SECOND, "c")
    await brand.pass_by(minutes=3)
    assert len(brand.bought()) == 2
    for channel, order in {"market": original, "shop-1": copy}.items():
        assert shown(brand, channel, order) == [(FIRST, ["NECK-01"], 0), (SECOND, ["CUFF-03"], 0)]


async def test_copies_that_are_told_in_the_same_second_are_bought_once(brand: Brand) -> None:
    original = sold(brand, "market", "#M-77")
    copy = sold(brand, "shop-1", "#1001", source_identifier=str(original.id))
    await asyncio.gather(
        *(
            brand.floor.deliver(channel, brand.shops[channel].order_paid_webhook(order.id))
            for channel, order in {"market": original, "shop-1": copy}.items()
        )
    )
    await brand.floor.settle()
    await brand.pass_by(minutes=3)
    assert brand.bought() == [("a", "M-77"), ("c", "M-77")]


async def cancel(brand: Brand, channel: str, order: OrderSeed) -> None:
    """The order is cancelled on this channel, and its webhook arrives."""
    shop = brand.shops[channel]
    shop.change_order(order.id, cancelled_at=brand.floor.now)
    await brand.floor.deliver(channel, shop.order_webhook(order.id, "orders/cancelled"))
    await brand.floor.settle()


APPROVED = Terms(policies="{buying: approve}", second_channel=True)


@pytest.mark.parametrize("terms", [APPROVED], ids=[""])
async def test_a_cancelled_original_is_not_bought_nor_its_copy(brand: Brand) -> None:
    orders = await pair(brand)
    asked = await brand.case()
    assert (asked["kind"], asked["subject"]) == ("approval", "M-77")
    await cancel(brand, "market", orders["market"])
    for case in await brand.floor.open_cases():
        await brand.floor.resolve(case, "buy")
    await cancel(brand, "shop-1", orders["shop-1"])
    await brand.pass_by(hours=1)
    assert brand.bought() == []
    assert not await brand.cases()


@pytest.mark.parametrize("terms", [APPROVED], ids=[""])
async def test_who_cancels_only_the_copy_stops_nothing_and_a_person_hears_of_it(brand: Brand) -> None:
    orders = await pair(brand)
    await cancel(brand, "shop-1", orders["shop-1"])
    assert await brand.cases() == {"approval": 1}, "the original may be cancelled yet"
    await brand.pass_by(minutes=20)
    assert await brand.cases() == {"approval": 1, "copy-cancelled": 1}
    for case in await brand.floor.open_cases():
        if case["kind"] == "copy-cancelled":
            assert "M-77 (market)" in await brand.says(case)
        else:
            await brand.floor.resolve(case, "buy")
    assert [number for _, number in brand.bought()] == ["M-77"]


async def test_an_early_copy_that_is_held_lets_its_original_be_bought(brand: Brand) -> None:
    original = sold(brand, "market", "#M-77", shipping_address=BEACON)
    copy = sold(brand, "shop-1", "#1001", source_identifier=str(original.id), shipping_address=BEACON)
    await told(brand, "shop-1", copy)
    await brand.pass_by(minutes=3)
    await told(brand, "market", original)
    assert await brand.cases() == {"address": 2}
    for case in sorted(await brand.floor.open_cases(), key=lambda case: str(case["subject"])):
        await brand.floor.resolve(case, "as-is")
        await brand.pass_by(minutes=1)
    assert {number for _, number in brand.bought()} == {"M-77"}
    assert len(brand.bought()) == 2
    assert not await brand.cases()


async def test_two_orders_that_share_a_number_by_chance_are_two(brand: Brand) -> None:
    old = sold(brand, "market", "#1001", ("NECK-01",))
    await told(brand, "market", old)
    await brand.ships(FIRST, "a")
    await brand.scanned(FIRST, "Delivered")
    await brand.pass_by(hours=24 * 4)
    fresh = brand.shops["shop-1"].add_order(
        name="#1001", lines=[{"sku": "NECK-01", "price": "60.00"}], email="bob@example.com",
        source_identifier="1001",
    )  # fmt: skip
    await told(brand, "shop-1", fresh)
    await brand.pass_by(minutes=3)
    assert await brand.cases() == {"probable-duplicate": 1}
    await brand.floor.resolve(await brand.case(), "both")
    assert brand.bought() == [("a", "1001"), ("a", "1001")]


async def test_a_copy_of_an_order_that_holds_other_goods_is_shown_to_a_person(brand: Brand) -> None:
    original = sold(brand, "market", "#M-77")
    copy = sold(brand, "shop-1", "#1001", ("NECK-01",), source_identifier=str(original.id))
    await told(brand, "market", original)
    await told(brand, "shop-1", copy)
    await brand.pass_by(minutes=3)
    assert await brand.cases() == {"probable-duplicate": 1}
    assert "M-77" in await brand.says(await brand.case())
    assert {number for _, number in brand.bought()} == {"M-77"}


async def test_a_receipt_number_that_is_no_order_elsewhere_holds_nobody_up_for_long(brand: Brand) -> None:
    order = sold(brand, "shop-1", "#1001", source_identifier="1234-12-1000")
    await told(brand, "shop-1", order)
    await brand.pass_by(minutes=3)
    assert brand.bought() == [("a", "1001"), ("c", "1001")]
    assert not await brand.cases()


async def test_a_replacement_takes_the_place_of_the_lost_parcel_on_both_channels(brand: Brand) -> None:
    orders = await pair(brand)
    await brand.ships(FIRST, "a")
    await brand.supplier_says(
        "a", "shipped", {"tracking_number": SECOND, "carrier": "UPS", "replaces": FIRST}
    )
    await brand.pass_by(minutes=3)
    for channel, order in orders.items():
        assert [number for number, *_ in shown(brand, channel, order)] == [SECOND]
