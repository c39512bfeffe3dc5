"""The pages on the real hub: its database, its flows, its links. Whoever comes twice or uninvited changes nothing."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.pages import create_pages
from hub.pages.brands import brand_of, brands_of
from hub.pages.bucket import PER_MINUTE
from hub.pages.hub_desk import HubDesk
from hub.sdk.commerce import Address
from tests.acceptance.brand import Brand, open_brand
from tests.acceptance.project import Terms
from tests.acceptance.visitors import BEACON, FORM, browsing, buys, go_on, mail, mails, path, supplier_link

ADDRESS = FORM | {"name": "Ada Sample", "line2": "Apt 4B"}
SHIPPED = {"answer": "shipped", "tracking_number": "1Z999AA10123456784", "carrier": "UPS"}


@pytest.fixture
async def brand(database_url: str, tmp_path: Path) -> AsyncIterator[Brand]:
    async with open_brand(database_url, tmp_path, Terms()) as brand:
        yield brand


class Bell:
    """Counts how often the workers were rung for."""

    def __init__(self) -> None:
        self.count = 0

    def strike(self) -> None:
        self.count += 1


@pytest.fixture
def bell() -> Bell:
    return Bell()


class Minutes:
    """A clock that is a minute further each time it is read: nobody here asks too often."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += PER_MINUTE * 3
        return self.at


@pytest.fixture
async def browser(brand: Brand, bell: Bell) -> AsyncIterator[httpx.AsyncClient]:
    hub = brand.floor.hub
    desk = HubDesk(hub, bell.strike)
    async with browsing(
        create_pages(desk, brands_of(lambda: hub.world), hub.clock.now, seconds=Minutes())
    ) as client:
        yield client


@pytest.fixture
async def links(brand: Brand) -> dict[str, str]:
    """One open link of each purpose: two orders cannot be bought yet, one is at a supplier that has not said yes."""
    await buys(brand, shipping_address=BEACON)
    address = path(mail(brand, "Address Needed")["answer_url"])
    brand.suppliers["c"].stock["CC3"] = 0
    await buys(brand, sku="CUFF-03")
    choice = path(mail(brand, "Out Of Stock Choice")["refund_url"])
    brand.suppliers["a"].late_accept = True
    await buys(brand)
    (purchase,) = await brand.floor.rows("select reference from purchases where supplier = 'a'")
    supplier = path(await supplier_link(brand, purchase["reference"]))
    tracking = path(mails(brand, "Address Needed")[0]["tracking_url"])
    return {"tracking": tracking, "address": address, "choice": choice, "supplier": supplier}


ANSWERS: dict[str, dict[str, str]] = {
    "address": ADDRESS,
    "choice": {"choice": "refund"},
    "supplier": SHIPPED,
}


async def everything(brand: Brand) -> dict[str, list[str]]:
    """The whole database, as text; only the workers' own signs of life are left out."""
    tables = await brand.floor.rows(
        """select table_name as name from information_schema.tables
           where table_schema = 'public' and table_name <> 'workers'"""
    )
    return {
        table["name"]: sorted(
            row["t"] for row in await brand.floor.rows(f"select t::text from {table['name']} t")
        )
        for table in tables
    }


async def answers(brand: Brand) -> list[Any]:
    """What visitors have answered, as events."""
    return await brand.floor.rows(
        "select * from events where name = 'customer_answered' or (name = 'purchase_order_changed') order by made_at"
    )


async def test_reading_any_page_changes_nothing_in_the_database(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str], bell: Bell
) -> None:
    before = await everything(brand)
    assert len(before["links"]) >= 4 and before["events"]
    for link in links.values():
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            await browser.request(method, f"{link}?choice=refund&answer=accepted")
        assert (await browser.get(link)).status_code == 200
    assert (await browser.post(links["tracking"], data={"choice": "refund"})).status_code == 405
    assert (await browser.post(links["address"], data={"name": "Ada"})).status_code == 422
    assert await everything(brand) == before
    assert bell.count == 0


@pytest.mark.parametrize("purpose", ANSWERS)
async def test_of_many_answers_at_once_one_is_taken_and_the_others_are_told_so(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str], bell: Bell, purpose: str
) -> None:
    link, form = links[purpose], ANSWERS[purpose]
    pages = await asyncio.gather(*(browser.post(link, data=form) for _ in range(8)))
    assert sorted("Already done" in page.text for page in pages) == [False] + [True] * 7
    assert len(await answers(brand)) == bell.count == 1
    await go_on(brand)
    assert "Already done" in (await browser.post(link, data=form)).text
    assert len(await answers(brand)) == bell.count == 1


async def test_a_supplier_who_accepts_twice_is_heard_once_and_may_still_ship(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    link = links["supplier"]
    pages = await asyncio.gather(*(browser.post(link, data={"answer": "accepted"}) for _ in range(3)))
    assert sorted("Already done" in page.text for page in pages) == [False, True, True]
    assert "We have the tracking number" in (await browser.post(link, data=SHIPPED)).text
    assert len(await answers(brand)) == 2


async def test_an_answer_and_the_use_of_its_link_are_one_commit(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str], bell: Bell
) -> None:
    """While links cannot be marked as used, no answer is kept either."""
    before = await everything(brand)
    await brand.floor.rows("alter table links add constraint broken check (used_at is null)")
    failed = await browser.post(links["address"], data=ADDRESS)
    assert (failed.status_code, "That did not work" in failed.text) == (500, True)
    await brand.floor.rows("alter table links drop constraint broken")
    assert (await everything(brand), bell.count) == (before, 0)
    assert "Thank you" in (await browser.post(links["address"], data=ADDRESS)).text


