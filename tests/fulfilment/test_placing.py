"""Can it be had now? Asked before anything is promised, and nothing is reserved by asking."""

from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment.placing import AskMissing, AskPlace, Missing, Placeable, can_place, missing
from hub.fulfilment.replacing import Reship, reship
from hub.fulfilment.rules import When
from hub.sdk.commerce import Order
from hub.sdk.parcels import ShippedLine
from tests.fulfilment.trade import Trade, line, order, refusal, rule

TABLES = ("orders", "order_lines", "stock_levels", "decisions", "purchases", "purchase_claims", "reservations",
          "replacements")  # fmt: skip


async def everything(trade: Trade) -> list[Any]:
    """All that the tables of the trade hold."""
    async with trade.database.connection() as connection:
        return [
            await connection.fetch(f"select t.*, t.xmin::text from {table} t order by 1, 2, 3")
            for table in TABLES
        ]


async def placed(trade: Trade, it: Order, **more: Any) -> Placeable:
    return await trade.ask(can_place, AskPlace(order=it, **more))


async def sorted_out(trade: Trade, it: Order) -> Missing:
    return await trade.ask(missing, AskMissing(order=it))


async def lost(trade: Trade, it: Order) -> str:
    """An order that was bought and did not arrive; its purchase."""
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.confirm(purchase.reference)
    return purchase.reference


@pytest.mark.parametrize("stock", [100, 0])
async def test_asking_changes_nothing(trade: Trade, stock: int) -> None:
    await trade.sells(stock=100, a=10, b=12)
    reference = await lost(trade, order())
    open_order = order("#1002")
    await trade.record(open_order)
    for name in ("a", "b"):
        await trade.has(name, available=stock)
    before = await everything(trade)
    await placed(trade, order(), reference=reference)
    await placed(trade, open_order)
    await sorted_out(trade, open_order)
    assert await everything(trade) == before


async def test_a_lost_line_can_be_sent_again_while_there_is_stock(trade: Trade) -> None:
    await trade.sells(stock=3, a=10)
    reference = await lost(trade, order())
    assert await placed(trade, order(), reference=reference) == Placeable(ok=True, units=2)
    trade.now = trade.now.replace(hour=10)
    await trade.has("a", available=0)
    none_left = await placed(trade, order(), reference=reference)
    assert (none_left.ok, none_left.code, none_left.units) == (False, "out-of-stock", 0)
    assert "a: 0 left, 1 needed" in none_left.reason


async def test_what_it_says_is_what_assign_then_does(trade: Trade) -> None:
    await trade.sells(stock=1, a=10)
    reference = await lost(trade, order())
    trade.now = trade.now.replace(hour=10)
    for available in (1, 0):
        await trade.has("a", available=available)
        it = order(f"#200{available}")
        await trade.record(it)
        said = await placed(trade, it)
        if said.ok:
            await trade.assign(it)
        else:
            assert (await refusal(trade.assign(it))).code == said.code
    assert (await placed(trade, order(), reference=reference)).ok is False


async def test_units_held_for_others_do_not_count_and_those_of_a_void_plan_do(trade: Trade) -> None:
    await trade.sells(stock=2, a=10)
    await trade.assign(order())
    await trade.record(order("#1002"))
    assert (await placed(trade, order("#1002"))).units == 1
    changed = order(lines=[line(quantity=2)])
    assert (await placed(trade, changed)).ok, "its own single unit is given back first"
    assert (await placed(trade, order("#1002", lines=[line(quantity=2)]))).code == "out-of-stock"


async def test_rules_and_earlier_refusals_count_as_for_assign(trade: Trade) -> None:
    await trade.sells(a=10, b=12)
    trade.rules = [rule("only-a", When(sku=["NECK-01"]), use=["a"])]
    purchase = await trade.ready(order())
    await trade.claim(order(), purchase)
    await trade.give_back(purchase.reference, "discontinued")
    said = await placed(trade, order())
    assert (said.ok, said.code) == (False, "no-supplier")
    assert "b: Rule only-a does not allow it" in said.reason


