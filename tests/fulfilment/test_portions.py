"""A line that several suppliers share: each buys its portion once, and what one refuses goes elsewhere alone."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment.decision import PlannedPurchase
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from hub.sdk.commerce import Order
from hub.store import portions
from tests.fulfilment.shares import BOUGHT, STANDING, TEN, split, stock
from tests.fulfilment.trade import Trade, line, order, refusal


async def test_ten_are_bought_as_six_and_four_and_each_supplier_reads_only_its_own(sharing: Trade) -> None:
    decision = await sharing.assign(TEN)
    await sharing.verify(TEN)
    told = [await sharing.claim(TEN, purchase) for purchase in decision.purchases]
    assert [[(x.supplier_sku, x.quantity) for x in one.lines] for one in told] == [
        [("a-NECK-01", 6)],
        [("b-NECK-01", 4)],
    ]
    assert await sharing.value(STANDING) == "0: 6 in 0, 1: 4 in 0"
    assert await sharing.value(BOUGHT) == 10
    assert (await sharing.assign(TEN)).purchases == []


async def test_every_candidate_of_a_shared_line_says_what_it_has_and_what_it_ships(sharing: Trade) -> None:
    await stock(sharing, c=3)
    first, second = (await sharing.assign(TEN)).lines
    assert [(x.quantity, x.supplier, x.reason) for x in (first, second)] == [
        (6, "a", "shared"),
        (4, "b", "shared"),
    ]
    shares = [(share.supplier, share.quantity) for share in first.shares]
    assert shares == [(share.supplier, share.quantity) for share in second.shares] == [("a", 6), ("b", 4)]
    assert [(c.supplier, c.standing, c.why) for c in first.candidates] == [
        ("a", "chosen", "6 left, 10 needed. It ships 6 of 10."),
        ("b", "short", "4 left, 10 needed. It ships 4 of 10."),
        ("c", "short", "3 left, 10 needed."),
    ]


async def test_where_one_supplier_has_enough_nothing_is_shared(sharing: Trade) -> None:
    await stock(sharing, c=10)
    decision = await sharing.assign(TEN)
    assert split(decision) == {"c": 10}
    assert (decision.lines[0].reason, decision.lines[0].shares) == ("fallback:oos(a)", [])


async def test_a_store_that_divides_nothing_finds_it_out_of_stock(sharing: Trade) -> None:
    sharing.policies = Policies(safety_threshold=0)
    refused = await refusal(sharing.assign(TEN))
    assert (refused.code, "a: 6 left, 10 needed.; b: 4 left, 10 needed." in refused.reason) == (
        "out-of-stock",
        True,
    )


@pytest.mark.parametrize(
    ("threshold", "fewest", "shares"),
    [(5, 1, {"a": 6, "b": 4}), (0, 5, {"a": 5, "b": 5})],
    ids=["threshold", "fewest"],
)
async def test_what_a_store_keeps_back_or_finds_too_few_is_no_share(
    sharing: Trade, threshold: int, fewest: int, shares: dict[str, int]
) -> None:
    sharing.policies = Policies(safety_threshold=threshold, split_line="when_short", min_pieces=fewest)
    assert (await refusal(sharing.assign(TEN))).code == "out-of-stock"
    await stock(sharing, b=5)
    assert split(await sharing.assign(TEN)) == shares


async def test_a_supplier_whose_figure_is_too_old_ships_no_share(sharing: Trade) -> None:
    sharing.now += timedelta(hours=1)
    await stock(sharing, a=6, c=0)
    assert (await refusal(sharing.assign(TEN))).code == "stock-unconfirmed"
    await stock(sharing, b=4)
    assert split(await sharing.assign(TEN)) == {"a": 6, "b": 4}


async def test_eighty_orders_at_once_for_ten_units_at_two_suppliers_never_oversell(sharing: Trade) -> None:
    await stock(sharing, a=24, b=23)
    both = [order(f"#{n}", lines=[line(quantity=10)]) for n in range(80)]

    async def buys(it: Order) -> str:
        try:
            decision = await sharing.assign(it)
            await sharing.verify(it)
            for purchase in decision.purchases:
                await sharing.claim(it, purchase)
        except Refused as refused:
            return refused.code
        return "bought"

    answers = Counter(await asyncio.gather(*(buys(it) for it in both)))
    assert answers == {"bought": 4, "out-of-stock": 76}
    assert await sharing.value(BOUGHT) == 40
    held = "select sum(quantity) from reservations where store_id = $1 and supplier = '{}'"
    assert await sharing.value(held.format("a")) <= 24
    assert await sharing.value(held.format("b")) <= 23


async def test_two_decisions_on_the_same_line_do_not_both_buy(sharing: Trade) -> None:
    first = await sharing.assign(TEN)
    await sharing.verify(TEN)
    # The units are held in vain; meanwhile another supplier has all of it.
    sharing.now += sharing.policies.reservation_lasts
    await stock(sharing, a=6, b=4, c=10)
    second = await sharing.assign(TEN)
    assert (split(first), split(second)) == ({"a": 6, "b": 4}, {"c": 10})

    async def claims(purchase: PlannedPurchase) -> str:
        try:
            await sharing.claim(TEN, purchase)
        except Refused as refused:
            return refused.code
        return purchase.supplier

    sharing.run = uuid4()
    plans = [*first.purchases, *second.purchases]
    assert Counter(await asyncio.gather(*(claims(p) for p in plans))) == {"not-assigned": 2, "c": 1}
    assert await sharing.value(BOUGHT) == 10


async def test_a_purchase_of_other_units_than_its_portion_has_now_is_not_claimed(sharing: Trade) -> None:
    decision = await sharing.assign(TEN)
    await sharing.verify(TEN)
    async with sharing.database.transaction() as connection:
        await connection.execute(
            "update order_lines set quantity = quantity - 1 where store_id = $1 and portion = 0",
            sharing.store_id,
        )
    refused = await refusal(sharing.claim(TEN, decision.purchases[0]))
    assert refused.code == "changed"
    assert await sharing.value(BOUGHT) == 0
    assert sum(split(await sharing.assign(TEN)).values()) == 10, "and is planned anew"


async def test_kits_are_shared_as_kits(sharing: Trade) -> None:
    await sharing.packs("SET-1", "a", stock=7, CHAIN=(1, 5), BEAD=(2, 1))
    await sharing.packs("SET-1", "b", stock=9, CHAIN=(1, 5), BEAD=(2, 1))
    decision = await sharing.assign(order(lines=[line("SET-1", 7)]))
    told: dict[str, Any] = {
        p.supplier: {x.supplier_sku: x.quantity for x in p.lines} for p in decision.purchases
    }
    assert told == {"a": {"a-CHAIN": 3, "a-BEAD": 6}, "b": {"b-CHAIN": 4, "b-BEAD": 8}}


async def test_two_lines_of_one_article_that_nobody_has_enough_of_are_shared_out_together(
    sharing: Trade,
) -> None:
    await stock(sharing, a=8, b=9)
    twice = [line(quantity=8, id="first"), line(quantity=8, id="second")]
    decision = await sharing.assign(order(lines=twice))
    assert {p.supplier: sum(x.quantity for x in p.lines) for p in decision.purchases} == {"a": 8, "b": 8}
    assert Counter(x.line_id for x in decision.lines) == {"first": 1, "second": 1}, (
        "none is divided for nothing"
    )


async def test_portions_are_only_divided_so_that_nothing_is_lost_or_added(sharing: Trade) -> None:
    await sharing.record(TEN)
    async with sharing.database.transaction() as connection:
        id = await connection.fetchval("select id from orders where store_id = $1", sharing.store_id)
        (whole,) = await portions.of_order(connection, id)
        for sizes in ((6, 5), (6, 3)):
            pieces = [portions.Portion(whole.line_id, n, size, 0) for n, size in enumerate(sizes)]
            assert not await portions.divide(connection, id, [whole], pieces)
        assert await portions.of_order(connection, id) == [whole]
