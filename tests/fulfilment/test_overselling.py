"""Stock under many hands: what is reserved once is not promised twice."""

import asyncio
from datetime import timedelta

import pytest

from hub.fulfilment.decision import Decision
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from hub.sdk.commerce import Order
from tests.fulfilment.trade import Trade, line, order, refusal, rule, supplier, usd

RESERVED = "select count(*) from reservations where store_id = $1 and state = 'held'"


async def attempt(trade: Trade, it: Order) -> Decision | Refused:
    try:
        return await trade.assign(it)
    except Refused as error:
        return error


async def test_eighty_orders_at_once_for_the_last_five_units_reserve_exactly_five(trade: Trade) -> None:
    await trade.sells(stock=5, a=10)
    answers = await asyncio.gather(*(attempt(trade, order(f"#{n}")) for n in range(80)))
    assert sum(isinstance(a, Decision) for a in answers) == 5
    assert {a.code for a in answers if isinstance(a, Refused)} == {"out-of-stock"}
    assert await trade.value(RESERVED) == 5


async def test_orders_for_the_same_articles_in_another_order_do_not_stand_in_each_others_way(
    trade: Trade,
) -> None:
    await trade.sells(stock=30, a=10)
    await trade.sells("RING-02", stock=30, a=10)
    ways = [[line(), line("RING-02")], [line("RING-02"), line()]]
    answers = await asyncio.gather(*(attempt(trade, order(f"#{n}", lines=ways[n % 2])) for n in range(40)))
    assert sum(isinstance(a, Decision) for a in answers) == 30
    assert await trade.value(RESERVED) == 60


async def test_a_sale_counts_until_the_suppliers_own_figure_knows_of_it(trade: Trade) -> None:
    await trade.sells(stock=2, a=10)
    purchase = await trade.ready(order())
    await trade.claim(order(), purchase)
    await trade.confirm(purchase.reference)
    assert (await trade.decide(order("#1002"))).candidates[0].available == 1
    trade.now += timedelta(minutes=5)
    await trade.has("a", available=7)
    assert (await trade.decide(order("#1003"))).candidates[0].available == 6, "of 7, one is held for #1002"


async def test_an_older_figure_does_not_replace_a_newer_one(trade: Trade) -> None:
    await trade.sells(stock=2, a=10)
    assert await trade.has("a", available=50, age=10) == 0
    assert (await trade.decide(order())).candidates[0].available == 2


async def test_units_held_in_vain_are_free_again(trade: Trade) -> None:
    await trade.sells(stock=1, a=10)
    await trade.assign(order())
    trade.suppliers = [supplier("a", stock_max_age=timedelta(days=9))]
    assert (await refusal(trade.assign(order("#1002")))).code == "out-of-stock"
    trade.now += trade.policies.reservation_lasts + timedelta(minutes=2)
    assert (await trade.decide(order("#1002"))).supplier == "a"


@pytest.mark.row("S1-061", "S1-063")
async def test_on_monday_seventy_two_go_to_the_first_supplier_six_lack_a_unit_and_two_lack_stock(
    trade: Trade,
) -> None:
    trade.policies = Policies()
    trade.rules = [rule("primary", prefer=["a"])]
    await trade.sells(stock=500, a=10, b=9)
    for sku in ("RUSH-1", "RUSH-2"):
        await trade.sells(sku, stock=6, a=10)
        for n in (1, 2):  # the weekend took two of each
            sold = order(f"#{sku}-{n}", lines=[line(sku)])
            await trade.claim(sold, await trade.ready(sold))
    claimed: list[str] = []
    held: list[str] = []
    for n in range(80):
        it = order(f"#{n}", lines=[line({6: "RUSH-1", 7: "RUSH-2"}.get(n, "NECK-01"))], total=usd(89))
        await trade.record(it)
        note = await trade.verify(it, "missing_secondary" if n < 6 else "deliverable")
        if not note.ok:
            held.append(note.reason)
            continue
        answer = await attempt(trade, it)
        if isinstance(answer, Refused):
            assert "a: 4 left, below the safety threshold of 5." in answer.reason
            held.append(answer.code)
            continue
        (figures,) = [f for f in answer.lines[0].candidates if f.standing == "chosen"]
        assert (figures.available, figures.shipping) == (500 - len(claimed), usd(6))
        claimed.append((await trade.claim(it, answer.purchases[0])).lines[0].supplier_sku)
    assert claimed == ["a-NECK-01"] * 72
    assert held == ["missing apartment/unit"] * 6 + ["stock-unconfirmed"] * 2
