"""Packs and kits: the supplier reads and ships parts, the shop sells and refunds lines."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from hub.fulfilment import shipments
from hub.fulfilment.decision import AboutOrder, PlannedPurchase
from hub.fulfilment.feed_changes import UnclearAnswer, answers, parcels
from hub.fulfilment.feeds.facts import Answer, Dispatch
from hub.fulfilment.placing import AskPlace, can_place
from hub.fulfilment.purchasing import candidates
from hub.fulfilment.shipment import ParcelOfOrder, RecordShipments
from hub.sdk import Parcel
from hub.sdk.commerce import NewPurchaseOrder, Order
from hub.sdk.parcels import ShippedLine
from tests.fulfilment.trade import Trade, line, order, refusal, usd

SET = line("SET-1", quantity=2)


async def sells_the_set(trade: Trade) -> None:
    """A set is a chain at 4 dollars and two beads at 1.50; a has ten of each."""
    await trade.packs("SET-1", "a", stock=10, CHAIN=(1, 4), BEAD=(2, 1))


def bought_parts(purchase: PlannedPurchase | NewPurchaseOrder) -> dict[str, int]:
    return {x.supplier_sku: x.quantity for x in purchase.lines}


async def taken(trade: Trade, it: Order) -> str:
    """An order that its supplier has accepted; the purchase's reference."""
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.confirm(purchase.reference)
    return purchase.reference


async def leaves(trade: Trade, reference: str, *packed: ShippedLine) -> list[ShippedLine]:
    """A parcel leaves with so many parts, as its supplier counts them; what it holds for the shop."""
    parcel = Parcel(tracking_number=f"N-{uuid4()}", lines=list(packed))
    found = await trade.ask(shipments.record, RecordShipments(purchase=reference, parcels=[parcel]))
    return found.fresh[0].lines


async def test_a_kit_is_bought_as_its_parts_and_costs_what_they_cost(trade: Trade) -> None:
    await sells_the_set(trade)
    decision = await trade.assign(order(lines=[SET]))
    (figures,) = decision.lines[0].candidates
    assert (figures.unit_cost, figures.available) == (usd(4 + 2 * 1), 5)
    assert figures.supplier_sku == "2 x a-BEAD + a-CHAIN"
    assert {(p.supplier_sku, p.units, p.available) for p in figures.parts} == {
        ("a-CHAIN", 1, 10), ("a-BEAD", 2, 10),
    }  # fmt: skip
    assert bought_parts(decision.purchases[0]) == {"a-CHAIN": 2, "a-BEAD": 4}
    assert {x.line_id for x in decision.purchases[0].lines} == {"line-SET-1"}


async def test_a_pack_of_six_takes_six_from_the_shelf(trade: Trade) -> None:
    await trade.packs("PACK-6", "a", stock=17, MUG=(6, 2))
    decision = await trade.assign(order(lines=[line("PACK-6", quantity=2)]))
    assert decision.lines[0].candidates[0].available == 2
    assert bought_parts(decision.purchases[0]) == {"a-MUG": 12}
    refused = await refusal(trade.assign(order("#1002", lines=[line("PACK-6")])))
    assert (refused.code, "a-MUG: 5 left, 6 needed." in refused.reason) == ("out-of-stock", True)


async def test_the_scarcest_part_decides_how_many_kits_there_are(trade: Trade) -> None:
    await sells_the_set(trade)
    await trade.has("a", "BEAD", available=3)
    refused = await refusal(trade.assign(order(lines=[SET])))
    assert refused.reason == "SET-1: a: a-BEAD: 3 left, 4 needed."
    single = order("#1002", lines=[line("SET-1")])
    await trade.record(single)
    assert (await trade.ask(can_place, AskPlace(order=single))).units == 1


async def test_a_part_whose_figure_is_too_old_is_named(trade: Trade) -> None:
    await sells_the_set(trade)
    trade.now = trade.now.replace(hour=11)
    await trade.has("a", "CHAIN", available=10)
    refused = await refusal(trade.assign(order(lines=[SET])))
    assert refused.code == "stock-unconfirmed"
    assert "a-BEAD: The stock figure is 120 min old" in refused.reason


