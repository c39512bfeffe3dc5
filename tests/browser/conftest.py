"""A browser, and the houses with a dashboard that it looks at."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.dashboard.house import DEMO, STORY, STORY_BEGINS, House, a_monday, house, nothing, order_8492

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("No Chromium: apt-get install chromium.")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
        )
        expect.set_options(timeout=20_000)  # a page asks a hub that works, on a machine that has more to do
        yield found
        expect.set_options(timeout=5_000)
        found.close()


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Monday's eighty orders, just arrived; two people of ops and one who may only look."""
    begins = datetime.now(UTC) - timedelta(minutes=40)
    with house(tmp_path_factory.mktemp("monday"), a_monday, DEMO, begins) as found:
        found.add_person("ada")
        found.add_person("ben")
        found.add_person("vera", "viewer")
        yield found


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Order 8492's whole story."""
    with house(tmp_path_factory.mktemp("story"), order_8492, STORY, STORY_BEGINS) as found:
        found.add_person("ada")
        yield found


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A hub to which no order has come yet."""
    with house(tmp_path_factory.mktemp("first-day"), nothing, DEMO) as found:
        found.add_person("ada")
        yield found
