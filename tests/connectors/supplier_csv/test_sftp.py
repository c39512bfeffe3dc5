"""Orders and files over a real SFTP server on this machine, and what is known when it misbehaves."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest
import pytest_asyncio

from hub.sdk import NotDone, Refused, Unanswered, Unauthorised
from tests.connectors.supplier_csv.supplier import PASSWORD, Server, call, connector, look, order, sftp_server


@pytest_asyncio.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with sftp_server(tmp_path) as running:
        yield running


@pytest.mark.row("S2-012")
async def test_an_order_arrives_whole_under_its_name_and_is_requested(server: Server) -> None:
    placed = await connector(server.transport()).create_purchase_order(order(), call())

    assert placed.status == "requested"
    assert [path.name for path in (server.root / "in").iterdir()] == ["1001-1.csv"]
    rows = (server.root / "in" / "1001-1.csv").read_bytes().split(b"\r\n")
    assert rows[1] == b"1001-1,00123,2,Ann Lee,Strasse 5,Apt 4B,Bonn,05113,DE"


async def test_the_same_order_again_changes_nothing_and_another_under_its_name_is_refused(
    server: Server,
) -> None:
    supplier = connector(server.transport())
    await supplier.create_purchase_order(order(), call())
    before = (server.root / "in" / "1001-1.csv").stat()
    await supplier.create_purchase_order(order(), call(minutes=3000))

    assert (server.root / "in" / "1001-1.csv").stat().st_mtime_ns == before.st_mtime_ns
    with pytest.raises(Refused, match="says otherwise"):
        await supplier.create_purchase_order(order(city="Ulm"), call())


async def test_a_key_lets_us_in_too(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with sftp_server(tmp_path, key) as server:
        transport = server.transport(password=None, private_key=key.export_private_key().decode())
        assert "lets us in" in await connector(transport).probe(call())
        stranger = server.transport(
            password=None,
            private_key=asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode(),
        )
        with pytest.raises(Unauthorised):
            await connector(stranger).probe(call())


async def test_a_wrong_password_and_a_wrong_server_are_told_apart_from_failure(server: Server) -> None:
    with pytest.raises(Unauthorised, match="does not accept the credential") as told:
        await connector(server.transport(password="wrong-canary")).create_purchase_order(order(), call())
    assert "wrong-canary" not in str(told.value)

    before = server.logins
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with pytest.raises(Unauthorised, match="another key"):
        await connector(server.transport(host_key=other)).create_purchase_order(order(), call())
    assert server.logins == before, "the password was shown to a server that is not the supplier's"


async def test_no_server_and_a_server_in_a_private_network_that_was_not_meant_leave_nothing_done(
    server: Server,
) -> None:
    with pytest.raises(NotDone, match="lost"):
        await connector(server.transport(port=1)).create_purchase_order(order(), call())
    with pytest.raises(NotDone, match="not a public address"):
        await connector(server.transport(private_network=False)).create_purchase_order(order(), call())


@pytest.mark.parametrize("when", ["stall", "drop"])
async def test_until_the_file_gets_its_name_nothing_is_ordered(server: Server, when: str) -> None:
    setattr(server, when, "open")
    began = time.monotonic()
    with pytest.raises(NotDone):
        await connector(server.transport()).create_purchase_order(order(), call(seconds=1.5))
    assert time.monotonic() - began < 4
    assert list((server.root / "in").glob("*.csv")) == []


@pytest.mark.parametrize("when", ["stall", "drop"])
@pytest.mark.parametrize("moment", ["rename", "after-rename"])
async def test_while_it_gets_its_name_nobody_knows_and_the_server_can_be_asked(
    server: Server, when: str, moment: str
) -> None:
    supplier = connector(server.transport(), effect="checkable")
    setattr(server, when, moment)
    with pytest.raises(Unanswered, match="did not say"):
        await supplier.create_purchase_order(order(), call(seconds=1.5))
    setattr(server, when, "")

    found = await supplier.find_purchase_order(order(), call())
    is_there = (server.root / "in" / "1001-1.csv").exists()
    assert (found is not None) == is_there
    await supplier.create_purchase_order(order(), call())
    assert [path.name for path in (server.root / "in").glob("*.csv")] == ["1001-1.csv"]


async def test_a_file_that_the_supplier_has_put_away_is_found_in_its_archive(server: Server) -> None:
    supplier = connector(server.transport(), archive="done", effect="checkable")
    await supplier.create_purchase_order(order(), call())
    (server.root / "done").mkdir()
    (server.root / "in" / "1001-1.csv").rename(server.root / "done" / "1001-1.csv")

    found = await supplier.find_purchase_order(order(), call())
    assert found is not None
    assert found.status == "requested"
    assert await supplier.find_purchase_order(order("1002-1"), call()) is None


async def test_a_stock_list_is_taken_once_it_is_whole_and_again_when_it_changes(server: Server) -> None:
    supplier = connector(server.transport())
    stock = server.root / "out" / "inv1.csv"
    stock.write_bytes(b"sku,sto")
    (server.root / "out" / ".inv2.csv").write_bytes(b"hidden")
    (server.root / "out" / "readme.txt").write_bytes(b"not asked for")

    events, cursor = await look(supplier, None, minutes=0)
    assert events == [], "what was just written may be half of it"
    stock.write_bytes(b"sku,stock\nA1,5\n")
    events, cursor = await look(supplier, cursor, minutes=1)
    assert events == []
    events, cursor = await look(supplier, cursor, minutes=2)
    assert [(one.kind, one.path, one.number, one.data) for one in events] == [
        ("stock", "out/inv1.csv", 1, b"sku,stock\nA1,5\n")
    ]
    for minutes in (18, 40, 3000):
        events, cursor = await look(supplier, cursor, minutes)
        assert events == []
    stock.write_bytes(b"sku,stock\nA1,4\n")
    # Servers tell seconds; a list is not written twice within one that was a minute old.
    os.utime(stock, (stock.stat().st_mtime + 60, stock.stat().st_mtime + 60))
    _, cursor = await look(supplier, cursor, minutes=4000)
    events, cursor = await look(supplier, cursor, minutes=4002)
    assert [(one.number, one.data) for one in events] == [(2, b"sku,stock\nA1,4\n")]
    assert stock.exists()


async def test_twelve_files_come_in_pages_and_none_twice(server: Server) -> None:
    for number in range(12):
        (server.root / "out" / f"inv{number:02}.csv").write_bytes(b"sku,stock\nA1,%d\n" % number)
    supplier = connector(server.transport())
    _, cursor = await look(supplier, None, minutes=0)
    page = await supplier.file_received(cursor, call(minutes=2))
    assert (len(page.events), page.more) == (5, True)
    rest, _ = await look(supplier, page.cursor, minutes=2)
    assert len({one.key() for one in [*page.events, *rest]}) == 12


async def test_nothing_that_is_said_holds_the_password(server: Server) -> None:
    supplier = connector(server.transport())
    server.drop = "open"
    with pytest.raises(NotDone) as told:
        await supplier.create_purchase_order(order(), call())
    for text in (repr(supplier.settings), repr(supplier), str(told.value)):
        assert PASSWORD not in text
