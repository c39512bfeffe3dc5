"""A supplier's invoice counts once, each line for the purchase that it names, and never for one that is guessed."""

from decimal import Decimal
from typing import Any

import pytest

from hub.fulfilment import invoices
from hub.fulfilment.decision import PlannedPurchase
from hub.fulfilment.invoices import InvoiceRecorded, JudgeVariance, RecordInvoice
from hub.sdk.invoices import InvoiceLine, SupplierInvoice
from hub.store import variances
from hub.store.reading import Window
from hub.store.variances import VariancesAsked
from tests.fulfilment.trade import Trade, line, order, refusal, usd


def charge(reference: str, articles: str = "0", shipping: str = "0", **more: Any) -> InvoiceLine:
    return InvoiceLine(reference=reference, articles=Decimal(articles), shipping=Decimal(shipping), **more)


def invoice(number: str, *lines: InvoiceLine, **more: Any) -> SupplierInvoice:
    return SupplierInvoice(number=number, currency=more.pop("currency", "USD"), lines=lines, **more)


async def bought(trade: Trade, number: str = "#1001") -> PlannedPurchase:
    """Two lamps from supplier a for 10 each, in a parcel for 6."""
    await trade.sells("LAMP", a=10)
    wanted = order(number, lines=[line("LAMP", 2)])
    purchase = await trade.ready(wanted)
    await trade.claim(wanted, purchase)
    await trade.confirm(purchase.reference)
    return purchase


async def charged(trade: Trade, said: SupplierInvoice, *, replace: bool = False) -> InvoiceRecorded:
    """Supplier a's invoice comes."""
    trade.source = "a"
    return await trade.ask(invoices.record, RecordInvoice(invoice=said, replace=replace))


async def listed(trade: Trade, **asked: Any) -> list[tuple[str, str, Decimal | None]]:
    """What is listed, as (reference, state, variance)."""
    wanted = VariancesAsked([trade.store_id], **asked)
    async with trade.database.connection() as connection:
        rows = await variances.page(connection, Window(50), wanted)
    return [(row["reference"], row["state"], row["variance"]) for row in rows]


async def test_half_a_dollar_more_is_listed_and_asks_nobody(trade: Trade) -> None:
    purchase = await bought(trade)
    found = await charged(
        trade, invoice("R-1", charge(purchase.reference, "20.50", "6.00"), total=Decimal("26.50"))
    )
    assert (found.is_new, found.beyond, found.unplaced) == (True, [], [])
    assert [(c.order_number, c.expected, c.charged, c.variance) for c in found.purchases] == [
        ("#1001", usd("26.00"), usd("26.50"), usd("0.50"))
    ]
    assert await listed(trade) == [(purchase.reference, "within-tolerance", Decimal("0.50"))]


async def test_what_is_charged_as_expected_is_no_variance(trade: Trade) -> None:
    purchase = await bought(trade)
    await charged(trade, invoice("R-1", charge(purchase.reference, "20.00"), shipping=Decimal("6.00")))
    assert await listed(trade) == []
    assert await listed(trade, state="as-expected") == [(purchase.reference, "as-expected", Decimal(0))]


async def test_an_invoice_counts_once_and_a_changed_one_not_by_itself(trade: Trade) -> None:
    purchase = await bought(trade)
    first = invoice("R-1", charge(purchase.reference, "20.50", "6.00"))
    await charged(trade, first)
    again = await charged(trade, first)
    assert (again.is_new, again.purchases) == (False, [])
    changed = invoice("R-1", charge(purchase.reference, "29.00", "6.00"))
    refused = await refusal(charged(trade, changed))
    assert (refused.code, await listed(trade)) == (
        "changed", [(purchase.reference, "within-tolerance", Decimal("0.50"))],
    )  # fmt: skip
    replaced = await charged(trade, changed, replace=True)
    assert [cost.variance for cost in replaced.beyond] == [usd("9.00")]
    assert await listed(trade) == [(purchase.reference, "charged-more", Decimal("9.00"))]


async def test_an_invoice_that_names_a_purchase_no_more_leaves_nothing_of_it(trade: Trade) -> None:
    one, two = await bought(trade), await bought_again(trade)
    await charged(trade, invoice("R-1", charge(one.reference, "20.50", "6.00")))
    await charged(trade, invoice("R-1", charge(two.reference, "20.50", "6.00")), replace=True)
    assert await listed(trade) == [(two.reference, "within-tolerance", Decimal("0.50"))]


async def bought_again(trade: Trade) -> PlannedPurchase:
    trade.source = trade.source if trade.source != "a" else "shop"
    return await bought(trade, "#1002")


async def test_lines_of_what_was_never_bought_are_listed_as_such_and_the_rest_counts(trade: Trade) -> None:
    purchase = await bought(trade)
    said = invoice(
        "R-1",
        charge(purchase.reference, "20.00", "6.00"),
        charge("9999-1-zzz", "5.00"),
        charge("", "0", "3.00"),
    )
    found = await charged(trade, said)
    assert [(c.reference, c.amount) for c in found.unplaced] == [
        ("9999-1-zzz", usd("5.00")),
        ("", usd("3.00")),
    ]
    assert sorted(await listed(trade)) == [
        ("", "names-no-purchase", Decimal("3.00")),
        ("9999-1-zzz", "never-bought", Decimal("5.00")),
    ]


