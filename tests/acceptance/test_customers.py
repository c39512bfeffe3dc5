"""Customers and suppliers at their pages: an address mended, a choice made, a purchase answered; each heard once."""

import asyncio
import html
import re
from decimal import Decimal

import httpx
import pytest

from connectors.shopify.sandbox_state import CustomerSeed, OrderSeed
from tests.acceptance.brand import Brand
from tests.acceptance.project import SKUS
from tests.acceptance.visitors import BEACON, FORM, buys, go_on, mail, mails, path

SPARES = "[{id: everybody, use: [a, b, c]}]\nsubstitutes: substitutes.csv"
LOGO = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4="
PARCEL = "1Z999AA10123456784"


def sell_out(brand: Brand) -> None:
    """Nobody has a necklace any more."""
    brand.suppliers["a"].stock["AX1"] = brand.suppliers["b"].stock["BX9"] = 0


async def offer_similar(brand: Brand) -> None:
    """The merchant lists another necklace as similar, which the shop sells for less and b has."""
    (brand.folder / "substitutes.csv").write_text(
        "sku,substitute_sku,kind,note\nNECK-01,NECK-2B,similar,The silver necklace\n"
    )
    brand.suppliers["b"].stock["BX2B"] = 1000
    await brand.publish(rules=SPARES, skus=f"{SKUS}NECK-2B,b,BX2B,9.00,USD\n")
    brand.shop.add_variant("NECK-2B", "45.00")


def refunds(brand: Brand, order: OrderSeed) -> list[Decimal]:
    """What was given back, refund by refund."""
    return [made.amount() for made in brand.shop.state.refunds[order.id]]


def tickets(brand: Brand) -> list[str]:
    """What the hub has asked of the support desk."""
    return [t["subject"] for t in brand.desk.tickets.values() if t["external_id"]]


def owed(order: OrderSeed) -> list[str | None]:
    """The articles that the shop still owes the customer."""
    return [line.sku for line in order.lines if line.left()]


