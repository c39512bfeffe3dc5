"""Orders and files at a portal, by HTTP."""

from datetime import timedelta

import pytest

from connectors.supplier_csv.connector import SupplierCsv
from connectors.supplier_csv.sandbox import PortalSandbox
from connectors.supplier_csv.settings import CsvSettings
from hub.sdk import Client, Refused, Unanswered
from hub.sdk.testing import SandboxTransport
from tests.connectors.supplier_csv.supplier import NOON, call, look, order


def at(portal: PortalSandbox, *, is_readable: bool = True) -> SupplierCsv:
    given = portal.settings()
    given["transport"]["is_readable"] = is_readable
    settings = CsvSettings.model_validate(given)
    return SupplierCsv(settings, Client(SandboxTransport(portal)), "https://portal.example")


async def test_an_order_is_booked_as_the_portal_reads_it() -> None:
    portal = PortalSandbox()
    placed = await at(portal).create_purchase_order(order(), call())
    assert placed.status == "requested"
    ((row,),) = portal.orders.values()
    assert (row["po_number"], row["sku"], row["qty"], row["ship_address_2"]) == (
        "1001-1",
        "00123",
        "2",
        "Apt 4B",
    )


async def test_a_portal_that_keeps_files_says_so_and_an_order_is_not_written_over() -> None:
    portal = PortalSandbox("checkable")
    supplier = at(portal)
    await supplier.create_purchase_order(order(), call())
    await supplier.create_purchase_order(order(), call())
    assert portal.changes == 1
    with pytest.raises(Refused, match="says otherwise"):
        await supplier.create_purchase_order(order(city="Ulm"), call())
    assert await supplier.find_purchase_order(order("1002-1"), call()) is None


async def test_a_portal_that_gives_nothing_back_cannot_be_asked() -> None:
    with pytest.raises(Unanswered, match="cannot be read again"):
        await at(PortalSandbox(), is_readable=False).find_purchase_order(order(), call())


async def test_a_list_at_an_address_is_taken_when_it_says_something_new_and_also_when_it_goes_back() -> None:
    portal = PortalSandbox()
    supplier = at(portal)
    events, cursor = await look(supplier, None, minutes=0)
    assert [(one.kind, one.number) for one in events] == [("stock", 1)]
    first = portal.files["stock.csv"]
    keys = {events[0].key()}
    for minutes, content in ((20, first), (40, b"sku,stock\nA1,1\n"), (60, first)):
        portal.files["stock.csv"] = content
        events, cursor = await look(supplier, cursor, minutes)
        assert [one.data for one in events] == ([] if minutes == 20 else [content])
        keys |= {one.key() for one in events}
    assert len(keys) == 3


async def test_a_portal_with_a_shelf_takes_off_it_what_it_books_and_lists_it_anew_each_day() -> None:
    portal = PortalSandbox()
    portal.now = lambda: NOON
    portal.shelf = {"00123": 7, "00124": 3}
    supplier = at(portal)
    (first,), cursor = await look(supplier, None, minutes=0)
    assert first.data.decode().splitlines()[1] == f"00123,7,{NOON:%Y-%m-%d}"
    await supplier.create_purchase_order(order(), call())
    (second,), cursor = await look(supplier, cursor, minutes=20)
    assert second.data.decode().splitlines()[1].startswith("00123,5,")
    unchanged, cursor = await look(supplier, cursor, minutes=40)
    assert unchanged == [] and portal.shelf == {"00123": 5, "00124": 3}
    portal.now = lambda: NOON + timedelta(days=1)
    (third,), _ = await look(supplier, cursor, minutes=24 * 60)
    assert third.data.decode().splitlines()[1] == f"00123,5,{NOON + timedelta(days=1):%Y-%m-%d}"


async def test_a_portal_answers_and_names_its_parcels_in_files_of_the_day() -> None:
    portal = PortalSandbox()
    supplier = at(portal)
    _, cursor = await look(supplier, None, minutes=0)
    await supplier.create_purchase_order(order(), call())
    portal.acknowledge(portal.bought())
    portal.ship({"1001-1": "1Z999AA10123456784"}, "UPS")
    events, _ = await look(supplier, cursor, minutes=20)
    assert [(event.kind, event.data.decode().splitlines()[1]) for event in events] == [
        ("acknowledgements", "1001-1,ok"),
        ("tracking", "1001-1,1Z999AA10123456784,UPS"),
    ]
    assert portal.bought() == {"1001-1": 1} and portal.unsettled()["bought_twice"] == []
