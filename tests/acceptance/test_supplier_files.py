"""A supplier without an API that writes files: looked into by the hour, good rows count, bad ones are told of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance.brand import Brand
from tests.acceptance.levels import Levels, open_levels
from tests.connectors.supplier_email.dovecot import needed

pytestmark = [needed, pytest.mark.slow]

SKUS = "VASE-05,files,V-005,9.00,USD\n"
PARCEL = "1Z999AA10123456784"


@pytest_asyncio.fixture
async def levels(brand: Brand, tmp_path: Path) -> AsyncIterator[Levels]:
    async with open_levels(brand, tmp_path / "sftp", skus=SKUS, every="1 hour") as opened:
        await opened.stocks("files", "V-005", 1000)
        yield opened


@pytest.mark.row("S2-064")
async def test_a_file_is_taken_by_the_hour_and_its_bad_rows_wait_while_the_rest_counts(
    levels: Levels,
) -> None:
    brand = levels.brand
    order = await brand.buy("VASE-05")
    await levels.go_on(5)
    ((row,),) = levels.orders_by_file()
    bought = row["po_number"]
    levels.puts(
        "shp1.csv",
        f"po,number,carrier\n{bought},{PARCEL},UPS\n{bought},9.40011E+21,USPS\n9999-1-zzz234,1Z12345E0205271688,UPS\n",
    )
    await levels.go_on(30)
    assert brand.parcels(order) == {}, "it is looked into once an hour"
    await levels.go_on(40)

    assert set(brand.parcels(order)) == {PARCEL}
    (case,) = await brand.floor.open_cases()
    said = await brand.says(case)
    assert case["kind"] == "file-rows"
    assert "out/shp1.csv: 2 of 3 rows were put aside" in said
    assert "'line': 3" in said and "'line': 4" in said
    assert "It names no purchase order that this supplier was given." in said


async def test_a_file_that_does_not_fit_its_profile_is_not_guessed_at(levels: Levels) -> None:
    brand = levels.brand
    levels.puts("shp1.csv", "Auftrag;Paket\n1001;abc\n")
    await levels.go_on(65)
    (case,) = await brand.floor.open_cases()
    assert case["kind"] == "file-unreadable"
    assert "out/shp1.csv was not read" in await brand.says(case)


async def test_a_file_of_invoices_is_set_against_what_was_bought_and_its_bad_row_is_put_aside(
    levels: Levels,
) -> None:
    brand = levels.brand
    await brand.buy("VASE-05")
    await levels.go_on(5)
    ((row,),) = levels.orders_by_file()
    levels.puts(
        "bill1.csv",
        f"invoice,po,goods,freight\nR-1,{row['po_number']},9.50,4.00\nR-2,{row['po_number']},nine,4.00\nR-3,9999,5,4\n",
    )
    await levels.go_on(65)

    (cost,) = await brand.floor.rows("select state, variance from purchase_costs")
    assert (cost["state"], str(cost["variance"])) == ("within-tolerance", "0.50")
    assert await brand.cases() == {"file-rows": 1, "invoice-unclear": 1}
    said = " ".join([await brand.says(case) for case in await brand.floor.open_cases()])
    assert "1 of 3 rows were put aside" in said and "R-3: 1 charges name no purchase" in said
