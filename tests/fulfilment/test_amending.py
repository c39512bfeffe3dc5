"""What was sent to another address is known from what was really sent; each wish to change it is made once."""

from uuid import uuid4

import pytest

from hub.fulfilment import amending
from hub.fulfilment.amending import AmendAddress, OrderNamed, SettleAmendment
from hub.fulfilment.decision import AboutOrder
from hub.sdk.amendments import AmendPurchase
from hub.sdk.commerce import Address, Order
from tests.fulfilment.trade import NEW_YORK, Trade, line, order, refusal

OLD = order(lines=[line("LAMP")])
THERE = NEW_YORK.model_copy(update={"line1": "2 Other St"})
BACK = NEW_YORK


def moved(to: Address = THERE) -> Order:
    return OLD.model_copy(update={"ship_to": to})


async def sent(trade: Trade) -> str:
    """A lamp was bought to the old address; its reference, once the ledger has what was sent."""
    await trade.sells("LAMP", a=10)
    purchase = await trade.ready(OLD)
    wanted = await trade.claim(OLD, purchase)
    await trade.confirm(purchase.reference)
    async with trade.database.transaction() as connection:
        await connection.execute(
            """insert into effects (id, store_id, run_id, node, connection_id, action, kind, key, person_id, request,
                 state, attempt, lookups, reason, intended_at, attempted_at)
               values ($1, $2, $3, 'send', 'a', 'create_purchase_order', '{}', $4, $5, $6, 'confirmed', 1, 0, '', $7,
                 $7)""",
            uuid4(), trade.store_id, trade.run, purchase.reference, trade.box.id,
            trade.box.seal(wanted.model_dump_json().encode()), trade.now,
        )  # fmt: skip
    return purchase.reference


async def elsewhere(trade: Trade, it: Order) -> list[str]:
    found = await trade.ask(amending.sent_elsewhere, AboutOrder(order=it))
    return [purchase.reference for purchase in found.purchases]


async def wish(trade: Trade, reference: str, it: Order) -> AmendPurchase:
    await trade.verify(it)
    return await trade.ask(amending.amend, AmendAddress(order=it, reference=reference))


async def settle(trade: Trade, amendment: str, state: str) -> None:
    await trade.ask(amending.settle, SettleAmendment.model_validate({"amendment": amendment, "state": state}))


async def test_what_goes_to_the_orders_address_is_not_elsewhere(trade: Trade) -> None:
    reference = await sent(trade)
    assert (await trade.ask(amending.under_way, OrderNamed(order_id=OLD.id))).references == [reference]
    assert await elsewhere(trade, OLD) == []
    assert await elsewhere(trade, moved()) == [reference]


async def test_a_wish_is_made_once_and_the_next_has_a_name_of_its_own(trade: Trade) -> None:
    reference = await sent(trade)
    first = await wish(trade, reference, moved())
    assert (first.amendment, first.ship_to) == (f"{reference}~1", THERE)
    assert await elsewhere(trade, moved()) == []
    assert (await refusal(wish(trade, reference, moved()))).code == "already-asked"
    assert await elsewhere(trade, OLD) == [reference], "where it goes is open until its supplier has said so"
    assert (await wish(trade, reference, moved(BACK))).amendment == f"{reference}~2"


@pytest.mark.parametrize(("state", "goes_to"), [("amended", THERE), ("refused", BACK)])
async def test_only_what_was_granted_changes_where_it_goes(
    trade: Trade, state: str, goes_to: Address
) -> None:
    reference = await sent(trade)
    await settle(trade, (await wish(trade, reference, moved())).amendment, state)
    assert await elsewhere(trade, moved(goes_to)) == []
    assert await elsewhere(trade, moved()) == [], "nobody is asked for the same thing again"
    third = moved(NEW_YORK.model_copy(update={"line1": "3 Third St"}))
    assert await elsewhere(trade, third) == [reference]


async def test_a_wish_of_which_nobody_knows_what_became_leaves_open_where_it_goes(trade: Trade) -> None:
    reference = await sent(trade)
    await settle(trade, (await wish(trade, reference, moved())).amendment, "unknown")
    assert await elsewhere(trade, moved()) == [], "nobody is asked for the same thing again"
    assert await elsewhere(trade, OLD) == [reference], "its supplier may have taken the other address"
    assert (await wish(trade, reference, OLD)).amendment == f"{reference}~2"


async def test_what_was_granted_and_is_wanted_back_is_elsewhere(trade: Trade) -> None:
    reference = await sent(trade)
    await settle(trade, (await wish(trade, reference, moved())).amendment, "amended")
    assert await elsewhere(trade, OLD) == [reference]


async def test_nothing_is_asked_for_a_cancelled_order_a_bad_address_or_what_is_not_under_way(
    trade: Trade,
) -> None:
    reference = await sent(trade)
    unverified = trade.ask(amending.amend, AmendAddress(order=moved(), reference=reference))
    assert (await refusal(unverified)).code == "unverified-address"
    assert (await refusal(wish(trade, "1009-1-zzz", moved()))).code == "not-bought"
    await trade.give_back(reference)
    assert (await refusal(wish(trade, reference, moved()))).code == "not-bought"
    await trade.cancel(OLD)
    assert (await refusal(wish(trade, reference, moved()))).code == "cancelled"


@pytest.mark.parametrize(
    "name", ["1001-1-abc", "1001-1-abc~", "1001-1-abc~x", "1001-1-abc~99999999999", "~1"]
)
async def test_a_wish_that_nobody_made_is_not_settled(trade: Trade, name: str) -> None:
    assert (await refusal(settle(trade, name, "amended"))).code == "not-asked"


async def test_an_order_that_is_not_known_has_nothing_under_way(trade: Trade) -> None:
    assert (await trade.ask(amending.under_way, OrderNamed(order_id="nobody"))).references == []
