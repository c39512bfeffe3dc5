"""What suppliers charge, from their own systems to the list that people see; beyond the tolerance somebody is asked."""

from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.brand import Brand, Terms


@pytest.fixture
def terms() -> Terms:
    return Terms(billing=("a", "b"))


async def costs(brand: Brand) -> list[tuple[str, str, Decimal | None, str]]:
    """What is kept of each invoiced purchase, as (supplier, state, variance, verdict)."""
    rows = await brand.floor.rows(
        """select p.supplier, c.state, c.variance, c.verdict from purchase_costs c
           join purchases p on p.id = c.purchase_id order by p.reference"""
    )
    return [(row["supplier"], row["state"], row["variance"], row["verdict"]) for row in rows]


def dearer(brand: Brand, by: str, supplier: str = "a") -> dict[str, Any]:
    """The supplier charges so much more for the articles of its only purchase; the invoice adds up all the same."""
    double = brand.suppliers[supplier]
    invoice = double.bill(brand.purchase(supplier)["reference"])
    line = invoice["lines"][0]
    line["amount"] = str(Decimal(line["amount"]) + Decimal(by))
    invoice["total"] = str(Decimal(invoice["total"]) + Decimal(by))
    return invoice


async def test_half_a_dollar_more_is_listed_and_asks_nobody(brand: Brand) -> None:
    await brand.buy()
    dearer(brand, "0.50")
    await brand.pass_by(hours=1, minutes=2)

    assert await costs(brand) == [("a", "within-tolerance", Decimal("0.50"), "")]
    assert await brand.floor.open_cases() == []


async def test_what_is_charged_as_expected_is_found_once_however_often_it_is_asked_for(brand: Brand) -> None:
    await brand.buy()
    brand.suppliers["a"].bill(brand.purchase("a")["reference"])
    await brand.pass_by(hours=4)

    assert await costs(brand) == [("a", "as-expected", Decimal("0.00"), "")]
    assert len(await brand.floor.rows("select 1 from runs where flow = 'invoice'")) == 1


@pytest.mark.parametrize("word", ["accepted", "disputed"])
async def test_beyond_the_tolerance_a_person_accepts_or_disputes_it(brand: Brand, word: str) -> None:
    await brand.buy()
    dearer(brand, "3.00")
    await brand.pass_by(hours=1, minutes=2)

    case = await brand.case()
    assert case["kind"] == "cost-variance"
    assert "Order 1001" in await brand.says(case) and "3.00 USD more than expected" in await brand.says(case)
    await brand.floor.resolve(case, word)
    assert await costs(brand) == [("a", "charged-more", Decimal("3.00"), word)]


async def test_the_store_says_what_it_lets_pass(brand: Brand) -> None:
    await brand.publish(policies="{safety_threshold: 5, cost_tolerance: {amount: 0.10, percent: 0}}")
    await brand.buy()
    dearer(brand, "0.50")
    await brand.pass_by(hours=1, minutes=2)

    assert await brand.cases() == {"cost-variance": 1}


async def test_an_invoice_that_is_issued_again_with_other_figures_counts_when_a_person_says_so(
    brand: Brand,
) -> None:
    await brand.buy()
    invoice = dearer(brand, "0.50")
    await brand.pass_by(hours=1, minutes=2)
    again = {**invoice, "lines": [{**invoice["lines"][0], "amount": "99.00"}], "total": "103.00"}
    brand.suppliers["a"].invoices.append(again)
    await brand.pass_by(hours=1, minutes=2)

    case = await brand.case()
    assert (case["kind"], await costs(brand)) == (
        "invoice-changed",
        [("a", "within-tolerance", Decimal("0.50"), "")],
    )
    await brand.floor.resolve(case, "replace")
    assert [(state, variance) for _, state, variance, _ in await costs(brand)] == [
        ("charged-more", Decimal("89.00"))
    ]
    assert await brand.cases() == {"cost-variance": 1}


async def test_what_was_never_bought_and_what_cannot_be_read_are_told_of(brand: Brand) -> None:
    await brand.buy()
    good = dearer(brand, "0.50")
    strange = {"reference": "9999-1-zzzzzz", "amount": "7.00", "shipping": "0"}
    brand.suppliers["a"].invoices += [
        {**good, "number": "R-7", "lines": [strange], "total": "7.00"},
        {**good, "number": "R-8", "total": "NaN"},
        {**good, "number": "R-9", "total": "1.00"},
    ]
    await brand.pass_by(hours=1, minutes=2)

    assert await brand.cases() == {"invoice-unclear": 3}
    said = " ".join([await brand.says(case) for case in await brand.floor.open_cases()])
    for words in ("R-7: 1 charges name no purchase", "R-8 cannot be read", "its total says 1.00"):
        assert words in said
    assert await costs(brand) == [("a", "within-tolerance", Decimal("0.50"), "")]


async def test_a_cancelled_purchase_that_is_charged_is_not_owed(brand: Brand) -> None:
    await brand.publish(recalled=("a",))
    order = await brand.buy()
    await brand.cancel(order)
    await brand.floor.settle()
    brand.suppliers["a"].bill(brand.purchase("a")["reference"])
    await brand.pass_by(hours=1, minutes=2)

    assert [(state, variance) for _, state, variance, _ in await costs(brand)] == [
        ("not-owed", Decimal("14.00"))
    ]
    assert await brand.cases() == {"cost-variance": 1}


async def test_a_supplier_that_is_never_billing_is_never_asked(brand: Brand) -> None:
    before = brand.calls("c")
    await brand.pass_by(hours=4)
    assert brand.calls("c") == before
