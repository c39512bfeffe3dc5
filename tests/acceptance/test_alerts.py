"""What the people who run the shop are told: each morning one sentence, and of a bad minute two alerts."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.engine.sweep import sweep
from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_waiting import BEACON

DASHBOARD = "https://hub.lune.example"
HERE = Terms(policies=f"{{safety_threshold: 5, review_value: 1000 USD, dashboard_url: '{DASHBOARD}'}}")
EIGHT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""Eight in the morning at the brand's, in New York."""


@pytest.fixture
def terms() -> Terms:
    return HERE


async def come_to(brand: Brand, moment: datetime) -> None:
    await brand.floor.let_pass(seconds=(moment - brand.floor.now).total_seconds())


def digests(brand: Brand) -> list[dict[str, str]]:
    """What was said in the mornings."""
    return [alert for alert in brand.alerts.alerts if alert["title"].endswith("attention today")]


def links(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith(DASHBOARD)]


async def hold(brand: Brand, orders: int) -> list[str]:
    """So many orders come whose address lacks an apartment; the links to their cases."""
    for _ in range(orders):
        await brand.buy(shipping_address=BEACON)
    return [f"{DASHBOARD}/exception?case={case['id']}" for case in await brand.floor.open_cases()]


@pytest.mark.row("S2-091")
@pytest.mark.parametrize(
    ("orders", "said"),
    [
        (0, []),
        (1, ["1 order needs your attention today"]),
        (3, ["3 orders need your attention today"]),
    ],
)
async def test_at_eight_one_sentence_says_how_many_orders_wait_and_links_to_each(
    brand: Brand, orders: int, said: list[str]
) -> None:
    places = await hold(brand, orders)
    await come_to(brand, EIGHT - timedelta(minutes=1))
    assert digests(brand) == []
    await come_to(brand, EIGHT)
    assert [digest["title"] for digest in digests(brand)] == said
    assert sorted(link for digest in digests(brand) for link in links(digest["message"])) == sorted(places)
    await brand.floor.let_pass(hours=23)
    assert len(digests(brand)) == len(said), "once a day"


async def test_two_workers_and_a_repeated_look_say_it_once(brand: Brand) -> None:
    await hold(brand, 1)
    async with brand.floor.hub.database.connection() as connection:
        await brand.floor.hub.clock.set(connection, EIGHT)
    async with brand.floor.hub.pump("worker-2") as other:
        await other._beat()
        await asyncio.gather(*(sweep(pump.engine) for pump in (brand.floor.pump, other) for _ in range(2)))
        await asyncio.gather(other.look(), brand.floor.pump.look())
        await asyncio.gather(other.rest(), brand.floor.pump.rest())
        await brand.floor.settle()
    assert len(digests(brand)) == 1


async def test_the_sentence_comes_at_eight_on_both_sides_of_a_clock_change(brand: Brand) -> None:
    await hold(brand, 1)
    told: list[datetime] = []
    await come_to(brand, datetime(2027, 3, 13, 0, 0, tzinfo=UTC))
    for _ in range(48):
        before = len(digests(brand))
        await brand.floor.let_pass(hours=1)
        told += [brand.floor.now] * (len(digests(brand)) - before)
    assert told == [datetime(2027, 3, 13, 13, tzinfo=UTC), datetime(2027, 3, 14, 12, tzinfo=UTC)]


async def test_a_hub_that_slept_over_eight_says_it_when_it_is_up(brand: Brand) -> None:
    await hold(brand, 1)
    await come_to(brand, EIGHT + timedelta(days=3, hours=2))
    assert len(digests(brand)) == 1


@pytest.mark.parametrize("terms", [replace(HERE, promise="unsafe")])
async def test_an_order_with_two_cases_is_one_order_and_what_is_about_none_is_said_apart(
    brand: Brand,
) -> None:
    brand.suppliers["a"].lose_next_answer("/purchase-orders")
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.deliver("shop-1", brand.shop.sign(b"{", "orders/paid"))
    await brand.floor.settle()
    assert await brand.cases() == {"effect-in-doubt": 1, "cancel-at-supplier": 1, "delivery-unreadable": 1}
    await come_to(brand, EIGHT)
    (digest,) = digests(brand)
    assert digest["title"] == "1 order needs your attention today"
    assert digest["message"].count("1001") == 1
    assert "and 1 other thing:" in digest["message"]
    assert "delivery-unreadable" in digest["message"]


@pytest.mark.row("S1-090")
async def test_a_case_is_alerted_at_once_and_a_replay_of_its_webhook_alerts_nobody(brand: Brand) -> None:
    order = await brand.buy(shipping_address=BEACON)
    (case,) = await brand.floor.open_cases()
    (alert,) = brand.alerts.alerts
    assert alert["title"] == "address: 1001"
    assert links(alert["message"])[0] == f"{DASHBOARD}/exception?case={case['id']}"
    for _ in range(3):
        await brand.tell(order)
        await brand.floor.let_pass(minutes=6)
    assert brand.alerts.alerts == [alert]


async def test_forty_cases_of_one_kind_in_a_minute_are_two_alerts(brand: Brand) -> None:
    for number in range(40):
        if number in (1, 20):
            await brand.floor.let_pass(seconds=30)
        await brand.buy(shipping_address=BEACON)
    assert await brand.cases() == {"address": 40}
    await brand.floor.let_pass(minutes=4, seconds=29)
    assert [alert["title"] for alert in brand.alerts.alerts] == ["address: 1001"]
    await brand.floor.let_pass(seconds=1)
    assert [alert["title"] for alert in brand.alerts.alerts] == ["address: 1001", "address: and 39 more"]
    await brand.floor.let_pass(hours=1)
    assert len(brand.alerts.alerts) == 2
