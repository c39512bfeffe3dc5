"""Pictures of the dashboard, as the README shows it. `make pictures` renews them there; a test throws them away."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.house import House, quiet, turn

pytestmark = pytest.mark.slow

LARGEST = 150_000
SHOWN = {
    "today-1280": ("/", 1280, False),
    "today-390": ("/", 390, True),
    "order-1280": ("/order?number=8401", 1280, False),
    "map-dark-1280": ("/order?number=8408&view=map", 1280, True),
    "exceptions-1280": ("/exceptions", 1280, False),
    "slas-1280": ("/slas?state=running", 1280, False),
    "suppliers-1280": ("/suppliers", 1280, False),
    "connectors-390": ("/connectors", 390, False),
    "flows-1280": ("/flow?flow=filter", 1280, False),
    "money-1280": ("/money", 1280, False),
    "tracking-1280": ("/tracking", 1280, False),
}


def test_the_dashboard_as_it_is_shown(chromium: Browser, monday: House, tmp_path: Path) -> None:
    kept = os.environ.get("PICTURES")
    folder = Path(kept) if kept else tmp_path
    tabs: dict[tuple[int, bool], Page] = {}
    for name, (path, width, dark) in sorted(SHOWN.items(), key=lambda shown: shown[1][1:]):
        if (width, dark) not in tabs:
            tabs[width, dark] = monday.enter(chromium, "ada", "/", width, dark=dark)
        page = tabs[width, dark]
        turn(page, path)
        picture = _picture(page, folder / f"dashboard-{name}.png")
        assert 0 < picture.stat().st_size < LARGEST, name
    page = monday.enter(chromium, "ada", "/exceptions?kind=stock")
    page.get_by_test_id("stPageLink").filter(has_text="#84").first.click()
    page.get_by_text("The supplier confirms that they are there", exact=True).click()
    expect(page.get_by_text("What follows")).to_be_visible()
    _picture(page, folder / "dashboard-deciding-1280.png")
    page.close()


def _picture(page: Page, place: Path) -> Path:
    expect(page.locator("h1").first).to_be_visible()
    quiet(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.screenshot(path=place)
    return place
