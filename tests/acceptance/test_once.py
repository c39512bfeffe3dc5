"""However often and by whatever way the hub hears of an order, it is bought once; and if it hears nothing, it asks."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from hub.engine.pump import Pump
from hub.store.polls import move_on, take_polls
from tests.acceptance.brand import THREE_SHOPS, Brand
from tests.acceptance.figures_desk import reader

MINUTES_15 = timedelta(minutes=15)
POLL = ("shop-1", "orders_paid")


async def test_five_webhooks_at_once_and_the_poll_are_one_purchase(brand: Brand) -> None:
    order = brand.place()
    same = brand.shop.order_paid_webhook(order.id)
    again = [brand.shop.order_paid_webhook(order.id) for _ in range(5)]
    await asyncio.gather(*(brand.floor.deliver("shop-1", d) for d in [same] * 5 + again))
    await brand.floor.let_pass(minutes=5)
    for _ in range(3):
        await brand.floor.let_pass(minutes=5)
    assert brand.bought() == [("a", "1001")]
    filters = [row for row in await brand.floor.runs() if row["flow"] == "filter"]
    assert len(filters) == 1


@pytest.mark.row("S2-085")
async def test_an_order_told_of_in_every_way_at_once_to_four_workers_is_bought_once(brand: Brand) -> None:
    """Five webhooks, each sent again; the poll at its turn; somebody who presses the button; the shop's replay."""
    await brand.floor.let_pass(minutes=4)
    order = brand.place()
    hooks = [brand.shop.order_paid_webhook(order.id) for _ in range(5)]
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(brand.floor.hub.pump(f"other-{n}")) for n in range(3)]
        pumps = [brand.floor.pump, *others]
        for pump in others:
            await pump._beat()
        desk = await stack.enter_async_context(reader(brand, "ops"))
        pressed = asyncio.create_task(desk.post("/connections/shop-1/look"))
        told = [brand.floor.deliver("shop-1", hook) for hook in hooks * 2]
        await asyncio.gather(*told, *(pump._sweep() for pump in pumps))
        assert (await pressed).json() == {"polls": ["orders_paid"]}
        await brand.floor.let_pass(minutes=1)
        await brand.floor.deliver("shop-1", brand.shop.order_paid_webhook(order.id))
        for _ in range(5):
            await asyncio.gather(*(work_off(pump) for pump in pumps))
    asked = await brand.floor.rows("select asked_at from poll_cursors where poll = 'orders_paid'")
    assert asked[0]["asked_at"] >= order.created_at, "the button was heard"
    assert brand.bought() == [("a", "1001")]
    assert len([run for run in await brand.floor.runs() if run["flow"] == "filter"]) == 1


async def work_off(pump: Pump) -> None:
    """One worker does what it finds."""
    await pump._sweep()
    while await pump.look():
        await pump.rest()


async def test_a_webhook_that_was_never_sent_is_found_within_fifteen_minutes_and_bought_once(
    brand: Brand,
) -> None:
    await brand.floor.let_pass(seconds=1)
    brand.place()
    for _ in range(15):
        await brand.floor.let_pass(minutes=1)
    assert brand.bought() == [("a", "1001")]
    await brand.floor.let_pass(minutes=30)
    assert brand.bought() == [("a", "1001")]


@pytest.mark.row("S2-007")
@pytest.mark.parametrize("terms", [THREE_SHOPS])
async def test_of_three_shops_one_webhook_is_lost_and_its_order_is_found_and_bought_once(
    brand: Brand,
) -> None:
    await brand.floor.let_pass(seconds=1)
    for name, shop in brand.shops.items():
        order = shop.add_order(name="#1001", lines=[{"sku": "NECK-01", "price": "60.00"}])
        if name != "shop-2":
            await brand.floor.deliver(name, shop.order_paid_webhook(order.id))
    await brand.floor.settle()
    assert brand.bought() == [("a", "1001"), ("e", "1001")]
    for _ in range(15):
        await brand.floor.let_pass(minutes=1)
    assert brand.bought() == [("a", "1001"), ("d", "1001"), ("e", "1001")]
    await brand.floor.let_pass(minutes=30)
    assert len(brand.bought()) == 3


@pytest.mark.row("S2-023")
@pytest.mark.parametrize("terms", [THREE_SHOPS])
async def test_three_paid_orders_of_three_shops_are_three_runs_and_unpaid_ones_none(brand: Brand) -> None:
    for name, shop in brand.shops.items():
        paid = shop.add_order(lines=[{"sku": "NECK-01"}])
        shop.add_order(lines=[{"sku": "NECK-01"}], email="late@example.com", financial_status="PENDING")
        await brand.floor.deliver(name, shop.order_paid_webhook(paid.id))
    for _ in range(4):
        await brand.floor.let_pass(minutes=5)
    started = [run["source"] for run in await brand.floor.runs() if run["flow"] == "filter"]
    assert sorted(started) == ["shop-1", "shop-2", "shop-3"]
    assert brand.bought() == [("a", "1001"), ("d", "1001"), ("e", "1001")]


async def test_a_poll_that_fails_is_asked_again_from_where_it_was(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    (before,) = await brand.cursor()
    order = brand.place()
    brand.shop.fail_next("graphql")
    await brand.floor.let_pass(minutes=6)
    (after,) = await brand.cursor()
    assert after["cursor"] == before["cursor"]
    assert (after["due_at"] - brand.floor.now).total_seconds() == 60, (
        "it is put off, but not for a whole turn"
    )
    await brand.floor.let_pass(minutes=2)
    assert brand.bought() == [("a", order.name.removeprefix("#"))]


async def test_a_poll_goes_on_while_its_connection_is_paused(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    await brand.pause("shop-1")
    brand.place()
    await brand.floor.let_pass(minutes=10)
    assert len(await brand.floor.runs()) == 1
    assert brand.bought() == []
    await brand.resume("shop-1")
    assert brand.bought() == [("a", "1001")]


async def test_two_workers_never_ask_the_same_poll_at_once(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    now = brand.floor.now + MINUTES_15
    database = brand.floor.hub.database

    async def take() -> int:
        async with database.transaction() as connection:
            return len(await take_polls(connection, [POLL], now, now + MINUTES_15))

    assert sorted(await asyncio.gather(take(), take(), take())) == [0, 0, 1]


async def test_a_worker_that_died_while_asking_keeps_a_poll_for_a_minute_only(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    brand.place()
    await brand.floor.let_pass(minutes=4, seconds=59)
    now = brand.floor.now + timedelta(seconds=1)
    async with brand.floor.hub.database.transaction() as connection:
        assert len(await take_polls(connection, [POLL], now, now + timedelta(minutes=1))) == 1
    await brand.floor.let_pass(seconds=30)
    assert brand.bought() == []
    await brand.floor.let_pass(seconds=31)
    assert brand.bought() == [("a", "1001")]


async def test_an_answer_that_came_too_late_does_not_move_a_cursor_back(brand: Brand) -> None:
    await brand.floor.let_pass(seconds=1)
    now = brand.floor.now + MINUTES_15
    async with brand.floor.hub.database.transaction() as connection:
        (turn,) = await take_polls(connection, [POLL], now, now)
        assert await move_on(connection, turn, "newer", now, now)
        assert not await move_on(connection, turn, "older", now, now)
    (row,) = await brand.cursor()
    assert row["cursor"] == "newer"