async def test_another_suppliers_purchase_is_none_of_its_own(trade: Trade) -> None:
    await trade.sells("VASE", b=10)
    wanted = order("#1003", lines=[line("VASE")])
    theirs = await trade.ready(wanted)
    await trade.claim(wanted, theirs)
    found = await charged(trade, invoice("R-1", charge(theirs.reference, "10.00")))
    assert (found.purchases, [c.reference for c in found.unplaced]) == ([], [theirs.reference])


async def test_a_purchase_may_be_named_by_the_suppliers_own_number_but_not_by_two_that_disagree(
    trade: Trade,
) -> None:
    purchase = await bought(trade)
    by_theirs = InvoiceLine(supplier_reference="S-1", articles=Decimal("20.00"), shipping=Decimal("6.00"))
    found = await charged(trade, invoice("R-1", by_theirs))
    assert [(c.reference, c.state) for c in found.purchases] == [(purchase.reference, "as-expected")]
    both = charge("9999-1-zzz", "1.00", supplier_reference="S-1")
    found = await charged(trade, invoice("R-2", both))
    assert (found.purchases, len(found.unplaced)) == ([], 1)


async def test_charges_on_no_line_are_of_the_only_purchase_there_is_or_of_none(trade: Trade) -> None:
    one, two = await bought(trade), await bought_again(trade)
    lines = (charge(one.reference, "20.00", "6.00"), charge(two.reference, "20.00", "6.00"))
    found = await charged(trade, invoice("R-1", *lines, fees=Decimal("2.00"), total=Decimal("54.00")))
    assert [(c.amount, c.reference) for c in found.unplaced] == [(usd("2.00"), "")]
    assert {c.state for c in found.purchases} == {"as-expected"}


async def test_two_numbers_for_one_purchase_are_one_too_many(trade: Trade) -> None:
    purchase = await bought(trade)
    await charged(trade, invoice("R-1", charge(purchase.reference, "20.00", "6.00")))
    found = await charged(trade, invoice("R-2", charge(purchase.reference, "20.00", "6.00")))
    assert [(c.state, c.variance, c.invoices) for c in found.beyond] == [("invoiced-twice", usd("26.00"), 2)]


async def test_what_was_given_back_is_not_owed_before_or_after_it_is_charged(trade: Trade) -> None:
    purchase = await bought(trade)
    await charged(trade, invoice("R-1", charge(purchase.reference, "20.00", "6.00")))
    await trade.give_back(purchase.reference)
    assert await listed(trade) == [(purchase.reference, "not-owed", Decimal("26.00"))]
    found = await charged(trade, invoice("C-1", charge(purchase.reference, "-20.00", "-6.00")))
    assert [cost.state for cost in found.purchases] == ["as-expected"]
    late = await charged(trade, invoice("R-3", charge(purchase.reference, "20.00", "6.00")))
    assert [(c.state, c.expected) for c in late.beyond] == [("not-owed", usd(0))]


async def test_another_currency_is_said_and_never_summed_up(trade: Trade) -> None:
    purchase = await bought(trade)
    found = await charged(trade, invoice("R-1", charge(purchase.reference, "20.00"), currency="EUR"))
    assert [(c.state, c.variance, c.charged and c.charged.currency) for c in found.purchases] == [
        ("other-currency", None, "EUR")
    ]
    assert found.beyond == [] and await listed(trade) == [(purchase.reference, "other-currency", None)]


async def test_an_invoice_that_does_not_add_up_is_not_taken(trade: Trade) -> None:
    purchase = await bought(trade)
    refused = await refusal(
        charged(trade, invoice("R-1", charge(purchase.reference, "20.00"), total=Decimal(19)))
    )
    assert (refused.code, await listed(trade)) == ("does-not-add-up", [])
    assert "20.00 USD" in refused.reason and "19" in refused.reason


async def test_a_persons_word_is_on_the_variance_he_saw(trade: Trade) -> None:
    purchase = await bought(trade)
    await charged(trade, invoice("R-1", charge(purchase.reference, "29.00", "6.00")))
    seen = JudgeVariance(reference=purchase.reference, variance=usd("9.00"), verdict="disputed")
    await trade.ask(invoices.judge, seen)
    word = "select verdict from purchase_costs where store_id = $1"
    assert await trade.value(word) == "disputed"
    await charged(trade, invoice("R-2", charge(purchase.reference, "1.00")))
    assert await trade.value(word) == ""
    assert (await refusal(trade.ask(invoices.judge, seen))).code == "changed"


@pytest.mark.parametrize("name", ["' or 1=1 --", "\N{SNOWMAN}" * 40, "=HYPERLINK(1)"])
async def test_a_strange_reference_is_a_purchase_nobody_bought(trade: Trade, name: str) -> None:
    found = await charged(trade, invoice("R-1", charge(name, "5.00")))
    assert [c.reference for c in found.unplaced] == [name]
