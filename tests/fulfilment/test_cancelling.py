"""Cancelling meets buying on the order's row: whichever comes first, nothing is bought that nobody wants."""

import asyncio

from hub.fulfilment.orders import Cancellation
from hub.sdk import Refused
from tests.fulfilment.trade import MONDAY, Trade, order, refusal


async def test_an_order_cancelled_before_it_is_bought_stays_unbought(trade: Trade) -> None:
    await trade.sells(stock=1, a=10)
    purchase = await trade.ready(order())
    assert (await trade.cancel(order())).state == "cancelled"
    assert (await refusal(trade.claim(order(), purchase))).code == "cancelled"
    assert (await refusal(trade.assign(order()))).code == "cannot-place"
    other = await trade.assign(order("#1002"))
    assert other.purchases, "the only unit was given back"


async def test_a_claim_that_was_never_sent_does_not_keep_an_order_from_being_cancelled(trade: Trade) -> None:
    await trade.sells(a=10)
    await trade.claim(order(), await trade.ready(order()))
    assert (await trade.cancel(order())).state == "cancelled"


async def test_an_order_that_is_bought_lists_what_to_cancel_at_suppliers(trade: Trade) -> None:
    await trade.sells(a=10)
    purchase = await trade.ready(order())
    await trade.claim(order(), purchase)
    await trade.begin_effect(purchase, "in-doubt")
    cancellation = await trade.cancel(order())
    assert cancellation.state == "bought"
    (found,) = cancellation.purchases
    assert (found.supplier, found.reference, found.state) == ("a", purchase.reference, "in-doubt")


async def test_a_refused_purchase_is_nothing_to_cancel(trade: Trade) -> None:
    await trade.sells(a=10)
    purchase = await trade.ready(order())
    await trade.claim(order(), purchase)
    await trade.begin_effect(purchase, "refused")
    assert (await trade.cancel(order())).state == "cancelled"


async def test_a_cancellation_may_come_before_the_order(trade: Trade) -> None:
    await trade.sells(a=10)
    assert (await trade.cancel(order())).state == "unknown"
    recorded = await trade.record(order())
    assert (recorded.is_new, recorded.is_cancelled) == (True, True)
    assert (await refusal(trade.assign(order()))).code == "cannot-place"


async def test_an_order_that_its_channel_cancelled_is_not_bought(trade: Trade) -> None:
    await trade.sells(a=10)
    purchase = await trade.ready(order())
    assert (await trade.record(order(cancelled_at=MONDAY))).is_cancelled
    assert (await refusal(trade.claim(order(), purchase))).code == "cancelled"


async def test_cancelling_and_buying_at_once_never_both_win(trade: Trade) -> None:
    """Whoever has the row second sees what the first did: no claim is left standing on a cancelled order."""
    await trade.sells(a=10)
    orders = [order(f"#{number}") for number in range(2000, 2020)]
    purchases = [await trade.ready(it) for it in orders]

    async def buy(number: int) -> object:
        try:
            return await trade.claim(orders[number], purchases[number])
        except Refused as error:
            return error

    answers = await asyncio.gather(*(f for n in range(20) for f in (buy(n), trade.cancel(orders[n]))))

    assert [a.state for a in answers if isinstance(a, Cancellation)] == ["cancelled"] * 20
    open_claims = "select count(*) from purchases where store_id = $1 and state in ('planned', 'claimed')"
    assert await trade.value(open_claims) == 0
    assert (
        await trade.value("select count(*) from reservations where store_id = $1 and state <> 'released'")
        == 0
    )
