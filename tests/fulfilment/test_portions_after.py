"""A line that suppliers share, afterwards: what is refused, lost or given back is the units of that portion alone."""

from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.margin_guard import margin
from hub.fulfilment.placing import AskMissing, AskPlace, can_place, missing
from hub.fulfilment.purchasing import assign
from hub.fulfilment.replacing import Reship, reship
from hub.fulfilment.shipment import ParcelOfOrder, Recorded, RecordShipments
from hub.fulfilment.shipments import record, refundable
from hub.sdk import Parcel
from tests.fulfilment.shares import BOUGHT, STANDING, TEN, bought, split, stock
from tests.fulfilment.trade import Trade, line, refusal, supplier, usd


async def test_what_one_supplier_refuses_goes_elsewhere_alone(sharing: Trade) -> None:
    bought_first = await bought(sharing)
    await sharing.give_back(bought_first["b"].reference)
    await stock(sharing, c=4)
    decision = await sharing.assign(TEN)
    assert split(decision) == {"c": 4}
    assert (decision.lines[0].portion, decision.lines[0].generation) == (1, 1)
    await sharing.claim(TEN, decision.purchases[0])
    assert await sharing.value(BOUGHT) == 10
    assert await sharing.value(STANDING) == "0: 6 in 0, 1: 4 in 1"


async def test_what_one_supplier_refuses_may_be_divided_again(sharing: Trade) -> None:
    sharing.suppliers.append(supplier("d"))
    await sharing.sells(d=15, stock=0)
    first = await bought(sharing)
    await sharing.give_back(first["a"].reference)
    await stock(sharing, c=4, d=2)
    assert split(await sharing.assign(TEN)) == {"c": 4, "d": 2}
    assert await sharing.value(STANDING) == "0: 4 in 1, 1: 4 in 0, 2: 2 in 1"


async def test_what_both_refuse_is_joined_at_whoever_has_all_of_it(sharing: Trade) -> None:
    first = await bought(sharing)
    for purchase in first.values():
        await sharing.give_back(purchase.reference)
    await stock(sharing, c=10)
    (purchase,) = (await sharing.assign(TEN)).purchases
    assert (purchase.supplier, purchase.lines[0].quantity) == ("c", 10)
    await sharing.claim(TEN, purchase)
    assert await sharing.value(BOUGHT) == 10
    assert await sharing.value(STANDING) == "0: 10 in 1, 1: 0 in 2"


async def test_what_nobody_has_of_a_shared_line_is_all_that_is_missing_and_given_back(sharing: Trade) -> None:
    first = await bought(sharing)
    await sharing.give_back(first["b"].reference)
    found = await sharing.ask(missing, AskMissing(order=TEN))
    assert [(x.line_id, x.quantity, x.code) for x in found.missing] == [("line-NECK-01", 4, "out-of-stock")]
    assert [x.quantity for x in found.to_refund] == [4]
    assert not found.is_all, "six are on their way"
    # The shop has given the money for four back, and says so.
    six = TEN.model_copy(update={"lines": [line(quantity=6)], "payment": "partly_refunded"})
    await sharing.record(six)
    assert await sharing.value(STANDING) == "0: 6 in 0, 1: 0 in 1"
    assert (await sharing.assign(six)).purchases == []


async def test_a_shared_line_of_which_the_shop_takes_units_back_first_buys_less(sharing: Trade) -> None:
    first = await bought(sharing)
    await sharing.give_back(first["b"].reference)
    await stock(sharing, c=9)
    seven = TEN.model_copy(update={"lines": [line(quantity=7)]})
    assert split(await sharing.assign(seven)) == {"c": 1}
    assert await sharing.value(STANDING) == "0: 6 in 0, 1: 1 in 1"