async def test_lines_that_are_not_the_orders_or_not_wanted_cannot_be_placed(trade: Trade) -> None:
    await trade.sells(a=10)
    assert (await placed(trade, order())).code == "cannot-place", "never recorded"
    reference = await lost(trade, order())
    for more in ({"lines": ["line-RING-02"]}, {"reference": "1001-9-xxxxxx"}):
        assert (await placed(trade, order(), **more)).code == "cannot-place"
    gone = order(lines=[line(quantity=0)], payment="partly_refunded")
    assert (await placed(trade, gone, reference=reference)).code == "cannot-place"
    await trade.cancel(order())
    assert (await placed(trade, order(), reference=reference)).code == "cannot-place"


async def test_only_the_lines_that_nobody_has_are_missing(trade: Trade) -> None:
    await trade.sells("RING-02", a=10)
    await trade.sells("NECK-01", stock=0, a=10)
    it = order(lines=[line(), line("RING-02"), line("MYSTERY", quantity=2)])
    await trade.record(it)
    said = await sorted_out(trade, it)
    assert [(m.line_id, m.code) for m in said.missing] == [
        ("line-NECK-01", "out-of-stock"),
        ("line-MYSTERY", "unknown-sku"),
    ]
    assert said.placeable == ["line-RING-02"]
    assert said.to_refund == [ShippedLine(line_id="line-NECK-01", quantity=1)], (
        "a mystery is no lack of stock"
    )
    assert not said.is_all


async def test_what_is_given_up_is_refunded_though_it_could_be_had(trade: Trade) -> None:
    await trade.sells(a=10)
    it = order(lines=[line(quantity=2)])
    await trade.record(it)
    said = await trade.ask(missing, AskMissing(order=it, given_up=["line-NECK-01"]))
    assert (said.missing, said.placeable, said.is_all) == ([], [], True)
    assert said.to_refund == [ShippedLine(line_id="line-NECK-01", quantity=2)]
    gift = order(lines=[line(quantity=2), line("GIFT-CARD", is_gift_card=True)])
    said = await trade.ask(missing, AskMissing(order=gift, given_up=["line-NECK-01"]))
    assert not said.is_all, "the gift card was delivered"


async def test_two_lines_of_one_article_are_counted_together(trade: Trade) -> None:
    await trade.sells(stock=3, a=10)
    it = order(lines=[line(id="l1", quantity=2), line(id="l2", quantity=2)])
    await trade.record(it)
    said = await sorted_out(trade, it)
    assert (said.placeable, [m.line_id for m in said.missing]) == (["l1"], ["l2"])
    assert "3 left, 4 needed" in said.missing[0].reason


async def test_a_store_that_never_splits_misses_what_is_elsewhere(trade: Trade) -> None:
    trade.policies = trade.policies.model_copy(update={"split": "never"})
    await trade.sells(a=10)
    await trade.sells("RING-02", b=10)
    it = order(lines=[line(), line("RING-02")])
    await trade.record(it)
    said = await sorted_out(trade, it)
    assert [(m.line_id, m.code) for m in said.missing] == [("line-RING-02", "cannot-place")]


async def test_bought_and_planned_lines_are_not_missing_even_when_sold_out(trade: Trade) -> None:
    await trade.sells(stock=1, a=10)
    await trade.sells("RING-02", stock=1, a=10)
    it = order(lines=[line(), line("RING-02")])
    reference = await lost(trade, it)
    said = await sorted_out(trade, it)
    assert (said.missing, said.taken) == ([], ["line-NECK-01", "line-RING-02"])
    await trade.ask(reship, Reship(order=it, reference=reference, lines=["line-RING-02"], reason="damaged"))
    trade.run = uuid4()
    assert [m.line_id for m in (await sorted_out(trade, it)).missing] == ["line-RING-02"]


async def test_nothing_is_sorted_out_of_a_cancelled_order(trade: Trade) -> None:
    await trade.sells(a=10)
    await trade.record(order())
    await trade.cancel(order())
    assert (await refusal(sorted_out(trade, order()))).code == "cannot-place"
