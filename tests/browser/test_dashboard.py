"""The dashboard in a real browser, over a Monday's orders: what is shown, and what nobody can do."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.house import House, quiet, turn

pytestmark = pytest.mark.slow

PAGES = {
    "/": "orders need your attention today",
    "/orders": "Orders",
    "/order?number=8401": "#8401",
    "/order?number=8401&view=decision": "#8401",
    "/order?number=8401&view=ledger": "#8401",
    "/order?number=8401&view=messages": "#8401",
    "/order?number=8401&view=map": "#8401",
    "/exceptions": "Exceptions",
    "/tracking": "Bulk tracking",
    "/slas?state=running": "SLAs",
    "/suppliers": "Suppliers",
    "/connectors": "Connectors",
    "/flows": "Flows",
    "/flow?flow=route": "Send purchase orders",
    "/money": "Money",
}
NOTHING_YET = {"/money": 1}
"""Pages with a part that a Monday leaves empty: no supplier has sent an invoice."""
SERIOUS = {"serious", "critical"}


@pytest.fixture
def faultless(monday: House) -> Iterator[None]:
    """No browser complained, and nothing was asked of anybody but the dashboard."""
    monday.faults.clear()
    yield
    assert monday.faults == []


def in_words(page: Page, text: str) -> None:
    """The page's title, and no error on it."""
    expect(page.locator("h1").filter(has_text=text)).to_be_visible()
    quiet(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
@pytest.mark.usefixtures("faultless")
def test_every_page_is_filled_fits_both_screens_and_breaks_no_serious_rule(
    chromium: Browser, monday: House, width: int, dark: bool
) -> None:
    page = monday.enter(chromium, "ada", "/connectors", width, dark=dark)
    for path, title in PAGES.items():
        turn(page, path)
        in_words(page, title)
        expect(page.locator(".f-empty"), path).to_have_count(NOTHING_YET.get(path, 0))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width, path
        assert serious(page) == [], path
    page.close()


def serious(page: Page) -> list[str]:
    """The rules that a page breaks seriously, and where."""
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in found["violations"]
        if violation["impact"] in SERIOUS
    ]


def test_the_process_that_shows_it_holds_no_secret_and_listens_to_this_machine_only(monday: House) -> None:
    (pid,) = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if f"--server.port\0{monday.dashboard.rpartition(':')[2]}"
        in path.read_bytes().decode(errors="replace")
    ]
    given = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")

    assert [
        one for one in given if monday.key in one or "DATABASE" in one or "REDIS" in one or "KEY" in one
    ] == []
    assert monday.dashboard.startswith("http://127.0.0.1:")


@pytest.mark.usefixtures("faultless")
def test_an_order_is_found_by_what_one_has_of_it_and_the_address_keeps_the_question(
    chromium: Browser, monday: House
) -> None:
    order = monday.api("/orders/8401")
    (purchase,) = order["purchases"]
    page = monday.enter(chromium, "ada", "/orders")
    for asked in (
        "8401",
        purchase["reference"],
        purchase["supplier_reference"],
        order["body"]["customer"]["email"],
    ):
        page.get_by_label("Find an order").fill(asked)
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("stPageLink").filter(has_text="#8401")).to_be_visible()
        expect(page.get_by_test_id("stPageLink").filter(has_text="#84")).to_have_count(1)
        page.wait_for_function("asked => new URL(location).searchParams.get('q') === asked", arg=asked)

    page.get_by_text("#8401").click()
    in_words(page, "#8401")
    expect(page.get_by_text(purchase["reference"]).first).to_be_visible()


@pytest.mark.usefixtures("faultless")
def test_an_order_says_who_ships_it_and_why_nobody_else(chromium: Browser, monday: House) -> None:
    number, line = next(
        (number, line)
        for number in (order["number"] for order in monday.api("/orders", limit=200)["items"])
        for decision in monday.api(f"/orders/{number}")["decisions"]
        for line in decision["lines"]
        if len(line["candidates"]) > 1
    )
    page = monday.enter(chromium, "ada", f"/order?number={number}&view=decision")
    in_words(page, f"#{number}")

    for candidate in line["candidates"]:
        row = page.locator("tr").filter(has_text=candidate["supplier"]).first
        expect(row).to_contain_text(candidate["standing"].replace("-", " "))
        expect(row).to_contain_text(candidate["unit_cost"]["amount"])


@pytest.mark.row("S1-066")
@pytest.mark.usefixtures("faultless")
def test_each_of_the_eight_that_are_held_says_what_would_have_gone_wrong(
    chromium: Browser, monday: House
) -> None:
    page = monday.enter(chromium, "ada", "/exceptions")
    in_words(page, "Exceptions")

    rows = page.locator(".f-case")
    expect(rows).to_have_count(8)
    expect(rows.filter(has_text="Undeliverable: shipped, returned, shipped again.")).to_have_count(6)
    expect(rows.filter(has_text="Oversold: sold, and then not there to be shipped.")).to_have_count(2)


@pytest.mark.usefixtures("faultless")
def test_whoever_may_only_look_is_offered_nothing_to_do(chromium: Browser, monday: House) -> None:
    (case, *_) = monday.api("/cases", kind="stock")["items"]
    page = monday.enter(chromium, "vera", "/")
    in_words(page, "orders need your attention today")
    expect(page.locator("[class*=st-key-do-]")).to_have_count(0)

    page.goto(f"{monday.dashboard}/exception?case={case['id']}")
    page.get_by_text("The supplier confirms that they are there").click()
    expect(page.get_by_role("button", name="Decide:")).to_be_disabled()
    expect(page.get_by_text("Your role may look, and not decide.")).to_be_visible()


@pytest.mark.row("S2-008")
def test_the_steps_at_which_a_person_is_asked_are_listed_and_counted(
    chromium: Browser, monday: House
) -> None:
    listed = files("flows").joinpath("STATES.md").read_text(encoding="utf-8").count("| asks: ")
    page = monday.enter(chromium, "ada", "/flows")
    expect(page.get_by_text(f"{listed} steps ask a person")).to_be_visible()
    asking = page.locator(".f-flow").filter(has_text="asks at")
    counts = [int(text.partition("asks at ")[2].split()[0]) for text in asking.all_inner_texts()]
    assert sum(counts) == listed > 30
    page.close()


@pytest.mark.usefixtures("faultless")
def test_a_question_in_the_address_is_text(chromium: Browser, monday: House) -> None:
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dwindow.hit%3D1%3E"
    for path in (
        f"/orders?q={hostile}",
        f"/order?number={hostile}",
        f"/exception?case={hostile}",
        f"/flow?flow={hostile}",
    ):
        page = monday.enter(chromium, "ada", path)
        assert page.evaluate("window.hit") is None
        page.close()
