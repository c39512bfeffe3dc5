"""An order at a supplier by mail, one by files and one by API: bought, acknowledged and shipped at all three."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from hub.cli.front import open_front
from hub.sdk.spreadsheets import restored
from tests.acceptance.brand import Brand
from tests.acceptance.levels import Levels, facts, open_levels
from tests.acceptance.shelves import come_to
from tests.acceptance.visitors import browsing, path
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


@pytest.mark.row("S2-058", "S2-059")
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


ABROAD = {
    "name": "Zoë Łukasiewicz-Müller 李", "address1": f"Strasse 5, {'sehr ' * 12}lange Straße",
    "address2": "Apt 4B, “hinten”", "city": "Köln", "province_code": None, "zip": "05113", "country_code": "DE",
}  # fmt: skip


@pytest.mark.row("S2-019")
async def test_an_address_arrives_unchanged_by_mail_by_file_and_by_api(levels: Levels) -> None:
    brand = levels.brand
    lines = [{"sku": sku, "quantity": 1, "price": "60.00"} for sku in ("NECK-01", "LAMP-04", "VASE-05")]
    await brand.buy(lines=lines, shipping_address=ABROAD)
    await levels.go_on(2)
    (mail,), ((row,),) = levels.orders_by_mail(), levels.orders_by_file()
    said, to = facts(mail), brand.purchase("a")["ship_to"]

    by_mail = [said[name] for name in ("Name", "Address 1", "Address 2", "City", "Postcode", "Country")]
    columns = ("ship_name", "ship_address_1", "ship_address_2", "ship_city", "ship_zip", "ship_country")
    by_file = [restored(row[name]) for name in columns]
    by_api = [to[name] for name in ("name", "line1", "line2", "city", "postcode", "country")]
    assert by_mail == by_file == by_api == [
        "Zoë Łukasiewicz-Müller 李", ABROAD["address1"], ABROAD["address2"], "Köln", "05113", "DE",
    ]  # fmt: skip


@pytest.mark.row("S2-050", "S2-054")
async def test_a_supplier_accepts_and_enters_its_parcel_by_the_link_in_its_mail(levels: Levels) -> None:
    brand = levels.brand
    order = await brand.buy("LAMP-04")
    await levels.go_on(2)
    (mail,) = levels.orders_by_mail()
    (effect,) = [
        e for e in await brand.floor.effects("create_purchase_order") if e["connection_id"] == "mail"
    ]
    assert (effect["state"], effect["kind"]["name"]) == ("confirmed", "unsafe")
    assert str(mail["Message-ID"]) == f"<po.{effect['key']}@brand.example>"
    link = path(facts(mail)["By link"])

    async with browsing(open_front(brand.floor.hub)) as browser:
        page = (await browser.get(link)).text
        assert "GL-4" in page
        await browser.post(link, data={"answer": "accepted"})
        await levels.go_on(1)
        assert await levels.told("accepted") == {effect["key"]}
        await browser.post(link, data={"answer": "shipped", "tracking_number": BY_MAIL, "carrier": "UPS"})
        await levels.go_on(2)
    assert set(brand.parcels(order)) == {BY_MAIL}
    await levels.writes(mail, f"Shipped with UPS, tracking number {BY_MAIL}.")
    await levels.go_on(3)
    assert set(brand.parcels(order)) == {BY_MAIL}, "the mail says the same, and it is one parcel"


@pytest.mark.row("S2-001")
async def test_ten_orders_of_a_day_are_ten_mails_and_ten_answers_by_their_links(levels: Levels) -> None:
    brand = levels.brand
    for number in range(10):
        await brand.buy("LAMP-04", shipping_address={"address1": f"{number + 1} Main Street"})
        await levels.go_on(1)
    await levels.go_on(2)
    mails = levels.orders_by_mail()
    links = {path(facts(mail)["By link"]) for mail in mails}
    assert (len(mails), len(links)) == (10, 10)

    async with browsing(open_front(brand.floor.hub)) as browser:
        for link in sorted(links):
            await browser.post(link, data={"answer": "accepted"})
    await levels.go_on(2)
    assert await levels.told("accepted") == {facts(mail)["Purchase order number"] for mail in mails}
    assert await brand.floor.open_cases() == [], "none was missed"


@pytest.mark.row("S2-051")
async def test_a_supplier_who_says_nothing_and_a_mail_that_bounces_are_noticed(levels: Levels) -> None:
    brand = levels.brand
    await brand.buy("LAMP-04")
    await levels.go_on(2)
    (mail,) = levels.orders_by_mail()
    await levels.bounces(mail)
    await levels.go_on(2)
    (case,) = await brand.floor.open_cases()
    assert case["kind"] == "mail-undelivered"
    assert facts(mail)["Purchase order number"] in await brand.says(case)

    await come_to(brand, brand.floor.now + timedelta(hours=25))
    (clock,) = await brand.floor.rows("select * from clocks where clock = 'acknowledged'")
    assert clock["state"] == "late"


async def test_a_mail_that_nobody_proves_changes_nothing_and_a_person_reads_it(levels: Levels) -> None:
    brand = levels.brand
    order = await brand.buy("LAMP-04")
    await levels.go_on(2)
    (mail,) = levels.orders_by_mail()
    await levels.writes(mail, f"Shipped with UPS, tracking number {BY_MAIL}.", sender="ship@evil.example")
    await levels.go_on(3)
    assert brand.parcels(order) == {}
    assert await brand.cases() == {"supplier-mail": 1}
    assert "not proved" in await brand.says(await brand.case())


@pytest.mark.row("S2-072")
async def test_twenty_mails_about_twenty_orders_are_twenty_parcels(levels: Levels) -> None:
    brand = levels.brand
    for _ in range(20):
        await brand.tell(brand.place("LAMP-04"))
    await brand.floor.settle()
    await levels.go_on(3)
    mails = levels.orders_by_mail()
    assert len(mails) == 20
    for number, mail in enumerate(mails):
        # RR and CN around a serial whose check digit holds (UPU S10).
        await levels.writes(mail, f"Your order was shipped today. Tracking number: {s10(number)}")
    await levels.go_on(5)

    rows = await brand.floor.rows(
        "select s.tracking_number, p.reference from shipments s join purchases p on p.id = s.purchase_id"
    )
    named = {facts(mail)["Purchase order number"]: s10(number) for number, mail in enumerate(mails)}
    assert {row["reference"]: row["tracking_number"] for row in rows} == named
    assert (await brand.cases())["supplier-mail"] == 0


def s10(number: int) -> str:
    """A registered parcel's number, by the post's own rule."""
    serial = f"{47312480 + number:08}"
    rest = (
        11
        - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
        % 11
    )
    ends = {10: 0, 11: 5}
    return f"RR{serial}{ends.get(rest, rest)}CN"
