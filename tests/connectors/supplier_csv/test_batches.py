"""Orders that go out together: each once, the same file whenever it is sent, and never a part of it."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from connectors.supplier_csv.connector import SupplierCsv
from connectors.supplier_csv.sandbox import COLUMNS
from hub.sdk import Refused
from hub.sdk.purchase_files import OrderBatch
from tests.connectors.supplier_csv.supplier import Server, call, connector, order, sftp_server

REFERENCES = [f"{1000 + n}-1" for n in range(72)]


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with sftp_server(tmp_path) as running:
        yield running


def in_batches(server: Server, **profile: object) -> SupplierCsv:
    columns = [{"name": name, "holds": holds} for name, holds in COLUMNS.items()]
    orders = {"path": "in", "batches": "orders_{batch}.csv", "profile": {"columns": columns, **profile}}
    return connector(server.transport(), orders=orders, archive="in/done")


def batch(*references: str) -> OrderBatch:
    return OrderBatch(batch="20260403-1700", references=list(references))


def files(server: Server) -> list[str]:
    """What the supplier's own programs see."""
    return sorted(path.name for path in (server.root / "in").glob("*.csv"))


@pytest.mark.row("S2-056")
async def test_seventy_two_orders_are_one_file_and_sending_it_again_is_the_same_bytes(server: Server) -> None:
    supplier = in_batches(server)
    for reference in reversed(REFERENCES):
        placed = await supplier.create_purchase_order(order(reference), call())
        assert (placed.status, placed.is_batched) == ("requested", True)
    assert files(server) == []

    sent = await supplier.send_batch(batch(*REFERENCES), call(seconds=9))
    content = (server.root / sent.file).read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [row["po_number"] for row in rows] == REFERENCES
    (server.root / sent.file).unlink()
    await supplier.send_batch(batch(*reversed(REFERENCES)), call(minutes=5000, seconds=9))
    assert (server.root / sent.file).read_bytes() == content
    assert files(server) == ["orders_20260403-1700.csv"]


async def test_a_batch_that_the_supplier_has_fetched_is_not_put_there_again(server: Server) -> None:
    supplier = in_batches(server)
    await supplier.create_purchase_order(order("1001-1"), call())
    sent = await supplier.send_batch(batch("1001-1"), call())
    (server.root / "in" / "done").mkdir()
    (server.root / sent.file).rename(server.root / "in" / "done" / "orders_20260403-1700.csv")

    await supplier.send_batch(batch("1001-1"), call())
    assert files(server) == []
    assert await supplier.find_batch(batch("1001-1"), call()) is not None


async def test_a_batch_that_lacks_an_order_is_not_sent_at_all(server: Server) -> None:
    supplier = in_batches(server)
    await supplier.create_purchase_order(order("1001-1"), call())
    with pytest.raises(Refused, match="1002-1 cannot be found") as told:
        await supplier.send_batch(batch("1001-1", "1002-1"), call())
    assert told.value.code == "incomplete"
    assert files(server) == []


async def test_an_order_laid_aside_is_found_again_after_a_lost_answer(server: Server) -> None:
    supplier = in_batches(server)
    assert await supplier.find_purchase_order(order("1001-1"), call()) is None
    await supplier.create_purchase_order(order("1001-1"), call())
    assert await supplier.find_purchase_order(order("1001-1"), call()) is not None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
async def test_a_batch_has_one_head_and_one_mark_in_every_encoding(server: Server, encoding: str) -> None:
    supplier = in_batches(server, encoding=encoding)
    for reference in ("1001-1", "1002-1"):
        await supplier.create_purchase_order(order(reference, city="Köln"), call())
    sent = await supplier.send_batch(batch("1001-1", "1002-1"), call())
    text = (server.root / sent.file).read_bytes().decode(encoding)

    assert text.count("po_number") == 1
    assert "\ufeff" not in text
    assert [row.split(",")[0] for row in text.splitlines()[1:]] == ["1001-1", "1002-1"]


def test_a_portal_whose_files_cannot_be_read_again_cannot_send_batches() -> None:
    columns = [{"name": name, "holds": holds} for name, holds in COLUMNS.items()]
    orders = {"batches": "orders_{batch}.csv", "profile": {"columns": columns}}
    with pytest.raises(ValidationError, match="is_readable"):
        connector({"type": "http", "token": "t"}, orders=orders)
