"""What was lost on its way is bought once more, and once only."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from hub.fulfilment.decision import PlannedPurchase
from hub.fulfilment.promises import AskWindow, window
from hub.fulfilment.replacing import Reship, Reshipped, reship
from hub.sdk import Refused
from hub.sdk.commerce import NewPurchaseOrder, Order
from tests.fulfilment.trade import MONDAY, Trade, line, order, refusal, supplier, usd

PAIR = [line(), line("RING-02")]
RAISED = "select string_agg(line_id || ':' || generation, ' ' order by line_id) from order_lines where store_id = $1"


@pytest.fixture
async def selling(trade: Trade) -> Trade:
    """Supplier a is the cheaper one."""
    await trade.sells(a=10, b=12)
    await trade.sells("RING-02", a=10, b=12)
    return trade


async def bought(trade: Trade, it: Order) -> PlannedPurchase:
    """An order's first purchase, which its supplier took."""
    purchase = await trade.ready(it)
    await trade.claim(it, purchase)
    await trade.confirm(purchase.reference)
    return purchase


async def asked(trade: Trade, it: Order, reference: str, **more: Any) -> Reshipped:
    return await trade.ask(reship, Reship(**{"order": it, "reference": reference, "reason": "lost", **more}))


async def test_a_lost_parcel_is_bought_once_more_for_the_same_address_and_says_of_which(
    selling: Trade,
) -> None:
    first = await bought(selling, order())

    said = await asked(selling, order(), first.reference, expedite=True)

    assert (said.lines, said.generation, said.is_new) == (["line-NECK-01"], 1, True)
    decision = await selling.assign(order())
    assert (decision.lines[0].generation, decision.lines[0].replaces) == (1, first.reference)
    again = await selling.claim(order(), decision.purchases[0])
    assert again.reference != first.reference
    assert again.note == f"Replacement for {first.reference}; please send by the fastest service"
    assert (again.ship_to, again.shipping_method) == (order().ship_to, order().shipping_method)
    why = "select generation_reason from order_lines where store_id = $1"
    assert await selling.value(why) == f"lost: in place of {first.reference}"


async def test_a_first_purchase_has_no_note_and_replaces_nothing(selling: Trade) -> None:
    decision = await selling.assign(order())
    await selling.verify(order())
    assert decision.lines[0].replaces == ""
    assert (await selling.claim(order(), decision.purchases[0])).note == ""


async def test_only_the_lines_that_were_spoiled_are_bought_again(selling: Trade) -> None:
    it = order(lines=PAIR)
    first = await bought(selling, it)
    await asked(selling, it, first.reference, lines=["line-RING-02"], reason="damaged")
    (again,) = (await selling.assign(it)).purchases
    assert [x.sku for x in again.lines] == ["RING-02"]
    await asked(selling, it, first.reference, lines=["line-NECK-01"])
    assert await selling.value(RAISED) == "line-NECK-01:1 line-RING-02:1"


async def test_asked_again_before_it_is_bought_it_says_the_same(selling: Trade) -> None:
    first = await bought(selling, order())
    one = await asked(selling, order(), first.reference)
    await selling.assign(order())
    other = await asked(selling, order(), first.reference)
    assert other == one.model_copy(update={"is_new": False})
    assert await selling.value(RAISED) == "line-NECK-01:1"


async def test_once_it_is_bought_again_the_second_to_ask_hears_from_whom(selling: Trade) -> None:
    first = await bought(selling, order())
    await asked(selling, order(), first.reference)
    second = await bought(selling, order())
    refused = await refusal(asked(selling, order(), first.reference))
    assert refused.code == "already-replaced"
    assert f"{second.reference} (a)" in refused.reason
    assert await selling.value(RAISED) == "line-NECK-01:1"


async def test_a_replacement_that_is_lost_too_is_replaced_in_its_own_name(selling: Trade) -> None:
    first = await bought(selling, order())
    await asked(selling, order(), first.reference)
    second = await bought(selling, order())
    said = await asked(selling, order(), second.reference)
    assert (said.generation, said.is_new) == (2, True)
    third = await selling.claim(order(), await selling.ready(order()))
    assert third.note == f"Replacement for {second.reference}"


