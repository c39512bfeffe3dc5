"""A supplier by mail who sends lists: those that the merchant has declared are read, all others stay shut."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from hub.store import stock
from tests.acceptance.brand import Brand
from tests.acceptance.levels import Levels, facts, open_levels
from tests.connectors.supplier_email.dovecot import needed

pytestmark = [needed, pytest.mark.slow]

SKUS = "LAMP-04,mail,M-004,9.00,USD\n"
PARCEL = "1Z999AA10123456784"
DECLARED = ', attachments: [{name: "stock*.csv", kind: stock}, {name: "sent_*.csv", kind: tracking}]'


@pytest_asyncio.fixture
async def levels(brand: Brand, tmp_path: Path) -> AsyncIterator[Levels]:
    async with open_levels(brand, tmp_path / "sftp", skus=SKUS, attachments=DECLARED) as opened:
        await opened.stocks("mail", "M-004", 1000)
        yield opened


async def shelf(levels: Levels) -> dict[str, int]:
    """What is known of the supplier's shelves."""
    async with levels.brand.floor.hub.database.connection() as connection:
        found = await stock.levels_of(connection, "main", "mail")
    return {number: level.available for number, level in found.items()}


async def test_a_list_of_stock_in_a_mail_counts_once_and_nobody_need_be_asked(levels: Levels) -> None:
    await levels.attaches(
        "Please find our stock attached.", ("Stock_0911.csv", "sku,stock\nM-004,612\nM-005,3\n")
    )
    await levels.go_on(3)
    assert await shelf(levels) == {"M-004": 612, "M-005": 3}

    await levels.stocks("mail", "M-004", 700)
    imap = levels.post.imap
    assert imap is not None
    imap.make_anew()
    await imap.stop()
    await imap.start()
    await levels.go_on(3)
    assert await shelf(levels) == {"M-004": 700, "M-005": 3}, "the same mail was read twice"
    assert await levels.brand.cases() == {}


async def test_a_list_of_parcels_in_a_mail_sends_each_to_its_order_and_a_bad_row_waits(
    levels: Levels,
) -> None:
    brand = levels.brand
    order = await brand.buy("LAMP-04")
    await levels.go_on(2)
    (mail,) = levels.orders_by_mail()
    bought = facts(mail)["Purchase order number"]
    rows = f"po,number,carrier\n{bought},{PARCEL},UPS\n{bought},9.40011E+21,USPS\n"
    await levels.attaches("Today's parcels were shipped, see the list.", ("sent_0911.csv", rows))
    await levels.go_on(3)

    assert set(brand.parcels(order)) == {PARCEL}
    (case,) = await brand.floor.open_cases()
    assert case["kind"] == "file-rows"
    assert "sent_0911.csv: 1 of 2 rows were put aside" in await brand.says(case)


async def test_a_strangers_list_and_one_that_nobody_has_declared_stay_shut(levels: Levels) -> None:
    list_of_nothing = "sku,stock\nM-004,0\n"
    await levels.attaches("Our stock.", ("stock.csv", list_of_nothing), sender="ship@evil.example")
    await levels.attaches("Our prices.", ("prices.csv", list_of_nothing))
    await levels.go_on(3)

    assert await shelf(levels) == {"M-004": 1000}
    (case,) = await levels.brand.floor.open_cases()
    assert case["kind"] == "supplier-mail"
    assert "prices.csv: attachments stay shut" in await levels.brand.says(case)


async def test_a_list_that_does_not_fit_its_profile_is_not_guessed_at_and_the_next_one_counts(
    levels: Levels,
) -> None:
    files = ("stock1.csv", "Artikel;Menge\nM-004;0\n"), ("stock2.csv", "sku,stock\nM-004,640\n")
    await levels.attaches("Our stock.", *files)
    await levels.go_on(3)

    assert await shelf(levels) == {"M-004": 640}
    (case,) = await levels.brand.floor.open_cases()
    assert case["kind"] == "file-unreadable"
    assert "stock1.csv" in await levels.brand.says(case)
