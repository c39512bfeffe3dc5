"""What a purchase is charged against what it was expected to cost: each state by its own figures."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from hub.fulfilment.policies import CostTolerance
from hub.fulfilment.variance import Charge, Expected, Reckoned, expected_of, reckon
from hub.sdk.invoices import InvoiceLine, SupplierInvoice

LOOSE = CostTolerance(amount=Decimal(1), percent=Decimal(2))
EXPECTED = Expected(currency="USD", articles=Decimal("20.00"), parcel=Decimal("4.00"), units=2)


def charge(
    articles: str = "0", shipping: str = "0", fees: str = "0", *, invoice: str = "R-1", currency: str = "USD",
    quantity: int | None = None,
) -> Charge:  # fmt: skip
    line = InvoiceLine(
        reference="1001-1-abc", quantity=quantity,
        articles=Decimal(articles), shipping=Decimal(shipping), fees=Decimal(fees),
    )  # fmt: skip
    return Charge(invoice, currency, line)


def of(*charges: Charge, expected: Expected = EXPECTED) -> Reckoned:
    return reckon(expected, charges, LOOSE)


def test_what_is_charged_as_it_was_expected_is_no_variance() -> None:
    found = of(charge("20.00", "3.50", "0.50"))
    assert (found.state, found.variance) == ("as-expected", Decimal(0))


def test_half_a_dollar_more_is_a_variance_of_half_a_dollar() -> None:
    found = of(charge("20.50", "4.00"))
    assert (found.state, found.variance) == ("within-tolerance", Decimal("0.50"))


@pytest.mark.parametrize(
    ("articles", "state"),
    [
        ("21.00", "within-tolerance"),
        ("21.01", "charged-more"),
        ("19.00", "within-tolerance"),
        ("18.99", "charged-less"),
    ],
)
def test_the_tolerance_itself_is_still_within_it(articles: str, state: str) -> None:
    assert of(charge(articles, "4.00")).state == state


def test_of_an_amount_and_a_share_the_larger_is_the_tolerance() -> None:
    large = Expected(currency="USD", articles=Decimal(1000), parcel=Decimal(0), units=1)
    assert of(charge("1020.00"), expected=large).state == "within-tolerance"
    assert of(charge("1020.01"), expected=large).state == "charged-more"


def test_another_currency_is_said_and_not_converted() -> None:
    found = of(charge("20.00", "4.00", currency="EUR"))
    assert (found.state, found.currency, found.variance) == ("other-currency", "EUR", None)
    both = of(charge("20.00"), charge("4.00", invoice="R-2", currency="EUR"))
    assert (both.state, both.currency, both.variance) == ("other-currency", None, None)


def test_what_nobody_knew_the_cost_of_is_not_judged() -> None:
    unknown = Expected(currency=None, articles=None, parcel=Decimal("4.00"), units=2)
    assert (of(charge("9.00"), expected=unknown).state, of(charge("9.00"), expected=unknown).variance) == (
        "cost-unknown",
        None,
    )


def test_two_invoices_for_more_than_was_bought_are_one_too_many() -> None:
    again = of(charge("20.00", "4.00"), charge("20.00", "4.00", invoice="R-2"))
    assert (again.state, again.variance, again.invoices) == ("invoiced-twice", Decimal("24.00"), 2)


def test_two_invoices_for_a_part_each_are_none_too_many() -> None:
    first = of(charge("10.00", "4.00", quantity=1))
    assert (first.state, first.variance) == ("partly-invoiced", Decimal("-10.00"))
    both = of(charge("10.00", "4.00", quantity=1), charge("10.00", invoice="R-2", quantity=1))
    assert (both.state, both.invoices) == ("as-expected", 2)
    one_more = of(charge("10.00", "4.00", quantity=1), charge("20.00", invoice="R-2", quantity=2))
    assert one_more.state == "invoiced-twice"


def test_what_is_not_owed_may_be_credited() -> None:
    given_back = Expected(currency="USD", articles=Decimal(20), parcel=Decimal(4), units=2, is_owed=False)
    charged = of(charge("20.00", "4.00"), expected=given_back)
    assert (charged.state, charged.variance) == ("not-owed", Decimal("24.00"))
    credited = of(charge("20.00", "4.00"), charge("-20.00", "-4.00", invoice="C-1"), expected=given_back)
    assert (credited.state, credited.credited, credited.charged) == (
        "as-expected",
        Decimal("24.00"),
        Decimal(0),
    )


def test_the_expected_cost_is_of_the_parts_of_a_kit_and_of_the_parcel_that_was_chosen() -> None:
    usd = {"currency": "USD"}
    kit = {
        "parts": [
            {"quantity": 2, "unit_cost": {"amount": "1.50", **usd}},
            {"quantity": 4, "unit_cost": {"amount": "0.25", **usd}},
        ]
    }
    plain = {"quantity": 1, "unit_cost": {"amount": "9.00", **usd}}
    offers = [
        {"supplier": "b", "standing": "chosen", "shipping": {"amount": "99", **usd}, "fee": None},
        {"supplier": "a", "standing": "possible", "shipping": {"amount": "98", **usd}, "fee": None},
        {
            "supplier": "a",
            "standing": "chosen",
            "shipping": {"amount": "4", **usd},
            "fee": {"amount": "0.40", **usd},
        },
    ]
    purchase = {"supplier": "a", "state": "confirmed", "status": "accepted", "lines": [kit, plain]}
    found = expected_of(purchase, [{"candidates": offers}])
    assert (found.articles, found.parcel, found.total, found.units) == (
        Decimal("13.00"), Decimal("4.40"), Decimal("17.40"), 7,
    )  # fmt: skip


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity", "1e400", "100000000.01", "0.00001"])
def test_figures_that_are_none_are_not_taken(amount: str) -> None:
    with pytest.raises(ValidationError):
        InvoiceLine(reference="1001-1-abc", articles=Decimal(amount))


def test_an_invoice_is_the_same_in_any_order_and_with_any_number_of_zeros() -> None:
    def invoice(*articles: str) -> SupplierInvoice:
        lines = tuple(InvoiceLine(reference=f"r-{a[0]}", articles=Decimal(a)) for a in articles)
        return SupplierInvoice(number="R-1", currency="USD", lines=lines)

    assert invoice("4.2", "5").digest() == invoice("5.00", "4.20").digest()
    assert invoice("4.2").digest() != invoice("4.3").digest()
