"""The pages in a real browser that runs no script: a phone and a desk, light and dark, nothing fetched from elsewhere.

`PICTURES=deploy/pictures` in the environment renews the few pictures that the pages are shown with.
"""

import os
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub.pages import create_pages
from tests.pages.desk import NOW, MemoryDesk, brand_of, order, parcel, purchase_view, stocked

CHROMIUM = Path("/usr/bin/chromium")
WIDTHS = (390, 1280)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="No Chromium: apt-get install chromium."),
]


class Street:
    """The pages at an address of this machine, and the links that lead there."""

    def __init__(self, desk: MemoryDesk, origin: str) -> None:
        self.desk = desk
        self.origin = origin
        tokens = stocked(desk)
        late = parcel(
            rung="in_transit", last_event_at=NOW - timedelta(hours=80), tracking_number="1Z999AA10123456784"
        )
        trouble = parcel(
            overlay="exception", reason="attempt_failed", items=[{"title": "Linen towel", "quantity": 2}]
        )
        home = parcel(
            rung="delivered", delivered_at=NOW - timedelta(hours=3), items=[{"title": "Beeswax candle"}]
        )
        near = parcel(
            rung="out_for_delivery",
            last_event_at=NOW - timedelta(hours=3),
            expected_at=NOW + timedelta(hours=4),
            tracking_number="1Z999AA10123456784",
            carrier="UPS",
        )
        desk.orders |= {
            "near": order(near),
            "late": order(late, number="8501"),
            "parcels": order(trouble, home, number="8510", store="kiosk"),
            "new": order(number="8520"),
        }
        desk.purchases["PO-8510-2"] = purchase_view(reference="PO-8510-2", is_accepted=True)
        self.paths = {
            name: f"/t/{desk.link('tracking', name)}" for name in ("near", "late", "parcels", "new")
        }
        self.paths |= {
            "address": f"/a/{tokens['address']}",
            "choice": f"/c/{tokens['choice']}",
            "supplier": f"/s/{tokens['supplier']}",
            "accepted": f"/s/{desk.link('supplier', 'PO-8510-2')}",
            "gone": "/t/nothing",
        }

    def url(self, name: str) -> str:
        """A page's full address."""
        return self.origin + self.paths[name]


@pytest.fixture
def street() -> Iterator[Street]:
    desk, minutes = MemoryDesk(), count(0, 60)
    app = create_pages(desk, brand_of, lambda: desk.now, seconds=lambda: float(next(minutes)))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    door = socket.create_server(("127.0.0.1", 0))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    serving.start()
    yield Street(desk, f"http://127.0.0.1:{door.getsockname()[1]}")
    server.should_exit = True
    serving.join()
    door.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
        )
        yield chromium
        chromium.close()


def opened(
    browser: Browser, width: int, *, script: bool = False, dark: bool = False
) -> tuple[Page, list[str]]:
    """A page of this width, and everything it will ask for."""
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
    )
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    return page, asked


SHOWN = {
    "page-near-light-390",
    "page-near-dark-1280",
    "page-late-1280",
    "page-parcels-390",
    "page-mistake-light-390",
    "page-choice-390",
    "page-supplier-1280",
}

PAGES = ("near", "late", "parcels", "new", "address", "choice", "supplier", "accepted", "gone")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_whole_without_script_and_asks_nobody_else(
    browser: Browser, street: Street, width: int, tmp_path: Path
) -> None:
    page, asked = opened(browser, width)
    for name in PAGES:
        asked.clear()
        page.goto(street.url(name))
        assert asked == [street.url(name)]
        expect(page.locator("h1")).to_have_count(1)
        assert page.locator("main").bounding_box() is not None
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is wider than its screen"
        picture = picture_of(page, f"page-{name}-{width}", tmp_path)
        assert 0 < picture.stat().st_size < 120_000


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_of(
    browser: Browser, street: Street, width: int, dark: bool, tmp_path: Path
) -> None:
    page, _ = opened(browser, width, script=True, dark=dark)
    for name in PAGES:
        page.goto(street.url(name))
        assert violations(page) == [], name
    page.goto(street.url("address"))
    page.fill("#name", "")
    page.click("button")
    expect(page.locator(".mistake")).to_have_count(1)
    assert violations(page) == []
    picture_of(page, f"page-mistake-{'dark' if dark else 'light'}-{width}", tmp_path)
    page.goto(street.url("near"))
    picture_of(page, f"page-near-{'dark' if dark else 'light'}-{width}", tmp_path)


def test_axe_would_find_a_page_that_cannot_be_read(browser: Browser, street: Street) -> None:
    page, _ = opened(browser, 390, script=True)
    page.goto(street.url("near"))
    page.evaluate("document.querySelector('.now').style.color = '#ccc'")
    page.evaluate("document.documentElement.removeAttribute('lang')")
    assert {"color-contrast", "html-has-lang"} <= set(violations(page))


def violations(page: Page) -> list[str]:
    """The rules that a page breaks."""
    found: dict[str, Any] = Axe().run(page).response
    return [violation["id"] for violation in found["violations"]]


def test_a_customer_answers_on_a_phone_with_nothing_but_the_keyboard(
    browser: Browser, street: Street
) -> None:
    page, _ = opened(browser, 390)
    page.goto(street.url("choice"))
    page.keyboard.press("Tab")
    if page.locator(":focus").get_attribute("id") is None:
        page.keyboard.press("Tab")
    expect(page.locator("#similar")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#refund")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator("button")).to_be_focused()
    outline = page.locator("button").evaluate("button => getComputedStyle(button).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Thank you")
    page.goto(street.url("choice"))
    expect(page.locator("h1")).to_have_text("Already done")
    assert street.desk.answers == [("choice", "8492", "refund")]


def test_a_customer_mends_a_mistake_where_it_is_shown(
    browser: Browser, street: Street, tmp_path: Path
) -> None:
    page, asked = opened(browser, 390)
    page.goto(street.url("address"))
    page.fill("#line2", "Apt 4B")
    page.fill("#name", "")
    page.click("button")
    expect(page.locator("#name")).to_have_attribute("aria-describedby", "name-mistake")
    expect(page.locator("#line2")).to_have_value("Apt 4B")
    page.fill("#name", "Ada Sample")
    page.click("button")
    expect(page.locator("h1")).to_have_text("Thank you")
    picture_of(page, "page-done-390", tmp_path)
    assert {url.split("/a/")[0] for url in asked} == {street.origin}


@pytest.mark.parametrize("name", PAGES)
def test_everything_that_can_be_touched_is_large_enough_for_a_thumb(
    browser: Browser, street: Street, name: str
) -> None:
    page, _ = opened(browser, 390)
    page.goto(street.url(name))
    for target in page.locator("button, .option, input[type=text]").all():
        box = target.bounding_box()
        assert box is not None and box["height"] >= 44


def picture_of(page: Page, name: str, folder: Path) -> Path:
    """A picture of the whole page; one of the shown goes where they are kept, if that is asked for."""
    kept = os.environ.get("PICTURES")
    place = (Path(kept) if kept and name in SHOWN else folder) / f"{name}.png"
    page.screenshot(path=place, full_page=True)
    return place
