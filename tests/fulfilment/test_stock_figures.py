"""How old and how low a supplier's figures may be."""

from datetime import timedelta

import pytest

from hub.fulfilment.policies import Policies
from hub.fulfilment.supplier import SupplierSpec, threshold
from tests.fulfilment.trade import Trade, order, refusal, supplier


def test_lengths_of_time_are_read_as_people_write_them_and_as_json_keeps_them() -> None:
    written = Policies.model_validate({"stock_max_age": "45 minutes", "twin_window": "1 hour"})
    assert written.stock_max_age == timedelta(minutes=45)
    assert Policies.model_validate(written.model_dump(mode="json")) == written
    spec = SupplierSpec.model_validate({"connection": "a", "name": "A", "stock_max_age": "2 days"})
    assert spec.stock_max_age == timedelta(days=2)


@pytest.mark.row("S2-041")
async def test_only_figures_young_enough_are_trusted(trade: Trade) -> None:
    await trade.sells(a=10, b=12, age=30)
    assert (await trade.decide(order())).supplier == "a"
    trade.now += timedelta(minutes=1)
    assert (await refusal(trade.assign(order("#1002")))).code == "stock-unconfirmed"
    assert await trade.has("b", available=9) == 1
    assert (await trade.decide(order("#1002"))).supplier == "b"


@pytest.mark.row("S1-014")
async def test_a_supplier_with_old_figures_is_left_out_and_says_so(trade: Trade) -> None:
    await trade.sells(a=12, b=10)
    trade.now += timedelta(minutes=45)
    await trade.has("a", available=5)
    decision = await trade.decide(order())
    assert (decision.supplier, decision.reason) == ("a", "fallback:stale-stock(b)")
    (old,) = [f for f in decision.candidates if f.supplier == "b"]
    assert (old.standing, old.age_seconds) == ("stale-stock", 45 * 60)
    assert "45 min old, at most 30 min" in old.why


async def test_a_batch_feed_may_be_a_day_old_but_its_threshold_doubles(trade: Trade) -> None:
    trade.policies = Policies()
    trade.suppliers = [supplier("a", stock_mode="batch")]
    assert threshold(trade.suppliers[0], trade.policies) == 2 * threshold(supplier("b"), trade.policies) == 10
    await trade.sells(stock=9, age=23 * 60, a=10)
    assert (await refusal(trade.assign(order()))).code == "stock-unconfirmed"
    await trade.has("a", available=10, age=22 * 60)
    assert (await trade.decide(order())).supplier == "a"


@pytest.mark.row("S1-027")
async def test_nobody_has_any_so_the_order_is_held_for_stock(trade: Trade) -> None:
    await trade.sells(stock=0, a=10, b=12)
    assert (await refusal(trade.assign(order()))).code == "out-of-stock"


async def test_a_figure_below_the_threshold_needs_somebody_to_vouch_for_it(trade: Trade) -> None:
    trade.policies = Policies()
    await trade.sells(stock=4, a=10)
    held = await refusal(trade.assign(order()))
    assert held.code == "stock-unconfirmed"
    assert "4 left, below the safety threshold of 5" in held.reason
    await trade.has("a", available=4, is_confirmed=True)
    assert (await trade.decide(order())).supplier == "a"


async def test_a_supplier_who_refused_for_stock_is_not_asked_by_the_next_order(trade: Trade) -> None:
    await trade.sells(a=10, b=12)
    purchase = await trade.ready(order())
    await trade.claim(order(), purchase)
    trade.now += timedelta(minutes=1)
    await trade.give_back(purchase.reference)
    assert (await trade.decide(order("#1002"))).supplier == "b"
    trade.now += timedelta(minutes=1)
    await trade.has("a", available=3)
    assert (await trade.decide(order("#1003"))).supplier == "a"


async def test_a_cost_nobody_knows_comes_after_one_that_is_known(trade: Trade) -> None:
    await trade.sells(a=10, b=12)
    async with trade.database.transaction() as connection:
        await connection.execute(
            "update supplier_articles set unit_cost = null, currency = null where store_id = $1 and supplier = 'a'",
            trade.store_id,
        )
    assert (await trade.decide(order())).supplier == "b"
    await trade.has("b", available=0)
    purchase = await trade.ready(order("#1002"))
    assert (purchase.supplier, purchase.lines[0].unit_cost) == ("a", None)
    assert (await trade.claim(order("#1002"), purchase)).lines[0].supplier_sku == "a-NECK-01"
