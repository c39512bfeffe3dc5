"""What leaves too little of what its customer paid is not bought unless a person lets it, and then once."""

from decimal import Decimal
from typing import Any

import pytest

from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import AboutOrder, CandidateFigures
from hub.fulfilment.margin_guard import AllowMargin, allow, margin
from hub.fulfilment.margins import Margin, margin_of
from hub.fulfilment.policies import Policies, SmallestMargin
from hub.fulfilment.stock import RecordStock, record
from hub.sdk.commerce import Money, Order, OrderLine, StockLevel, StockLevels
from tests.fulfilment.trade import Trade, line, order, refusal, supplier, usd

EUROS = Money(amount=Decimal(20), currency="EUR")


@pytest.fixture
async def shop(trade: Trade) -> Trade:
    """A store that wants a quarter of what is paid; an article costs 10 dollars at a, and its parcel 6."""
    wants(trade, percent=Decimal(25))
    await trade.sells(a=10)
    return trade


def wants(trade: Trade, **least: Any) -> None:
    trade.policies = Policies(safety_threshold=0, smallest_margin=SmallestMargin(**least))


def paid(amount: str | int, number: str = "#1001", **more: Any) -> Order:
    return order(number, lines=[line(paid=usd(amount), **more)])


async def reckoned(trade: Trade, it: Order) -> Margin:
    return await trade.ask(margin, AboutOrder(order=it))


async def allowed(trade: Trade, it: Order) -> None:
    """A person sees the margin and lets it be bought."""
    await trade.ask(allow, AllowMargin(order=it, margin=await reckoned(trade, it)))


async def charges(trade: Trade, amount: str) -> None:
    """The supplier's own feed says another price."""
    level = StockLevel(sku="a-NECK-01", available=100, as_of=trade.now, unit_cost=usd(amount))
    await trade.ask(record, RecordStock(connection="a", levels=StockLevels(levels=[level])))


async def test_an_order_that_leaves_too_little_is_not_bought_and_nothing_is_reserved(shop: Trade) -> None:
    refused = await refusal(shop.assign(paid("21.33")))
    assert refused.code == "small-margin"
    assert (
        refused.reason
        == "It costs 16 USD of 21.33 paid, which leaves 5.33, 24.9 %; at least 25 % must be left."
    )
    for table in ("decisions", "purchases", "reservations"):
        assert await shop.value(f"select count(*) from {table} where store_id = $1") == 0


async def test_an_order_that_leaves_just_enough_is_bought(shop: Trade) -> None:
    assert (await shop.assign(paid("21.34"))).purchases[0].supplier == "a"


async def test_without_a_policy_even_a_loss_is_bought(shop: Trade) -> None:
    wants(shop)
    assert (await shop.assign(paid(1))).purchases[0].supplier == "a"


async def test_share_and_amount_must_both_be_left(shop: Trade) -> None:
    wants(shop, percent=Decimal(25), amount=usd(10))
    refused = await refusal(shop.assign(paid(25)))
    assert refused.reason.endswith("which leaves 9, 36.0 %; at least 25 % and 10 USD must be left.")
    await shop.assign(paid(26, "#1002"))
    wants(shop, percent=Decimal(40), amount=usd(10))
    assert (await refusal(shop.assign(paid(26, "#1003")))).code == "small-margin"


async def test_every_parcel_of_a_split_order_counts_and_the_penalty_for_splitting_does_not(
    shop: Trade,
) -> None:
    shop.policies = shop.policies.model_copy(update={"split_penalty": Decimal(50)})
    await shop.sells("RING-02", b=20)
    both = order(lines=[line(quantity=2, paid=usd(40)), line("RING-02", paid=usd(30))])
    await shop.record(both)
    found = await reckoned(shop, both)
    assert (found.suppliers, found.cost, found.paid) == (["a", "b"], usd(2 * 10 + 20 + 6 + 6), usd(70))
    assert (found.left, found.percent, found.is_enough) == (usd(18), Decimal("25.7"), True)


