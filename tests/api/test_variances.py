"""What suppliers charge otherwise than expected: listed by page, by supplier and by state, and summed up."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.acceptance.brand import Brand


@pytest.fixture
async def brand(brand: Brand) -> Brand:
    """Its suppliers a and b can be asked for their invoices."""
    await brand.publish(billing=("a", "b"))
    return brand


async def charged(brand: Brand, supplier: str, *by: str) -> None:
    """Each purchase of a supplier is charged so much more than expected, on an invoice of its own."""
    double = brand.suppliers[supplier]
    for order, more in zip(double.orders, by, strict=True):
        invoice = double.bill(order["reference"])
        invoice["lines"][0]["amount"] = str(Decimal(invoice["lines"][0]["amount"]) + Decimal(more))
        del invoice["total"]
    await brand.pass_by(hours=1, minutes=2)


async def ask(desk: httpx.AsyncClient, path: str = "/variances", **asked: Any) -> Any:
    answer = await desk.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_half_a_dollar_is_listed_with_all_figures_and_nothing_is_not(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    await brand.buy()
    await brand.buy()
    await charged(brand, "a", "0.50", "0.00")

    (item,) = (await ask(desk))["items"]
    assert (item["supplier"], item["number"], item["state"]) == ("a", "1001", "within-tolerance")
    figures = {n: item[n] for n in ("expected", "articles", "shipping", "fees", "credited", "variance")}
    assert figures == {
        "expected": "14.00", "articles": "10.50", "shipping": "4.00", "fees": "0", "credited": "0", "variance": "0.50",
    }  # fmt: skip
    assert (item["currency"], item["expected_currency"], item["invoices"], item["verdict"]) == (
        "USD",
        "USD",
        1,
        "",
    )
    (even,) = (await ask(desk, state="as-expected"))["items"]
    assert (even["number"], even["variance"]) == ("1002", "0.00")


async def test_the_list_comes_page_by_page_and_by_supplier_and_state(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    for sku in ("NECK-01", "NECK-01", "NECK-01", "RING-02"):
        await brand.buy(sku)
    await charged(brand, "a", "0.10", "0.20", "5.00")
    await charged(brand, "b", "0.40")

    found: list[str] = []
    cursor = None
    while True:
        page = await ask(desk, limit=1, **({"cursor": cursor} if cursor else {}))
        found += [item["variance"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(found) == ["0.10", "0.20", "0.40", "5.00"] and found[0] == "0.40"
    assert [item["variance"] for item in (await ask(desk, supplier="b"))["items"]] == ["0.40"]
    assert [item["variance"] for item in (await ask(desk, state="charged-more"))["items"]] == ["5.00"]
    sums = await ask(desk, "/variances/summary")
    assert [(s["supplier"], s["state"], s["count"], s["charged"], s["variance"]) for s in sums] == [
        ("a", "charged-more", 1, "19.00", "5.00"),
        ("a", "within-tolerance", 2, "28.30", "0.30"),
        ("b", "within-tolerance", 1, "18.40", "0.40"),
    ]
    assert (await desk.get("/variances", params={"state": "stolen"})).status_code == 422


async def test_a_charge_for_nothing_is_listed_with_its_invoice(brand: Brand, desk: httpx.AsyncClient) -> None:
    line = {"reference": "9999-1-zzz", "amount": "7.00"}
    brand.suppliers["a"].invoices.append({"number": "R-7", "currency": "EUR", "lines": [line]})
    await brand.pass_by(hours=1, minutes=2)

    (item,) = (await ask(desk))["items"]
    assert (item["state"], item["purchase"], item["invoice"]) == ("never-bought", "9999-1-zzz", "R-7")
    assert (item["order"], item["expected"], item["variance"], item["currency"]) == (
        None,
        None,
        "7.00",
        "EUR",
    )


async def test_what_is_charged_more_is_on_the_suppliers_scorecard(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    for _ in range(3):
        await brand.buy()
    await charged(brand, "a", "0.70", "0.70", "0.70")

    figures = (await ask(desk, "/reports/suppliers"))["figures"]
    (drift,) = [figure for figure in figures if figure["name"] == "invoiced_drift"]
    assert (drift["labels"], drift["value"], drift["of"]) == (
        {"supplier": "a", "currency": "USD"},
        "5.0",
        3,
    )
