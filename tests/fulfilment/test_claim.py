"""The guard of every purchase."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment import claiming
from hub.fulfilment.decision import ClaimPurchase, Decision
from hub.sdk import Refused
from hub.sdk.commerce import NewPurchaseOrder
from hub.store.encoding import from_bytes, to_bytes
from tests.fulfilment.trade import LONDON, MONDAY, NEW_YORK, Trade, line, order, refusal, rule, usd


@pytest.fixture
async def selling(trade: Trade) -> Trade:
    """Supplier a is the cheaper one."""
    await trade.sells(a=10, b=12)
    return trade


@pytest.mark.row("S1-055")
async def test_a_purchase_is_in_the_suppliers_words_and_goes_to_the_customer(selling: Trade) -> None:
    selling.rules = [rule("b-first", prefer=["b"])]
    it = order(lines=[line(quantity=2, title="Necklace", properties={"engraving": "Ada"})])
    bought = await selling.claim(it, await selling.ready(it))
    assert [(x.supplier_sku, x.quantity, x.properties) for x in bought.lines] == [
        ("b-NECK-01", 2, {"engraving": "Ada"})
    ]
    assert bought.ship_to == NEW_YORK
    assert bought.order_number == "#1001"


async def test_the_same_run_claiming_again_gets_the_same_answer(selling: Trade) -> None:
    purchase = await selling.ready(order())
    assert await selling.claim(order(), purchase) == await selling.claim(order(), purchase)


async def test_another_run_cannot_buy_what_is_bought(selling: Trade) -> None:
    purchase = await selling.ready(order())
    await selling.claim(order(), purchase)
    selling.run = uuid4()
    assert (await refusal(selling.claim(order(), purchase))).code == "already-claimed"
    assert (await selling.assign(order())).purchases == []


@pytest.mark.row("S2-025")
@pytest.mark.parametrize("payment", ["pending", "authorised", "partly_paid", "refunded", "voided", "expired"])
async def test_an_unpaid_order_is_not_bought_even_by_force(selling: Trade, payment: str) -> None:
    purchase = await selling.ready(order())
    assert (await refusal(selling.claim(order(payment=payment), purchase))).code == "unpaid"


@pytest.mark.row("S2-005")
async def test_an_address_changed_after_its_verdict_blocks_until_it_is_verified_again(selling: Trade) -> None:
    purchase = await selling.ready(order())
    moved = order(ship_to=NEW_YORK.model_copy(update={"line2": "Apt 5"}))
    assert (await refusal(selling.claim(moved, purchase))).code == "unverified-address"
    await selling.verify(moved)
    assert (await selling.claim(moved, purchase)).ship_to.line2 == "Apt 5"


async def test_without_a_good_verdict_nothing_is_bought(selling: Trade) -> None:
    purchase = (await selling.assign(order())).purchases[0]
    assert (await refusal(selling.claim(order(), purchase))).code == "unverified-address"
    await selling.verify(order(), "undeliverable")
    assert (await refusal(selling.claim(order(), purchase))).code == "unverified-address"


@pytest.mark.row("S2-006")
async def test_a_purchase_for_another_supplier_than_decided_is_rejected(selling: Trade) -> None:
    purchase = await selling.ready(order())
    assert purchase.supplier == "a"
    swapped = purchase.model_copy(update={"supplier": "b"})
    assert (await refusal(selling.claim(order(), swapped))).code == "not-assigned"
    invented = purchase.model_copy(update={"reference": "1001-9-xxxxxx"})
    assert (await refusal(selling.claim(order(), invented))).code == "not-assigned"
    other = order("#1002")
    await selling.ready(other)
    assert (await refusal(selling.claim(other, purchase))).code == "not-assigned"


async def test_more_units_than_decided_are_rejected(selling: Trade) -> None:
    purchase = await selling.ready(order())
    more = [x.model_copy(update={"quantity": 7}) for x in purchase.lines]
    assert (
        await refusal(selling.claim(order(), purchase.model_copy(update={"lines": more})))
    ).code == "not-assigned"


@pytest.mark.parametrize("change", [{"lines": [line(quantity=3)]}, {"total": usd(80)}])
async def test_an_order_changed_since_it_was_assigned_is_assigned_again(
    selling: Trade, change: dict[str, Any]
) -> None:
    old = await selling.ready(order())
    changed = order(**change, updated_at=MONDAY + timedelta(minutes=1))
    assert (await refusal(selling.claim(changed, old))).code == "changed"
    new = (await selling.assign(changed)).purchases[0]
    assert new.reference != old.reference
    assert (await selling.claim(changed, new)).lines[0].quantity == changed.lines[0].quantity
    assert (await refusal(selling.claim(changed, old))).code == "not-assigned"


async def test_units_held_too_long_are_not_bought_unasked(selling: Trade) -> None:
    purchase = await selling.ready(order())
    selling.now += selling.policies.reservation_lasts
    assert (await refusal(selling.claim(order(), purchase))).code == "reservation-expired"
    await selling.has("a", available=3)
    again = (await selling.assign(order())).purchases[0]
    assert (await selling.claim(order(), again)).reference == again.reference != purchase.reference


async def test_orders_from_before_the_hub_went_live_are_not_bought(selling: Trade) -> None:
    await selling.connect(selling.source, live_from=MONDAY + timedelta(hours=1))
    assert (await selling.record(order())).is_before_go_live
    purchase = await selling.ready(order())
    assert (await refusal(selling.claim(order(), purchase))).code == "before-go-live"
    later = order("#1002", created_at=MONDAY + timedelta(hours=1))
    assert not (await selling.record(later)).is_before_go_live
    assert (await selling.claim(later, await selling.ready(later))).order_number == "#1002"


@pytest.mark.row("S2-087")
async def test_the_same_number_in_two_shops_is_two_purchases(selling: Trade) -> None:
    first = await selling.claim(order(), await selling.ready(order()))
    selling.source = f"shop-{uuid4()}"
    await selling.connect(selling.source)
    second = await selling.claim(order(), await selling.ready(order()))
    assert first.reference != second.reference
    assert first.order_number == second.order_number
    assert len(set(selling.linked)) == 2


async def test_of_many_runs_at_once_exactly_one_buys(selling: Trade) -> None:
    purchase = await selling.ready(order())

    async def attempt() -> NewPurchaseOrder | Refused:
        rival = Trade(selling.database)
        vars(rival).update({**vars(selling), "run": uuid4()})
        try:
            return await rival.claim(order(), purchase)
        except Refused as error:
            return error

    answers = await asyncio.gather(*(attempt() for _ in range(16)))
    assert sum(isinstance(a, NewPurchaseOrder) for a in answers) == 1
    assert {a.code for a in answers if isinstance(a, Refused)} == {"already-claimed"}


async def test_after_a_refusal_the_next_supplier_gets_it_in_a_new_generation(selling: Trade) -> None:
    purchase = await selling.ready(order())
    await selling.claim(order(), purchase)
    await selling.give_back(purchase.reference)

    decision = await selling.assign(order())

    assert [p.supplier for p in decision.purchases] == ["b"]
    assert decision.lines[0].reason == "fallback:oos(a)"
    assert decision.lines[0].generation == 1
    assert (await selling.claim(order(), decision.purchases[0])).lines[0].supplier_sku == "b-NECK-01"
    assert (await refusal(selling.claim(order(), purchase))).code == "not-assigned"


async def test_who_gives_back_what_was_cancelled_has_not_run_out(selling: Trade) -> None:
    stopped, refused = order("#1001"), order("#1002")
    for it in (stopped, refused):
        await selling.record(it)
    left = "select available from stock_levels where store_id = $1 and supplier = 'a' and supplier_sku = 'a-NECK-01'"
    before = await selling.value(left)

    for it, is_cancelled, known in ((stopped, True, before), (refused, False, 0)):
        purchase = await selling.ready(it)
        await selling.claim(it, purchase)
        await selling.confirm(purchase.reference)
        if is_cancelled:
            await selling.cancel(it)
        await selling.give_back(purchase.reference)
        assert await selling.value(left) == known

    assert before > 0


async def test_after_one_refusal_the_purchases_not_sent_yet_go_with_the_new_decision(selling: Trade) -> None:
    await selling.sells("RING-02", b=5)
    it = order(lines=[line(), line("RING-02")])
    selling.policies = selling.policies.model_copy(update={"choose_by": "price"})
    first, second = (await selling.assign(it)).purchases
    await selling.verify(it)
    await selling.claim(it, first)
    await selling.give_back(first.reference)

    again = await selling.assign(it)

    kept, fresh = again.purchases
    assert [[x.sku for x in p.lines] for p in again.purchases] == [["RING-02"], ["NECK-01"]]
    assert (await selling.claim(it, kept)).reference == second.reference
    assert (await selling.claim(it, fresh)).reference not in (first.reference, second.reference)


async def test_a_rejection_is_refused_and_a_confirmation_consumes_the_units(selling: Trade) -> None:
    purchase = await selling.ready(order())
    await selling.claim(order(), purchase)
    assert (await refusal(selling.confirm(purchase.reference, "rejected"))).code == "rejected"
    await selling.confirm(purchase.reference)
    await selling.confirm(purchase.reference, "in_production")
    assert (
        await selling.value("select string_agg(state, ',') from reservations where store_id = $1")
        == "consumed"
    )
    assert await selling.value("select status from purchases where store_id = $1") == "in_production"


async def test_an_address_abroad_is_somebody_elses_word(selling: Trade) -> None:
    """What was sealed for another person counts as no verdict, and breaks nothing."""
    purchase = await selling.ready(order())
    selling.box = Trade(selling.database).box
    assert (await refusal(selling.claim(order(ship_to=LONDON), purchase))).code == "unverified-address"


async def test_a_decision_a_run_kept_meanwhile_is_claimed_as_it_was(selling: Trade) -> None:
    it = order(lines=[line(properties={"engraving": "Ada"})])
    decision = await selling.assign(it)
    await selling.verify(it)
    kept = from_bytes(to_bytes({"order": it.model_dump(), "purchase": decision.purchases[0].model_dump()}))
    bought = await selling.ask(claiming.claim, ClaimPurchase.model_validate(kept))
    assert bought == await selling.claim(it, decision.purchases[0])
    assert Decision.model_validate(from_bytes(to_bytes(decision.model_dump()))) == decision
