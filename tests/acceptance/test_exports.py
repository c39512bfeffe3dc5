"""A supplier who takes orders once a day, as a file: all that are pending, none twice, and silence is noticed."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from tests.acceptance.brand import Brand
from tests.acceptance.levels import Levels, open_levels
from tests.acceptance.shelves import come_to
from tests.connectors.supplier_email.dovecot import needed

pytestmark = [needed, pytest.mark.slow]

SKUS = "VASE-05,files,V-005,9.00,USD\n"
FIVE = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
"""Monday, five in the afternoon in New York, where the store is."""


@pytest_asyncio.fixture
async def levels(brand: Brand, tmp_path: Path) -> AsyncIterator[Levels]:
    async with open_levels(brand, tmp_path / "sftp", skus=SKUS, orders_at='"17:00"') as opened:
        await opened.stocks("files", "V-005", 1000)
        yield opened


async def buys(levels: Levels, count: int) -> None:
    """So many customers buy a vase each."""
    for _ in range(count):
        await levels.brand.tell(levels.brand.place("VASE-05"))
    await levels.brand.floor.settle()
    await levels.go_on(2)


async def laid_aside(levels: Levels) -> Counter[str]:
    """The batches, and how many purchases are in each; empty for those that are still pending."""
    rows = await levels.brand.floor.rows("select batch, exported_at from exports")
    assert all((row["batch"] is None) == (row["exported_at"] is None) for row in rows)
    return Counter(row["batch"] or "" for row in rows)


@pytest.mark.row("S1-056", "S2-056")
async def test_seventy_two_orders_of_a_day_are_one_file_with_a_receipt_for_each(levels: Levels) -> None:
    brand = levels.brand
    await buys(levels, 72)
    assert levels.orders_by_file() == []
    await come_to(brand, FIVE)
    await levels.go_on(2)

    (rows,) = levels.orders_by_file()
    numbers = [row["po_number"] for row in rows]
    assert len(set(numbers)) == len(numbers) == 72
    sent = [e for e in await brand.floor.effects("create_purchase_order") if e["connection_id"] == "files"]
    assert len(sent) == len({e["key"] for e in sent}) == 72
    assert {e["state"] for e in sent} == {"confirmed"}
    assert await laid_aside(levels) == {"20261123-1700": 72}

    await buys(levels, 1)
    await come_to(brand, FIVE.replace(day=24))
    await levels.go_on(2)
    assert [len(rows) for rows in levels.orders_by_file()] == [72, 1]
    assert await laid_aside(levels) == {"20261123-1700": 72, "20261124-1700": 1}

    told = "".join(f"{number},ok\n" for number in numbers)
    levels.puts("ack1.csv", f"po,status\n{told}")
    await levels.go_on(4)
    assert await levels.told("accepted") == set(numbers)


@pytest.mark.row("S2-057")
async def test_what_was_exported_and_is_not_confirmed_by_the_next_day_is_an_exception(levels: Levels) -> None:
    brand = levels.brand
    await buys(levels, 2)
    await come_to(brand, FIVE)
    await levels.go_on(2)
    (first, second) = (row["po_number"] for row in levels.orders_by_file()[0])
    levels.puts("ack1.csv", f"po,status\n{first},ok\n")
    await come_to(brand, FIVE.replace(day=24, hour=21))
    assert await late(levels) == set(), "its day counts from the export"
    await come_to(brand, FIVE.replace(day=24))

    assert await late(levels) == {second}
    (row,) = await brand.floor.rows(
        """select p.status, e.exported_at from purchases p join exports e on e.purchase_id = p.id
           where p.reference = $1""",
        second,
    )
    assert row["status"] == "requested"
    assert row["exported_at"] is not None


async def late(levels: Levels) -> set[str]:
    """The purchases whose promise of an acknowledgement was broken."""
    rows = await levels.brand.floor.rows(
        """select r.trigger_key from clocks c join runs r on r.id = c.run_id
           where c.clock = 'acknowledged' and c.state = 'late'"""
    )
    return {row["trigger_key"] for row in rows}


@pytest.mark.row("S2-057")
async def test_a_supplier_is_not_silent_about_what_it_was_not_sent_yet(levels: Levels) -> None:
    brand = levels.brand
    await come_to(brand, FIVE.replace(minute=30))
    await buys(levels, 4)
    await come_to(brand, FIVE.replace(day=24))
    await levels.go_on(2)
    await come_to(brand, FIVE.replace(day=24, minute=35))
    await levels.go_on(2)
    assert [len(rows) for rows in levels.orders_by_file()] == [4], (
        "half an hour ago, a day after they were bought"
    )
    assert not await brand.floor.rows("select * from silences where kind = 'supplier-silent'")

    await come_to(brand, FIVE.replace(day=25, minute=35))
    await levels.go_on(2)
    (silence,) = await brand.floor.rows("select * from silences where kind = 'supplier-silent'")
    assert (silence["about"], silence["since"]) == ("files", FIVE.replace(day=24))
