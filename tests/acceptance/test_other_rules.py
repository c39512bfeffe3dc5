"""A store that chooses by SKU alone is told what rules by region or by price would have saved it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.acceptance.brand import Brand, Terms
from tests.acceptance.figures_desk import named, of, report, value

AT_HOME = {"a": "US-NY", "b": "US-CA", "c": "US-TX"}
BY_SKU = Terms(rules="[{id: necklaces, when: {sku: [NECK-01]}, prefer: [b]}]", regions=AT_HOME)
ONLY_BY_SKU = replace(BY_SKU, rules="[{id: necklaces, when: {sku: [NECK-01]}, use: [b]}]")
CALIFORNIA = {"city": "Los Angeles", "province_code": "CA", "zip": "90012"}


@pytest.mark.row("S2-048")
@pytest.mark.parametrize("terms", [BY_SKU])
async def test_what_rules_by_region_would_have_saved_in_thirty_days_is_told(brand: Brand) -> None:
    """b of California asks two dollars more for a necklace than a of New York."""
    await brand.buy(quantity=3)
    await brand.floor.let_pass(days=20)
    await brand.buy(shipping_address={"address1": "2 Main Street"})
    await brand.buy(shipping_address=CALIFORNIA)
    await brand.buy("RING-02", shipping_address={"address1": "3 Main Street"})

    figures = await report(brand, "rules")
    assert value(figures, "saved_by_region") == Decimal(3 * 2 + 2)
    assert value(figures, "saved_by_cost") == Decimal(3 * 2 + 2 + 2)
    assert (value(figures, "moved_by_region"), of(figures, "moved_by_region")) == (2, 4)
    assert {f["currency"] for f in figures if f["unit"] == "money"} == {"USD"}

    await brand.floor.let_pass(days=11)
    assert value(await report(brand, "rules"), "saved_by_region") == Decimal(2), "of thirty days and no more"


@pytest.mark.parametrize("terms", [ONLY_BY_SKU])
async def test_a_supplier_that_a_rule_shut_out_counts_only_with_stock_that_was_known(brand: Brand) -> None:
    await brand.buy()
    assert value(await report(brand, "rules"), "saved_by_cost") == 0, "nobody asked a what it has"

    await brand.map("PEND-04,a,AX1,10.00,USD")
    await brand.buy("PEND-04")
    await brand.buy(shipping_address={"address1": "2 Main Street"})
    standings = [f["standing"] for f in (await brand.decisions())[-1]["lines"][0]["candidates"]]
    assert standings == ["barred-by-rule", "chosen"]
    assert value(await report(brand, "rules"), "saved_by_cost") == Decimal(2)


@pytest.mark.parametrize("terms", [BY_SKU])
async def test_lines_that_went_elsewhere_for_want_of_stock_are_counted(brand: Brand) -> None:
    brand.suppliers["b"].stock["BX9"] = 3
    await brand.buy()

    figures = await report(brand, "rules")
    assert (value(figures, "stock_fallbacks"), of(figures, "stock_fallbacks")) == (1, 1)
    assert value(figures, "saved_by_cost") == 0, "a was the cheapest anyway"


async def test_where_nothing_was_decided_nothing_is_said_to_be_saved(brand: Brand) -> None:
    figures = await report(brand, "rules")
    assert [f["value"] for f in named(figures, "saved_by_region")] == [None]
    assert "No order" in named(figures, "saved_by_region")[0]["unknown"]