async def test_a_supplier_is_asked_for_the_stock_of_every_part(trade: Trade) -> None:
    await sells_the_set(trade)
    asked = await trade.ask(candidates, AboutOrder(order=order(lines=[SET])))
    assert [(s.connection, s.skus) for s in asked.suppliers] == [("a", ["a-BEAD", "a-CHAIN"])]


async def test_a_kit_and_its_part_alone_do_not_sell_the_same_piece_twice(trade: Trade) -> None:
    await sells_the_set(trade)
    await trade.sells("BEAD", stock=10, a=1)
    both = order(lines=[SET, line("BEAD", quantity=7)])
    refused = await refusal(trade.assign(both))
    assert refused.code == "cannot-place"
    fits = await trade.assign(order("#1002", lines=[SET, line("BEAD", quantity=6)]))
    assert sum(x.quantity for x in fits.purchases[0].lines if x.supplier_sku == "a-BEAD") == 10
    assert (await refusal(trade.assign(order("#1003", lines=[line("BEAD")])))).code == "out-of-stock"


async def test_whoever_sells_the_kit_cheaper_as_parts_gets_it(trade: Trade) -> None:
    await sells_the_set(trade)
    await trade.sells("SET-1", b=7)
    assert (await trade.decide(order(lines=[SET]))).supplier == "a"


async def test_the_claimed_purchase_order_holds_the_parts_and_a_refusal_gives_all_of_them_back(
    trade: Trade,
) -> None:
    await sells_the_set(trade)
    it = order(lines=[SET])
    purchase = await trade.ready(it)
    sent = await trade.claim(it, purchase)
    assert bought_parts(sent) == {"a-CHAIN": 2, "a-BEAD": 4}
    assert [x.unit_cost for x in sorted(sent.lines, key=lambda x: x.supplier_sku)] == [usd(1), usd(4)]
    assert await trade.value("select count(*) from purchase_claims where store_id = $1") == 1
    await trade.give_back(purchase.reference)
    left = "select available from stock_levels where store_id = $1 and supplier_sku = 'a-BEAD'"
    assert await trade.value(left) == 10, "nobody knows which part it has not"
    held = "select count(*) from reservations where store_id = $1 and state <> 'released'"
    assert await trade.value(held) == 0


async def test_of_a_pack_that_is_refused_for_want_of_stock_there_is_none(trade: Trade) -> None:
    await trade.packs("PACK-6", "a", MUG=(6, 2))
    purchase = await trade.ready(it := order(lines=[line("PACK-6")]))
    await trade.claim(it, purchase)
    await trade.give_back(purchase.reference)
    left = "select available from stock_levels where store_id = $1 and supplier_sku = 'a-MUG'"
    assert await trade.value(left) == 0


async def test_a_parcel_with_all_parts_holds_for_the_shop_what_it_sold(trade: Trade) -> None:
    await sells_the_set(trade)
    reference = await taken(trade, order(lines=[SET]))
    packed = ShippedLine(line_id="line-SET-1", quantity=6)
    assert await leaves(trade, reference, packed) == [ShippedLine(line_id="line-SET-1", quantity=2)]


async def test_a_kit_in_two_parcels_is_on_its_way_with_the_first(trade: Trade) -> None:
    await sells_the_set(trade)
    reference = await taken(trade, order(lines=[SET]))
    chains, beads = (ShippedLine(line_id="line-SET-1", quantity=n) for n in (2, 4))
    assert await leaves(trade, reference, beads) == [ShippedLine(line_id="line-SET-1", quantity=2)]
    assert await leaves(trade, reference, chains) == []
    assert await trade.value("select count(*) from shipments where store_id = $1 and voided_at is null") == 2


async def test_packs_in_two_parcels_are_shown_as_they_leave(trade: Trade) -> None:
    await trade.packs("PACK-6", "a", MUG=(6, 2))
    reference = await taken(trade, order(lines=[line("PACK-6", quantity=3)]))
    twelve, six = (ShippedLine(line_id="line-PACK-6", quantity=n) for n in (12, 6))
    assert await leaves(trade, reference, twelve) == [ShippedLine(line_id="line-PACK-6", quantity=2)]
    assert await leaves(trade, reference, six) == [ShippedLine(line_id="line-PACK-6", quantity=1)]