async def test_a_lost_portion_is_replaced_alone_and_its_replacement_may_be_shared(sharing: Trade) -> None:
    first = await bought(sharing)
    reference = first["a"].reference
    await stock(sharing, a=0, b=4, c=2)
    sharing.now += sharing.policies.stock_max_age / 2
    await stock(sharing, a=0, b=4, c=2)
    assert (await sharing.ask(can_place, AskPlace(order=TEN, reference=reference))).ok
    said = await sharing.ask(reship, Reship(order=TEN, reference=reference, reason="lost"))
    assert (said.lines, said.generation) == (["line-NECK-01"], 1)
    decision = await sharing.assign(TEN)
    assert split(decision) == {"b": 4, "c": 2}
    assert {x.replaces for x in decision.lines} == {reference}
    notes = [(await sharing.claim(TEN, p)).note for p in decision.purchases]
    assert notes == [f"Replacement for {reference}"] * 2
    assert await sharing.value(BOUGHT) == 10
    again = await refusal(sharing.ask(reship, Reship(order=TEN, reference=reference, reason="lost")))
    assert again.code == "already-replaced"


async def test_a_supplier_that_gives_back_late_what_was_replaced_gives_nothing_more_to_buy(
    sharing: Trade,
) -> None:
    first = await bought(sharing)
    await sharing.ask(reship, Reship(order=TEN, reference=first["a"].reference, reason="lost"))
    await stock(sharing, c=6)
    await bought(sharing)
    await sharing.give_back(first["a"].reference)
    assert (await sharing.assign(TEN)).purchases == []
    assert await sharing.value(BOUGHT) == 10


async def test_each_portions_parcel_holds_its_own_units(sharing: Trade) -> None:
    first = await bought(sharing)

    async def ships(supplier: str, number: str) -> Recorded:
        parcels = [Parcel(tracking_number=number, carrier="UPS")]
        asked = RecordShipments(purchase=first[supplier].reference, parcels=parcels)
        return await sharing.ask(record, asked)

    for name, number, units in (("a", "1Z999AA10000000018", 6), ("b", "1Z999AA10000000027", 4)):
        said = await ships(name, number)
        (parcel,) = said.fresh
        assert [(x.line_id, x.quantity) for x in parcel.lines] == [("line-NECK-01", units)]
        assert said.is_complete
        about = ParcelOfOrder(order=TEN, shipment=parcel.reference)
        found = await sharing.ask(refundable, about)
        assert ([x.quantity for x in found.lines], found.is_whole, found.is_by_line) == ([units], False, True)


async def test_a_shared_order_costs_what_its_shares_and_parcels_cost(sharing: Trade) -> None:
    found = await sharing.ask(margin, AboutOrder(order=(await sharing.record(TEN)).order))
    assert found.suppliers == ["a", "b"]
    parcels = 2 * sharing.policies.zone_shipping.same_country
    assert found.cost == usd(str(6 * 10 + 4 * 12 + parcels))
    first = await bought(sharing)
    await sharing.give_back(first["b"].reference)
    await stock(sharing, c=4)
    rest = await sharing.ask(margin, AboutOrder(order=TEN))
    assert (rest.paid, rest.cost) == (usd("40.00"), usd(str(4 * 14 + parcels / 2)))


async def test_what_is_refused_of_a_shared_line_that_was_made_smaller_meanwhile_goes_elsewhere(
    sharing: Trade,
) -> None:
    await stock(sharing, a=3, b=2, c=0)
    first = await bought(sharing, TEN.model_copy(update={"lines": [line(quantity=5)]}))
    four = TEN.model_copy(update={"lines": [line(quantity=4)]})
    await sharing.record(four)
    assert await sharing.value(STANDING) == "0: 3 in 0, 1: 1 in 0", "b has one that nobody wants any more"
    await sharing.give_back(first["a"].reference)
    await stock(sharing, c=9)
    assert split(await sharing.ask(assign, AboutOrder(order=four))) == {"c": 2}
    assert await sharing.value(STANDING) == "0: 2 in 1, 1: 2 in 0"