async def test_a_replacement_that_its_supplier_refuses_is_one_at_the_next_supplier_too(
    selling: Trade,
) -> None:
    first = await bought(selling, order())
    await asked(selling, order(), first.reference)
    refused = await selling.ready(order())
    await selling.claim(order(), refused)
    await selling.give_back(refused.reference)
    assert not (await asked(selling, order(), first.reference)).is_new
    decision = await selling.assign(order())
    assert (decision.purchases[0].supplier, decision.lines[0].replaces) == ("b", first.reference)
    assert (await selling.claim(order(), decision.purchases[0])).note == f"Replacement for {first.reference}"


async def test_what_was_never_bought_is_not_replaced(selling: Trade) -> None:
    planned = await selling.ready(order())
    assert (await refusal(asked(selling, order(), planned.reference))).code == "not-bought"
    await selling.claim(order(), planned)
    assert (await refusal(asked(selling, order(), planned.reference))).code == "not-bought"
    other = await bought(selling, order("#1002"))
    for reference in ("1001-9-xxxxxx", other.reference):
        assert (await refusal(asked(selling, order(), reference))).code == "not-bought"
    assert (await refusal(asked(selling, order("#9"), other.reference))).code == "not-bought"
    strange = await refusal(asked(selling, order("#1002"), other.reference, lines=["line-RING-02"]))
    assert strange.code == "not-bought"


async def test_what_nobody_wants_any_more_is_not_replaced(selling: Trade) -> None:
    it = order(lines=PAIR)
    first = await bought(selling, it)
    refunded = order(lines=[line(), line("RING-02", quantity=0)], payment="partly_refunded")
    one = await refusal(asked(selling, refunded, first.reference, lines=["line-RING-02"]))
    assert one.code == "cancelled"
    assert (await asked(selling, refunded, first.reference)).lines == ["line-NECK-01"]
    cancelled = order(lines=PAIR, cancelled_at=MONDAY)
    assert (await refusal(asked(selling, cancelled, first.reference))).code == "cancelled"
    await selling.cancel(it)
    assert (await refusal(asked(selling, it, first.reference))).code == "cancelled"


async def test_of_many_who_ask_at_once_one_raises_and_one_replacement_is_bought(selling: Trade) -> None:
    first = await bought(selling, order())

    async def rival() -> list[Reshipped | NewPurchaseOrder | Refused]:
        other = Trade(selling.database)
        vars(other).update({**vars(selling), "run": uuid4()})
        heard: list[Reshipped | NewPurchaseOrder | Refused] = []
        try:
            heard.append(await asked(other, order(), first.reference))
            for purchase in (await other.assign(order())).purchases:
                heard.append(await other.claim(order(), purchase))
        except Refused as error:
            heard.append(error)
        return heard

    heard = [x for answers in await asyncio.gather(*(rival() for _ in range(12))) for x in answers]

    assert sum(isinstance(x, Reshipped) and x.is_new for x in heard) == 1
    assert sum(isinstance(x, NewPurchaseOrder) for x in heard) == 1
    assert {x.code for x in heard if isinstance(x, Refused)} <= {"already-replaced", "already-claimed"}
    assert await selling.value(RAISED) == "line-NECK-01:1"
    assert await selling.value("select count(*) from purchase_claims where store_id = $1") == 2


async def test_the_window_is_that_of_the_replacement(selling: Trade) -> None:
    selling.suppliers = [supplier("a", "CN"), supplier("b", "US-NY")]
    await selling.sells("FAR-1", a=1)
    it = order(lines=[line("FAR-1")], total=usd(5))
    first = await bought(selling, it)
    await asked(selling, it, first.reference)
    await selling.sells("FAR-1", b=1)
    await selling.has("a", "FAR-1", available=0)
    await selling.assign(it)
    assert (await selling.ask(window, AskWindow(order=it))).text == "Thu 5 - Mon 9 Mar"
