"""An order at a supplier by mail, one by files and one by API: bought, acknowledged and shipped at all three."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance.brand import Brand
from tests.acceptance.levels import Levels, facts, open_levels
from tests.connectors.supplier_email.dovecot import needed

pytestmark = [needed, pytest.mark.slow]

SKUS = "LAMP-04,mail,GL-4,20.00,USD\nVASE-05,files,V-005,9.00,USD\n"
BY_MAIL, BY_FILE, BY_API = "1Z999AA10123456784", "1Z12345E0205271688", "9400111899223197428498"
"""Tracking numbers whose check digits hold."""


@pytest_asyncio.fixture
async def levels(brand: Brand, tmp_path: Path) -> AsyncIterator[Levels]:
    async with open_levels(brand, tmp_path / "sftp", skus=SKUS) as opened:
        opened.puts("inv1.csv", "sku,stock\nV-005,80\n")
        await opened.stocks("mail", "GL-4", 80)
        await opened.go_on(3)
        yield opened


async def test_each_supplier_is_bought_from_acknowledges_and_ships_in_its_own_way(levels: Levels) -> None:
    brand = levels.brand
    lines = [{"sku": sku, "quantity": 1, "price": "60.00"} for sku in ("NECK-01", "LAMP-04", "VASE-05")]
    order = await brand.buy(lines=lines)
    await levels.go_on(2)

    (mail,), (rows,) = levels.orders_by_mail(), levels.orders_by_file()
    assert facts(mail)["Your SKU"] == "GL-4"
    assert rows[0]["sku"] == "V-005"
    assert [o["order_number"] for o in brand.suppliers["a"].orders] == [order.name.lstrip("#")]
    by_mail, by_file = facts(mail)["Purchase order number"], rows[0]["po_number"]
    by_api = brand.purchase("a")["reference"]
    assert len({by_mail, by_file, by_api}) == 3

    await levels.writes(mail, "Thank you, we have received your order.")
    levels.puts("ack1.csv", f"po,status\n{by_file},ok\n")
    await brand.supplier_says("a", "accepted")
    await levels.go_on(5)
    assert await levels.told("accepted") == {by_mail, by_file, by_api}

    await levels.writes(mail, f"Shipped today with UPS, tracking number {BY_MAIL}.")
    levels.puts("shp1.csv", f"po,number,carrier\n{by_file},{BY_FILE},UPS\n")
    await brand.supplier_says("a", "shipped", {"tracking_number": BY_API, "carrier": "USPS"})
    await levels.go_on(5)
    assert set(brand.parcels(order)) == {BY_MAIL, BY_FILE, BY_API}
    assert sorted(len(units) for units in brand.parcels(order).values()) == [1, 1, 1]
    assert await brand.cases() == {}
