"""Promises that a supplier breaks have their price: whoever ships late or refuses is dearer than its goods."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment import promise_risk, shipments
from hub.fulfilment.decision import CandidateFigures, Risk
from hub.fulfilment.policies import Policies, PromiseRisk
from hub.fulfilment.rules import When
from hub.fulfilment.shipment import RecordShipments
from hub.sdk import Parcel
from hub.sdk.commerce import Money
from hub.store import risks
from tests.fulfilment.trade import MONDAY, Trade, line, order, rule, usd

DAY = timedelta(days=1)
NUMBERS = count(5001)


@pytest.fixture
async def shop(trade: Trade) -> Trade:
    """A store that looks at four purchases or more, and for which a broken promise costs 20 dollars."""
    terms = PromiseRisk(price=usd(20), least_purchases=4)
    trade.policies = Policies(safety_threshold=0, stock_max_age=365 * DAY, promise_risk=terms)
    await trade.sells(a=10, b=12)
    return trade


async def bought(trade: Trade, of: str = "a", leaves_after: timedelta | None = None) -> str:
    """A purchase at a supplier, which leaves so long after it was taken, or never; its reference."""
    rules, trade.rules = trade.rules, [rule("from", When(), use=[of])]
    it = order(f"#{next(NUMBERS)}")
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.confirm(purchase.reference)
    if leaves_after is not None:
        now, trade.now = trade.now, trade.now + leaves_after
        parcels = [Parcel(tracking_number=f"N-{uuid4()}")]
        await trade.ask(shipments.record, RecordShipments(purchase=purchase.reference, parcels=parcels))
        trade.now = now
    trade.rules = rules
    return purchase.reference


async def refused(trade: Trade, of: str = "a", reason: str = "out-of-stock") -> None:
    """A purchase that its supplier does not take."""
    rules, trade.rules = trade.rules, [rule("from", When(), use=[of])]
    it = order(f"#{next(NUMBERS)}")
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.give_back(purchase.reference, reason)
    await trade.has(of, available=100)
    trade.rules = rules


async def weighed(trade: Trade) -> dict[str, tuple[int, int, int]]:
    """Of each supplier: purchases, how many late, how many refused."""
    async with trade.database.transaction() as connection:
        await promise_risk.weigh(connection, trade.store_id, ["a", "b"], trade.now)
        found = await risks.of_suppliers(connection, trade.store_id, ["a", "b"])
    return {kept.supplier: (kept.purchases, kept.late, kept.rejected) for kept in found}


async def figures(trade: Trade, **changes: Any) -> dict[str, CandidateFigures]:
    return {f.supplier: f for f in (await trade.decide(order(**changes))).candidates}


async def test_what_left_late_and_what_was_refused_is_counted_of_all_that_can_be_said(shop: Trade) -> None:
    await bought(shop, leaves_after=1 * DAY)
    await bought(shop, leaves_after=7 * DAY)
    await bought(shop)
    await refused(shop)
    await bought(shop, "b", leaves_after=2 * DAY)
    shop.now = MONDAY + 10 * DAY
    await bought(shop)
    assert await weighed(shop) == {"a": (4, 2, 1), "b": (1, 0, 0)}


async def test_a_promise_is_counted_in_the_suppliers_working_days(shop: Trade) -> None:
    """Taken on Thursday evening, it is taken up on Friday, and two working days later is Tuesday."""
    shop.now = MONDAY.replace(day=5, hour=19)
    await bought(shop, leaves_after=5 * DAY - timedelta(hours=3))
    await bought(shop, leaves_after=5 * DAY - timedelta(hours=1))
    shop.now += 6 * DAY
    assert (await weighed(shop))["a"] == (2, 1, 0)


async def test_what_is_not_the_suppliers_fault_is_no_broken_promise(shop: Trade) -> None:
    await bought(shop, leaves_after=1 * DAY)
    await refused(shop, reason="address-invalid")
    it = order("#4001")
    purchase = await shop.ready(it)
    await shop.claim(it, purchase)
    await shop.confirm(purchase.reference)
    await shop.cancel(it)
    shop.now = MONDAY + 10 * DAY
    assert (await weighed(shop))["a"] == (1, 0, 0)


async def test_refusals_from_before_promises_were_kept_are_left_out_with_what_was_kept_then(
    shop: Trade,
) -> None:
    await refused(shop)
    shop.now += timedelta(hours=1)
    await bought(shop, leaves_after=1 * DAY)
    shop.now += 10 * DAY
    assert (await weighed(shop))["a"] == (1, 0, 0)


async def test_what_is_older_than_ninety_days_says_nothing_any_more(shop: Trade) -> None:
    await bought(shop)
    shop.now += 60 * DAY
    await bought(shop, leaves_after=1 * DAY)
    shop.now += 40 * DAY
    assert (await weighed(shop))["a"] == (1, 0, 0)


async def test_suppliers_are_weighed_once_a_day(shop: Trade) -> None:
    await bought(shop)
    shop.now += 10 * DAY
    assert (await weighed(shop))["a"] == (1, 1, 0)
    await refused(shop)
    shop.now += timedelta(hours=23)
    assert (await weighed(shop))["a"] == (1, 1, 0)
    shop.now += timedelta(hours=1)
    assert (await weighed(shop))["a"] == (2, 1, 1)


async def test_who_breaks_promises_loses_the_order_to_who_is_dearer_and_keeps_them(shop: Trade) -> None:
    """Two of five were late or refused: eight dollars more are expected of a, and b costs only two more."""
    for days in (1, 2, 1, 8):
        await bought(shop, leaves_after=days * DAY)
        await bought(shop, "b", leaves_after=1 * DAY)
    await refused(shop)
    before = await shop.decide(order("#1001"))
    assert (before.supplier, before.reason) == ("a", "margin"), "nobody has weighed them yet"
    shop.now += 10 * DAY
    await weighed(shop)
    decision = await shop.decide(order("#1002"))
    assert (decision.supplier, decision.reason) == ("b", "risk(a)")
    found = {f.supplier: f.risk for f in decision.candidates}
    assert found["a"] == Risk(purchases=5, late=1, rejected=1, as_of=shop.now, cost=usd("8.00"))
    assert found["b"] == Risk(purchases=4, as_of=shop.now, cost=usd("0.00"))
    kept = (
        "select proof -> 'cost' ->> 'amount' from decisions where store_id = $1 order by made_at desc limit 1"
    )
    assert Decimal(await shop.value(kept)) == 12 + 6, "article and parcel; nothing is expected of b"


async def test_of_two_lines_from_one_supplier_one_purchase_is_at_risk(shop: Trade) -> None:
    await shop.sells("RING-02", a=10)
    for _ in range(4):
        await bought(shop)
    shop.now += 10 * DAY
    await weighed(shop)
    both = await shop.assign(order("#1002", lines=[line("RING-02"), line("RING-02", id="second")]))
    assert both.proof is not None
    assert both.proof.cost == usd(10 + 10 + 6 + 20)


async def test_too_few_purchases_are_unknown_and_add_nothing(shop: Trade) -> None:
    found = await figures(shop, number="#1001")
    assert found["a"].risk == Risk(unknown="Its purchases were not weighed yet.")
    for _ in range(3):
        await bought(shop)
    shop.now += 10 * DAY
    await weighed(shop)
    decision = await shop.decide(order("#1002"))
    assert (decision.supplier, decision.reason) == ("a", "margin")
    risk = {f.supplier: f.risk for f in decision.candidates}["a"]
    assert risk is not None
    assert (risk.late, risk.cost, risk.unknown) == (3, None, "3 purchases say too little, 4 are needed.")


async def test_a_price_in_another_currency_is_said_and_not_added(shop: Trade) -> None:
    euros = PromiseRisk(price=Money(amount=Decimal(20), currency="EUR"), least_purchases=1)
    shop.policies = shop.policies.model_copy(update={"promise_risk": euros})
    await bought(shop)
    shop.now += 10 * DAY
    await weighed(shop)
    risk = (await figures(shop))["a"].risk
    assert risk is not None
    assert (risk.cost, risk.unknown) == (None, "A broken promise has its price in EUR, costs are in USD.")


async def test_a_store_that_sets_no_price_decides_as_before_and_says_nothing_of_it(shop: Trade) -> None:
    for _ in range(4):
        await bought(shop)
    shop.now += 10 * DAY
    await weighed(shop)
    shop.policies = shop.policies.model_copy(update={"promise_risk": PromiseRisk()})
    decision = await shop.decide(order())
    assert (decision.supplier, decision.reason) == ("a", "margin")
    assert {f.risk for f in decision.candidates} == {None}


def test_a_broken_promise_cannot_earn_anything() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        PromiseRisk(price=usd(-1))