async def test_a_price_that_rose_by_a_third_holds_what_passed_before(shop: Trade) -> None:
    await shop.assign(paid(23))
    await charges(shop, "13")
    refused = await refusal(shop.assign(paid(23, "#1002")))
    assert "It costs 19 USD of 23 paid" in refused.reason


async def test_what_a_person_lets_be_bought_is_bought_for_so_much_or_less(shop: Trade) -> None:
    it = paid(20)
    assert (await refusal(shop.assign(it))).code == "small-margin"
    await allowed(shop, it)
    await charges(shop, "10.01")
    assert "It costs 16.01 USD" in (await refusal(shop.assign(it))).reason
    await charges(shop, "9.50")
    assert (await shop.assign(it)).purchases[0].supplier == "a"


async def test_a_person_lets_one_order_be_bought_and_no_other(shop: Trade) -> None:
    await shop.record(paid(20))
    await allowed(shop, paid(20))
    assert (await refusal(shop.assign(paid(20, "#1002")))).code == "small-margin"


async def test_what_a_supplier_gave_back_is_asked_about_anew(shop: Trade) -> None:
    """It was let cost so much once; the next supplier's purchase is another decision."""
    shop.suppliers = [supplier("a"), supplier("b")]
    it = paid(20)
    await shop.record(it)
    await allowed(shop, it)
    purchase = await shop.ready(it)
    await shop.claim(it, purchase)
    await shop.give_back(purchase.reference, "discontinued")
    await shop.sells(a=10, b=10)
    assert (await refusal(shop.assign(it))).code == "small-margin"


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (line(), "The channel does not say what is paid for NECK-01."),
        (line(paid=EUROS), "NECK-01 is paid in EUR, costs are in USD."),
    ],
    ids=["not said", "other currency"],
)
async def test_a_margin_that_nobody_knows_is_asked_about_and_said_to_be_unknown(
    shop: Trade, of: OrderLine, why: str
) -> None:
    it = order(lines=[of])
    refused = await refusal(shop.assign(it))
    assert (refused.code, refused.reason) == ("small-margin", f"What it would leave is not known. {why}")
    await shop.record(it)
    found = await reckoned(shop, it)
    assert (found.cost, found.paid, found.left, found.percent) == (usd(16), None, None, None)
    await allowed(shop, it)
    assert (await shop.assign(it)).purchases[0].supplier == "a"


async def test_a_store_may_buy_where_the_margin_is_not_known(shop: Trade) -> None:
    wants(shop, percent=Decimal(25), unknown="buy")
    assert (await shop.assign(order())).purchases[0].supplier == "a"
    assert (await refusal(shop.assign(paid(20, "#1002")))).code == "small-margin"


async def test_a_smallest_margin_in_another_currency_is_no_comparison(shop: Trade) -> None:
    wants(shop, amount=EUROS)
    refused = await refusal(shop.assign(paid(500)))
    assert "The smallest margin is in EUR, costs are in USD." in refused.reason


def test_of_an_article_whose_cost_nobody_knows_no_margin_is_known() -> None:
    figures = CandidateFigures(
        supplier="a", supplier_sku="X", standing="possible", threshold=0, zone="abroad", shipping=usd(6)
    )
    sold = line(paid=usd(89))
    least = SmallestMargin(percent=Decimal(1))
    found = margin_of([sold], {sold.id: [Candidate(sold, figures)]}, {}, "USD", least)
    assert (found.cost, found.is_enough) == (None, False)
    assert found.reason == "What it would leave is not known. Nobody knows what NECK-01 costs at a."


async def test_what_was_given_away_leaves_nothing(shop: Trade) -> None:
    refused = await refusal(shop.assign(paid(0)))
    assert refused.reason == "It costs 16 USD of 0 paid, which leaves -16; at least 25 % must be left."