async def test_more_parts_than_were_bought_are_refused(trade: Trade) -> None:
    await sells_the_set(trade)
    reference = await taken(trade, order(lines=[SET]))
    packed = ShippedLine(line_id="line-SET-1", quantity=7)
    assert (await refusal(leaves(trade, reference, packed))).code == "too-many"


async def test_what_is_refunded_of_a_kit_is_counted_as_it_was_sold(trade: Trade) -> None:
    await sells_the_set(trade)
    it = order(lines=[SET, line("RING-02")])
    await trade.sells("RING-02", a=5)
    reference = await taken(trade, it)
    parcel = Parcel(tracking_number="N-1", lines=[ShippedLine(line_id="line-SET-1", quantity=6)])
    found = await trade.ask(shipments.record, RecordShipments(purchase=reference, parcels=[parcel]))
    shipment = found.fresh[0].reference
    back = await trade.ask(shipments.refundable, ParcelOfOrder(order=it, shipment=shipment))
    assert back.lines == [ShippedLine(line_id="line-SET-1", quantity=2)]


async def test_the_second_parcel_of_a_kit_that_is_lost_is_about_the_kit_and_not_the_whole_order(
    trade: Trade,
) -> None:
    await sells_the_set(trade)
    it = order(lines=[SET, line("RING-02")])
    await trade.sells("RING-02", a=5)
    reference = await taken(trade, it)
    packed = [
        [ShippedLine(line_id="line-SET-1", quantity=4), ShippedLine(line_id="line-RING-02", quantity=1)],
        [ShippedLine(line_id="line-SET-1", quantity=2)],
    ]
    parcels = [Parcel(tracking_number=f"N-{n}", lines=lines) for n, lines in enumerate(packed)]
    found = await trade.ask(shipments.record, RecordShipments(purchase=reference, parcels=parcels))
    first, second = found.fresh
    assert (len(first.lines), second.lines) == (2, [])
    asked = ParcelOfOrder(order=it, shipment=second.reference)
    back = await trade.ask(shipments.refundable, asked)
    assert back.lines == [ShippedLine(line_id="line-SET-1", quantity=2)]
    assert (back.is_whole, back.is_known, back.is_by_line) == (False, True, True)


KEPT: list[dict[str, Any]] = [
    {
        "line_id": "1", "sku": "SET-1", "supplier_sku": "2 x BEAD + CHAIN", "quantity": 2, "unit_cost": None,
        "parts": [
            {"supplier_sku": "BEAD", "quantity": 4, "unit_cost": None},
            {"supplier_sku": "CHAIN", "quantity": 2, "unit_cost": None},
        ],
    }
]  # fmt: skip


def said(*rows: tuple[str, int]) -> Sequence[object]:
    """What a supplier's file that answers part by part means."""
    facts = [
        Answer(number, "P-1", "S-1", sku, "", "accepted", quantity)
        for number, (sku, quantity) in enumerate(rows, 2)
    ]
    return answers(facts, {"P-1": KEPT})


def test_a_file_answers_and_ships_a_kit_part_by_part() -> None:
    (whole,) = said(("BEAD", 4), ("CHAIN", 2))
    assert getattr(whole, "status", None) == "accepted"
    (half,) = said(("BEAD", 4))
    assert half == UnclearAnswer(reference="P-1", reason="The supplier answers 1 of 2 lines.")
    (short,) = said(("BEAD", 3), ("CHAIN", 2))
    assert short == UnclearAnswer(reference="P-1", reason="Of BEAD it takes 3, not 4.")
    sent = [Dispatch(2, "P-1", "S-1", ("N-1",), sku="BEAD"), Dispatch(3, "P-1", "S-1", ("N-1",), sku="CHAIN")]
    (news,) = parcels(sent, {"P-1": KEPT})
    assert [x.quantity for x in news.parcels[0].lines] == [4, 2]
