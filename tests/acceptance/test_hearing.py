"""Told or asking: the merchant chooses for each connection, the change is in force at once, and it is on record."""

from datetime import timedelta
from typing import Any

import pytest

from hub.store.audit import read_audit
from tests.acceptance.brand import Brand
from tests.acceptance.figures_desk import reader

ASKING, TELLING = {"shop-1": "[poll]"}, {"shop-1": "[webhook]"}


async def recorded(brand: Brand, what: str) -> list[tuple[str, dict[str, Any]]]:
    """Who did this and how, oldest first."""
    async with brand.floor.hub.database.connection() as connection:
        rows = await read_audit(connection, 100)
    return [(row["by"], row["detail"]) for row in reversed(rows) if row["what"] == what]


async def shown(brand: Brand) -> dict[str, Any]:
    """The shop's connection as the API shows it."""
    async with reader(brand) as client:
        found: dict[str, Any] = (await client.get("/connections/shop-1")).json()
    return found


@pytest.mark.row("S1-072")
async def test_a_shop_that_is_only_asked_is_bought_for_by_its_poll(brand: Brand) -> None:
    await brand.publish(hears=ASKING)
    order = brand.place()
    await brand.tell(order)
    await brand.floor.settle()
    assert brand.bought() == [], "taken and answered, and not acted on"
    (delivery,) = await brand.floor.rows("select state, reason from deliveries where topic = 'orders/paid'")
    assert (delivery["state"], delivery["reason"]) == ("ignored", "It is asked for instead.")
    await brand.pass_by(minutes=12)
    await brand.tell(order)
    await brand.floor.settle()
    assert brand.bought() == [("a", "1001")]
    assert len([run for run in await brand.floor.runs() if run["flow"] == "filter"]) == 1


@pytest.mark.row("S1-072")
async def test_a_shop_that_only_tells_is_not_asked(brand: Brand) -> None:
    await brand.pass_by(minutes=6)
    await brand.publish(hears=TELLING)
    (before,) = await brand.cursor()
    lost = brand.place()
    await brand.pass_by(minutes=30)
    told = await brand.buy()
    (after,) = await brand.cursor()
    assert (before["asked_at"], before["cursor"]) == (after["asked_at"], after["cursor"])
    assert [number for _, number in brand.bought()] == [told.name.removeprefix("#")]

    await brand.publish(hears={})
    await brand.pass_by(minutes=10)
    assert len(brand.bought()) == 2, f"{lost.name} was missed meanwhile, and asked for in the end"


@pytest.mark.row("S1-072")
async def test_a_change_is_in_force_at_once_and_on_record_with_who_made_it(brand: Brand) -> None:
    assert (await shown(brand))["hears"] == ["webhook", "poll"]
    assert [poll["poll"] for poll in (await shown(brand))["polls"]] == []
    await brand.pass_by(minutes=1)
    assert [poll["poll"] for poll in (await shown(brand))["polls"]] == ["orders_paid"]

    await brand.publish(hears=TELLING)
    assert (await shown(brand))["hears"] == ["webhook"]
    assert (await shown(brand))["polls"] == []
    await brand.publish(hears=TELLING)
    await brand.publish(hears=ASKING)

    assert await recorded(brand, "connection heard otherwise") == [
        ("ada", {"connection": "shop-1", "from": ["webhook", "poll"], "to": ["webhook"]}),
        ("ada", {"connection": "shop-1", "from": ["webhook"], "to": ["poll"]}),
    ]


@pytest.mark.row("S1-072")
async def test_an_app_or_the_shop_itself_tracks_by_one_line_and_that_is_on_record_too(brand: Brand) -> None:
    await brand.publish(native_tracking=True)
    await brand.publish(native_tracking=False)

    assert await recorded(brand, "role played by others") == [
        ("ada", {"role": "tracker", "from": ["tracker-1"], "to": ["shop-1"]}),
        ("ada", {"role": "tracker", "from": ["shop-1"], "to": ["tracker-1"]}),
    ]


async def test_what_no_poll_would_find_is_heard_by_webhook_all_the_same(brand: Brand) -> None:
    await brand.publish(hears=ASKING)
    order = brand.place()
    await brand.pass_by(minutes=12)
    assert brand.bought() == [("a", "1001")]
    await brand.cancel(order)
    await brand.floor.settle()
    assert await brand.cases() == {"cancel-at-supplier": 1}


@pytest.mark.parametrize("hears", [ASKING, TELLING], ids=["asking", "telling"])
async def test_what_is_switched_off_is_not_called_silent(brand: Brand, hears: dict[str, str]) -> None:
    await brand.buy()
    await brand.pass_by(minutes=6)
    await brand.publish(hears=hears)
    for day in range(3):
        order = brand.place()
        if hears is TELLING:
            await brand.tell(order)
        await brand.pass_by(days=1, minutes=day)
    assert len(brand.bought()) == 4
    assert (
        await brand.floor.rows("select kind from silences where kind in ('webhook-silent', 'poll-silent')")
        == []
    )


async def test_what_is_switched_on_again_begins_without_a_past(brand: Brand) -> None:
    await brand.buy()
    await brand.publish(hears=ASKING)
    brand.place()
    await brand.pass_by(days=2)
    await brand.publish(hears=TELLING)
    await brand.pass_by(days=2)
    await brand.publish(hears={})
    await brand.pass_by(minutes=2)
    assert (
        await brand.floor.rows("select kind from silences where kind in ('webhook-silent', 'poll-silent')")
        == []
    )
    (cursor,) = await brand.cursor()
    assert brand.floor.now - cursor["answered_at"] < timedelta(minutes=5)
