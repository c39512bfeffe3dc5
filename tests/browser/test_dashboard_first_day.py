"""The dashboard of a hub to which nothing has come yet: every page says what will be here, and how it comes here."""

import pytest
from playwright.sync_api import Browser, expect

from tests.dashboard.house import House, turn

pytestmark = pytest.mark.slow

TEACHES = {
    "/": "Nothing needs you.",
    "/orders": "No order has arrived yet.",
    "/order": "No order is named.",
    "/exception": "No exception is named.",
    "/flow": "No flow is named.",
    "/order?number=1": "There is no such order.",
    "/exceptions": "No exception is open.",
    "/exceptions?state=resolved": "Nothing has been decided yet.",
    "/exception?case=00000000-0000-0000-0000-000000000000": "There is no such exception.",
    "/slas": "No promise is late.",
    "/tracking": "Every purchase has its tracking number.",
    "/flow?flow=route&view=changes": "There is one version only.",
}


def test_every_empty_page_teaches(chromium: Browser, first_day: House) -> None:
    page = first_day.enter(chromium, "ada", "/connectors")
    for path, said in TEACHES.items():
        turn(page, path)
        expect(page.locator(".f-empty")).to_contain_text(said)
        assert len(page.locator(".f-empty").inner_text()) > len(said) + 20
    page.close()
    assert first_day.faults == []
