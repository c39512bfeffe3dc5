"""A kit is bought as its parts, and stays one line for the shop and its customer."""

import pytest

from tests.acceptance.brand import Brand, Terms

SETS = Terms(
    skus="""sku,supplier,supplier_sku,unit_cost,currency,units
SET-1,a,CHAIN,10.00,USD,1
SET-1,a,BEAD,2.00,USD,3
RING-02,b,BR2,14.00,USD,
"""
)
NUMBER, SECOND = "1Z999AA10000000018", "1Z999AA10000000027"

pytestmark = pytest.mark.parametrize("terms", [SETS])


async def test_the_supplier_reads_the_parts_and_the_shop_shows_the_set(brand: Brand) -> None:
    order = await brand.buy("SET-1", 2)
    assert {x["sku"]: x["quantity"] for x in brand.purchase("a")["lines"]} == {"CHAIN": 2, "BEAD": 6}
    reserved = await brand.floor.rows("select supplier_sku, quantity, state from reservations order by 1")
    assert [tuple(row) for row in reserved] == [("BEAD", 6, "consumed"), ("CHAIN", 2, "consumed")]
    await brand.ships(NUMBER)
    assert brand.parcels(order) == {NUMBER: {order.lines[0].id: 2}}
    assert await brand.cases() == {}


async def test_a_set_in_two_parcels_is_shown_with_the_first_and_both_are_followed(brand: Brand) -> None:
    order = await brand.buy("SET-1")
    line = str(order.lines[0].id)
    chain = {"tracking_number": NUMBER, "carrier": "UPS", "lines": [{"line_id": line, "quantity": 1}]}
    beads = {"tracking_number": SECOND, "carrier": "UPS", "lines": [{"line_id": line, "quantity": 3}]}
    await brand.supplier_says("a", "shipped", chain)
    await brand.pass_by(minutes=2)
    await brand.supplier_says("a", "shipped", chain, beads)
    await brand.pass_by(minutes=2)
    assert brand.parcels(order) == {NUMBER: {order.lines[0].id: 1}}
    followed = await brand.floor.rows(
        "select tracking_number from shipments where voided_at is null order by 1"
    )
    assert [row["tracking_number"] for row in followed] == [NUMBER, SECOND]
    assert await brand.cases() == {}


async def test_a_set_whose_beads_are_gone_is_sold_out(brand: Brand) -> None:
    brand.suppliers["a"].stock["BEAD"] = 8
    await brand.buy("SET-1", 2)
    await brand.buy("SET-1", name="#2000", email="another@example.com")
    assert len(brand.suppliers["a"].orders) == 1
    assert (await brand.cases())["out-of-stock"] == 1
