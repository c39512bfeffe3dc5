"""What takes the place of an article that cannot be had."""

from typing import Any

import pytest

from hub.fulfilment.decision import SupplierSkus
from hub.fulfilment.rules import When
from hub.fulfilment.substitutes import AskSubstitutes, Substitutes, substitutes
from hub.sdk.commerce import Order
from hub.store.configuration import SubstituteNew, put_substitutes
from tests.fulfilment.trade import Trade, line, order, refusal, rule

SKU1 = [line("SKU1")]


async def listed(trade: Trade, *rows: tuple[str, str, str]) -> None:
    async with trade.database.transaction() as connection:
        await put_substitutes(connection, trade.store_id, [SubstituteNew(*row) for row in rows])


async def looked_up(trade: Trade, it: Order, *lines: str, **policies: Any) -> Substitutes:
    trade.policies = trade.policies.model_copy(update=policies)
    await trade.record(it)
    asked = AskSubstitutes(order=it, lines=list(lines) or [x.id for x in it.lines])
    return await trade.ask(substitutes, asked)


@pytest.fixture
async def sold_out(trade: Trade) -> Trade:
    """SKU1 is out at its cheapest supplier a and at b; b has three of SKU1B."""
    await trade.sells("SKU1", stock=0, a=10, b=12)
    await trade.sells("SKU1B", stock=3, b=11)
    await listed(trade, ("SKU1", "SKU1B", "equal"))
    return trade


@pytest.mark.row("S1-091")
async def test_the_substitute_and_where_it_is_are_in_the_answer(sold_out: Trade) -> None:
    (found,) = (await looked_up(sold_out, order(lines=SKU1))).lines
    (offer,) = found.equal
    assert offer.sku == "SKU1B"
    assert [(s.supplier, s.supplier_sku, s.available) for s in offer.sources] == [("b", "b-SKU1B", 3)]
    assert found.similar == []
    assert found.reason == "SKU1B (equal): b has 3."


@pytest.mark.row("S1-176")
async def test_the_search_may_be_for_backup_suppliers_only(sold_out: Trade) -> None:
    await sold_out.sells("SKU1B", stock=9, a=5)
    by_scope = {}
    for scope in ("any", "backup", "same"):
        (found,) = (await looked_up(sold_out, order(lines=SKU1), substitute_scope=scope)).lines
        by_scope[scope] = [s.supplier for offer in found.equal for s in offer.sources]
    assert by_scope == {"any": ["a", "b"], "backup": ["b"], "same": ["a"]}


async def test_outside_the_scope_is_said_and_nobody_is_asked(sold_out: Trade) -> None:
    found = await looked_up(sold_out, order(lines=SKU1), substitute_scope="same")
    assert (found.lines[0].equal, found.to_ask) == ([], [])
    assert found.lines[0].reason == ("SKU1B (equal): No supplier within substitute_scope same sells it.")


async def test_equal_and_similar_ones_keep_the_merchants_order(sold_out: Trade) -> None:
    for sku in ("SKU2", "SKU3"):
        await sold_out.sells(sku, stock=5, a=1)
    await listed(
        sold_out, ("SKU1", "SKU3", "similar"), ("SKU1", "SKU1B", "equal"), ("SKU1", "SKU2", "similar")
    )
    (found,) = (await looked_up(sold_out, order(lines=SKU1))).lines
    assert [o.sku for o in found.equal] == ["SKU1B"]
    assert [o.sku for o in found.similar] == ["SKU3", "SKU2"]


async def test_none_is_listed_or_none_is_there_and_the_answer_says_which(sold_out: Trade) -> None:
    await sold_out.sells("SKU4", stock=0, a=10)
    await listed(sold_out, ("SKU1", "SKU1B", "equal"), ("SKU1", "GONE", "similar"))
    await sold_out.has("b", "SKU1B", available=0)
    it = order(lines=[*SKU1, line("SKU4")])
    one, other = (await looked_up(sold_out, it)).lines
    assert (one.equal, one.similar) == ([], [])
    assert one.reason == "SKU1B (equal): b: 0 left, 1 needed. GONE (similar): No supplier sells it."
    assert other.reason == "No substitute is listed for SKU4."


async def test_old_figures_do_not_count_and_their_suppliers_are_named_to_be_asked(sold_out: Trade) -> None:
    sold_out.now = sold_out.now.replace(hour=12)
    found = await looked_up(sold_out, order(lines=SKU1))
    assert found.lines[0].equal == []
    assert found.to_ask == [SupplierSkus(connection="b", skus=["b-SKU1B"])]
    await sold_out.has("b", "SKU1B", available=3)
    assert [o.sku for o in (await looked_up(sold_out, order(lines=SKU1))).lines[0].equal] == ["SKU1B"]


async def test_rules_hold_for_substitutes_too(sold_out: Trade) -> None:
    sold_out.rules = [rule("b-not-for-it", When(sku=["SKU1B"]), exclude=["b"])]
    (found,) = (await looked_up(sold_out, order(lines=SKU1))).lines
    assert found.equal == []
    assert "b: Rule b-not-for-it does not allow it." in found.reason


async def test_who_refused_the_article_may_still_ship_its_substitute(trade: Trade) -> None:
    await trade.sells("SKU1", a=10)
    await trade.sells("SKU1B", stock=3, a=10)
    await listed(trade, ("SKU1", "SKU1B", "equal"))
    it = order(lines=SKU1)
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.give_back(purchase.reference)
    (found,) = (await looked_up(trade, it)).lines
    assert [o.sources[0].supplier for o in found.equal] == ["a"]


async def test_what_two_lines_would_take_of_one_substitute_is_counted_together(sold_out: Trade) -> None:
    await sold_out.sells("SKU5", stock=0, a=10)
    await listed(sold_out, ("SKU1", "SKU1B", "equal"), ("SKU5", "SKU1B", "equal"))
    it = order(lines=[line("SKU1", quantity=2), line("SKU5", quantity=2)])
    found = await looked_up(sold_out, it)
    assert [x.equal for x in found.lines] == [[], []]
    assert "3 left, 4 needed" in found.lines[0].reason


async def test_what_is_offered_is_what_assign_then_buys(sold_out: Trade) -> None:
    (found,) = (await looked_up(sold_out, order(lines=SKU1))).lines
    swapped = order(lines=[line(found.equal[0].sku, id="line-2")])
    decision = await sold_out.decide(swapped)
    assert decision.supplier == found.equal[0].sources[0].supplier


async def test_the_stores_policies_come_with_the_answer(sold_out: Trade) -> None:
    found = await looked_up(sold_out, order(lines=SKU1))
    assert (found.oos, found.consent, found.similar_price) == (
        "substitute_then_choice", "tell", "refund_difference",
    )  # fmt: skip
    found = await looked_up(sold_out, order(lines=SKU1), oos="cancel_now", substitute_consent="ask")
    assert (found.oos, found.consent) == ("cancel_now", "ask")


async def test_a_publication_replaces_the_list(sold_out: Trade) -> None:
    await listed(sold_out)
    (found,) = (await looked_up(sold_out, order(lines=SKU1))).lines
    assert found.reason == "No substitute is listed for SKU1."


async def test_lines_that_are_not_the_orders_have_no_substitutes(sold_out: Trade) -> None:
    assert (await refusal(looked_up(sold_out, order(lines=SKU1), "line-9"))).code == "cannot-place"