async def gone(browser: httpx.AsyncClient, link: str, form: dict[str, str] | None) -> bool:
    """Whether a link answers exactly as one that never was."""
    never = await browser.get("/t/nothing")
    shown = await browser.get(link)
    said = await browser.post(link, data=form) if form is not None else shown
    return shown.status_code == said.status_code == 404 and shown.content == said.content == never.content


async def test_expired_links_are_as_if_they_had_never_been(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    await browser.post(links["address"], data=ADDRESS)
    async with brand.floor.hub.database.connection() as connection:
        await brand.floor.hub.clock.advance(connection, timedelta(days=46))
    for purpose, link in links.items():
        assert await gone(browser, link, ANSWERS.get(purpose)), purpose
    assert len(await answers(brand)) == 1


async def test_a_link_opens_no_page_but_its_own(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    for own in links.values():
        for other in "tacs":
            if not own.startswith(f"/{other}/"):
                form = None if other == "t" else ADDRESS | {"choice": "refund"} | SHIPPED
                assert await gone(browser, f"/{other}/{own[3:]}", form)
    assert await answers(brand) == []


async def test_nothing_of_an_erased_person_is_shown_or_taken(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    assert (await browser.get(links["supplier"])).status_code == 200
    await brand.floor.rows("delete from person_keys where id in (select person_id from orders)")
    for purpose, link in links.items():
        assert await gone(browser, link, ANSWERS.get(purpose)), purpose


async def test_a_store_that_is_not_here_any_more_has_no_pages(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    del brand.floor.hub.world.stores["main"]
    for purpose, link in links.items():
        assert await gone(browser, link, ANSWERS.get(purpose)), purpose


async def test_of_two_questions_about_an_address_only_the_newer_one_can_be_answered(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await buys(brand, shipping_address=BEACON)
    first = path(mail(brand, "Address Needed")["answer_url"])
    await brand.floor.resolve(await brand.case(), "corrected")
    await go_on(brand)
    second = path(mails(brand, "Address Needed")[1]["answer_url"])
    assert await gone(browser, first, ADDRESS)
    assert "Thank you" in (await browser.post(second, data=ADDRESS)).text


async def test_a_choice_that_a_person_has_made_is_not_made_again(
    brand: Brand, browser: httpx.AsyncClient, links: dict[str, str]
) -> None:
    (case,) = [case for case in await brand.floor.open_cases() if case["kind"] == "out-of-stock"]
    await brand.floor.resolve(case, "refund")
    assert await gone(browser, links["choice"], ANSWERS["choice"])


async def test_country_telephone_and_company_stay_as_they_were_whatever_the_form_says(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    order = await buys(brand, shipping_address=BEACON | {"phone": "+16175550100", "company": "Sample Ltd"})
    link = path(mail(brand, "Address Needed")["answer_url"])
    await browser.post(link, data=ADDRESS | {"country": "CU", "phone": "+1900", "name": "Ada Byron-King"})
    await go_on(brand)
    shipped = Address.model_validate(brand.purchase("a")["ship_to"])
    assert (shipped.country, shipped.phone, shipped.company) == ("US", "+16175550100", "Sample Ltd")
    assert (shipped.name, shipped.line2) == ("Ada Byron-King", "Apt 4B")
    assert brand.holds(order) == []


async def test_a_replaced_number_is_not_shown_and_a_brand_may_show_none_at_all(
    brand: Brand, browser: httpx.AsyncClient
) -> None:
    await buys(brand)
    reference = (await brand.floor.rows("select reference from purchases"))[0]["reference"]
    await brand.floor.deliver("a", brand.suppliers["a"].ship(reference, SHIPPED["tracking_number"], "UPS"))
    await brand.pass_by(minutes=2)  # The confirmation comes first.
    link = path(mail(brand, "Tracking Added")["tracking_url"])
    assert SHIPPED["tracking_number"] in (await browser.get(link)).text
    brand.floor.hub.world.stores["main"].settings["brand"]["tracking_number"] = "hidden"
    hidden = (await browser.get(link)).text
    assert SHIPPED["tracking_number"] not in hidden and "Your parcel" in hidden
    await brand.floor.rows("update shipments set voided_at = now()")
    assert "We are getting your order ready" in (await browser.get(link)).text


async def test_a_brand_is_worn_as_far_as_a_page_can_wear_it(brand: Brand) -> None:
    store = brand.floor.hub.world.stores["main"]
    assert (brand_of(store).name, brand_of(store).zone) == ("Lune & Fils", "America/New_York")
    store.settings = {
        "brand": {
            "name": "Lune & Fils " * 9,
            "colour": "rebeccapurple",
            "logo": "https://cdn.elsewhere.example/logo.png",
            "support_email": "help@lune.example",
        }
    }
    worn = brand_of(store)
    assert (len(worn.name), worn.logo, worn.email) == (60, "", "help@lune.example")
    assert worn.colour.startswith("#")
