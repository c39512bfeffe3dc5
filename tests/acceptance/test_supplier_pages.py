"""A supplier without an account answers by a link of its own: it accepts, has none left, or names its parcel."""

import re

import httpx
import pytest

from tests.acceptance.brand import Brand
from tests.acceptance.visitors import buys, go_on, mail, path, supplier_link

PARCEL = "1Z999AA10123456784"


async def test_a_supplier_accepts_and_enters_its_tracking_number_and_the_shop_shows_it(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    brand.suppliers["a"].late_accept = True
    order = await buys(brand)
    (sent,) = await brand.floor.rows("select * from purchases")
    assert sent["status"] == "requested"
    link = path(await supplier_link(brand, sent["reference"]))
    page = (await browser.get(link)).text
    assert "AX1" in page and "Please tell us whether you can ship this" in page

    await browser.post(link, data={"answer": "accepted"})
    await go_on(brand)
    (clock,) = await brand.floor.rows("select * from clocks where clock = 'acknowledged'")
    assert clock["state"] == "kept"
    assert "Thank you for accepting" in (await browser.get(link)).text

    shipped = {"answer": "shipped", "tracking_number": PARCEL, "carrier": "UPS"}
    assert "We have the tracking number" in (await browser.post(link, data=shipped)).text
    await go_on(brand)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert [shown["number"] for shown in parcel.tracking] == [PARCEL]
    assert "Already done" in (await browser.post(link, data=shipped)).text
    await go_on(brand)
    assert len(await brand.floor.rows("select * from shipments")) == 1


async def test_a_supplier_that_has_none_left_says_so_and_the_next_one_gets_the_order(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    brand.suppliers["a"].late_accept = True
    await buys(brand)
    (sent,) = await brand.floor.rows("select * from purchases")
    link = path(await supplier_link(brand, sent["reference"]))
    await browser.post(link, data={"answer": "out-of-stock"})
    await go_on(brand)
    assert brand.bought() == [("a", "1001"), ("b", "1001")]
    assert "Please do not ship it" in (await browser.get(link)).text
    assert await brand.cases() == {}


@pytest.mark.row("S1-082")
async def test_a_supplier_that_names_itself_as_the_carrier_is_named_to_no_customer(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    brand.suppliers["a"].late_accept = True
    await buys(brand)
    (sent,) = await brand.floor.rows("select * from purchases")
    link = path(await supplier_link(brand, sent["reference"]))
    parcel = {"answer": "shipped", "tracking_number": "SG00012345678", "carrier": "Shenzhen Golden Co"}
    assert (await browser.post(link, data=parcel)).status_code == 200
    await go_on(brand)
    (kept,) = await brand.floor.rows("select * from shipments")
    assert kept["carrier"] == "Shenzhen Golden Co"
    await brand.pass_by(minutes=2)  # The confirmation comes first.
    page = (await browser.get(path(mail(brand, "Tracking Added")["tracking_url"]))).text
    assert "SG00012345678" in page
    for text in (page, str(brand.messages.events)):
        assert not re.search("shenzhen|golden", text, re.IGNORECASE)