@pytest.mark.row("S1-101", "S1-103")
async def test_a_customer_adds_the_apartment_and_the_order_goes_on_to_the_new_address(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    order = await buys(brand, shipping_address=BEACON)
    assert (brand.holds(order), brand.bought()) == (["faros-address"], [])
    assert await brand.cases() == {"address": 1}
    told = mail(brand, "Address Needed")
    assert told["answer_url"] in told["text"]
    link = path(told["answer_url"])
    page = await browser.get(link)
    assert "the apartment or unit seems to be missing" in page.text
    assert 'value="245 Beacon Street"' in page.text

    name = {"name": "Ada Sample"}
    thanks = await browser.post(link, data=FORM | name | {"line2": "Apt 4B"})
    assert "We have your address" in thanks.text
    await go_on(brand)

    assert brand.bought() == [("a", "1001")]
    assert brand.purchase("a")["ship_to"]["line2"] == "Apt 4B"
    assert brand.purchase("a")["ship_to"]["country"] == "US"
    assert (brand.holds(order), await brand.cases()) == ([], {})
    assert (await brand.floor.rows("select choice, resolved_by from cases"))[0]["choice"] == "event"
    assert "Already done" in (await browser.get(link)).text


async def test_an_address_that_is_still_wrong_is_asked_about_once_more_and_only_the_new_link_counts(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await buys(brand, shipping_address=BEACON)
    first = path(mail(brand, "Address Needed")["answer_url"])
    await browser.post(first, data=FORM | {"name": "Ada Sample"})
    await go_on(brand)
    assert brand.bought() == []
    second = path(mails(brand, "Address Needed")[1]["answer_url"])
    assert second != first
    assert "Already done" in (await browser.get(first)).text
    await browser.post(second, data=FORM | {"name": "Ada Sample", "line2": "Apt 4B"})
    await go_on(brand)
    assert brand.bought() == [("a", "1001")]


@pytest.mark.row("S1-102")
@pytest.mark.parametrize(("accepts_sms", "texts"), [(True, 1), (False, 0)])
async def test_mail_and_text_message_each_ask_once_and_no_text_without_a_yes(
    brand: Brand, browser: httpx.AsyncClient, accepts_sms: bool, texts: int
) -> None:
    buyer = CustomerSeed(phone="+16175550100", accepts_sms=accepts_sms)
    await buys(brand, shipping_address=BEACON, customer=buyer)
    assert (len(mails(brand, "Address Needed")), len(mails(brand, "Address Needed SMS"))) == (1, 0), "night"
    await brand.floor.let_pass(hours=5)
    await go_on(brand)
    assert (len(mails(brand, "Address Needed")), len(mails(brand, "Address Needed SMS"))) == (1, texts)
    for told in mails(brand, "Address Needed SMS"):
        assert (await browser.get(path(told["answer_url"]))).status_code == 200


@pytest.mark.row("S1-104")
async def test_a_customer_who_answers_within_the_day_spares_the_desk_a_ticket(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await buys(brand, shipping_address=BEACON)
    link = path(mail(brand, "Address Needed")["answer_url"])
    await brand.floor.let_pass(hours=23, minutes=59)
    await browser.post(link, data=FORM | {"name": "Ada Sample", "line2": "Apt 4B"})
    await go_on(brand)
    await brand.floor.let_pass(hours=2)
    assert (brand.bought(), tickets(brand)) == ([("a", "1001")], [])


@pytest.mark.row("S1-104")
async def test_after_a_day_of_silence_people_look_and_the_customer_is_heard_all_the_same(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await buys(brand, shipping_address=BEACON)
    await brand.floor.let_pass(hours=24)
    await go_on(brand)
    assert (await brand.cases())["address-review"] == 1
    assert tickets(brand) == ["Order 1001: the customer has not corrected the address"]
    link = path(mail(brand, "Address Needed")["answer_url"])
    await browser.post(link, data=FORM | {"name": "Ada Sample", "line2": "Apt 4B"})
    await go_on(brand)
    assert (brand.bought(), await brand.cases()) == ([("a", "1001")], {})


async def test_whoever_comes_after_it_was_bought_is_not_promised_another_address(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    order = await buys(brand, shipping_address=BEACON)
    link = path(mail(brand, "Address Needed")["answer_url"])
    brand.shop.change_order(order.id, shipping_address=BEACON | {"address2": "Apt 4B"})
    await brand.floor.resolve(await brand.case(), "corrected")
    assert brand.bought() == [("a", "1001")]
    late = await browser.post(link, data=FORM | {"name": "Ada Sample", "line2": "Apt 9"})
    assert late.status_code == 404
    assert (await browser.get(link)).content == (await browser.get("/a/nothing")).content


@pytest.mark.row("S1-095")
async def test_a_customer_who_chooses_the_money_gets_it_once(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await offer_similar(brand)
    sell_out(brand)
    order = await buys(
        brand, lines=[{"sku": "NECK-01", "price": "60.00"}, {"sku": "CUFF-03", "price": "20.00"}]
    )
    told = mail(brand, "Out Of Stock Choice")
    assert told["similar_url"] in told["text"] and told["refund_url"] in told["text"]
    link = path(told["refund_url"])
    assert path(told["similar_url"]) != link
    page = (await browser.get(link)).text
    assert 'value="refund" checked' in page and 'value="similar" checked' not in page
    assert "The silver necklace" in page and "Give me my money back" in page

    answers = await asyncio.gather(*(browser.post(link, data={"choice": "refund"}) for _ in range(4)))
    assert sorted("Already done" in answer.text for answer in answers) == [False, True, True, True]
    await go_on(brand)
    assert refunds(brand, order) == [Decimal("60.00")]
    again = await browser.post(link, data={"choice": "similar"})
    assert "Already done" in again.text and "You get your money back" in again.text
    await brand.floor.let_pass(hours=25)
    assert (refunds(brand, order), brand.bought()) == ([Decimal("60.00")], [("c", "1001")])
    assert mail(brand, "Refunded")["order_number"] == "1001"


@pytest.mark.row("S1-094")
async def test_a_customer_who_chooses_the_similar_one_gets_it_and_the_difference_back(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await offer_similar(brand)
    sell_out(brand)
    order = await buys(brand)
    link = path(mail(brand, "Out Of Stock Choice")["similar_url"])
    page = (await browser.get(link)).text
    assert "you get the difference back" in page
    assert 'value="similar" checked' in page and 'value="refund" checked' not in page
    await browser.post(link, data={"choice": "similar"})
    await go_on(brand)
    assert owed(order) == ["NECK-2B"]
    assert brand.bought() == [("b", "1001")]
    assert [line["sku"] for line in brand.purchase("b")["lines"]] == ["BX2B"]
    assert refunds(brand, order) == [Decimal("15.00")]
    await brand.floor.let_pass(hours=25)
    assert (len(brand.bought()), refunds(brand, order)) == (1, [Decimal("15.00")])


async def test_a_choice_that_time_has_made_cannot_be_made_again(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await offer_similar(brand)
    sell_out(brand)
    order = await buys(brand)
    link = path(mail(brand, "Out Of Stock Choice")["similar_url"])
    await brand.floor.let_pass(hours=20, minutes=1)
    assert order.cancelled_at is not None
    assert (await browser.post(link, data={"choice": "similar"})).status_code == 404
    await go_on(brand)
    assert brand.bought() == []


@pytest.mark.row("S1-127", "S1-163")
async def test_the_tracking_mail_leads_to_a_page_with_the_brands_name_and_logo(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    brand.floor.hub.world.stores["main"].settings["brand"]["logo"] = LOGO
    await buys(brand)
    (sent,) = await brand.floor.rows("select * from purchases")
    await brand.floor.deliver("a", brand.suppliers["a"].ship(sent["reference"], PARCEL, "UPS"))
    await go_on(brand)
    await brand.pass_by(minutes=2)  # The confirmation comes first.
    told = mail(brand, "Tracking Added")
    assert told["tracking_url"] in told["text"]
    assert set(re.findall(r"https?://([^/\s\"]+)", told["text"] + told["html"])) == {"track.brand.example"}
    page = html.unescape((await browser.get(path(told["tracking_url"]))).text)
    assert "Lune & Fils" in page and f'src="{LOGO}"' in page
    assert PARCEL in page and "UPS" in page
    assert "http" not in page and "AX1" not in page and "US-NJ" not in page


async def test_the_api_answers_beside_the_pages_and_asks_for_its_key(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/health/door")).status_code == 200
    assert (await browser.get("/cases")).status_code == 401
    gone = await browser.get("/s/nothing")
    assert (gone.status_code, gone.headers["content-type"]) == (404, "text/html; charset=utf-8")
