"""Three hundred hostile strings, as a shop's articles, as people's notes and as pasted lines: all of them are text."""

from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.markup import shown
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.house import House, quiet

pytestmark = pytest.mark.slow

LONGEST = 240
"""Signs that a shop takes for a title."""


@pytest.fixture(scope="module")
def sold(first_day: House) -> list[str]:
    """Six orders over fifty articles each, every title hostile, and so are their customers."""
    numbers = []
    with httpx.Client(base_url=first_day.on.doubled, timeout=30) as shop:
        for number, titles in enumerate(_fifties(), 7001):
            made = (
                shop.post("/shopify/shop-1/_sandbox/orders", json=_order(number, titles))
                .raise_for_status()
                .json()
            )
            told = shop.post(
                f"/shopify/shop-1/_sandbox/orders/{made['id']}/webhook", json={"topic": "orders/paid"}
            ).json()
            url = f"{first_day.on.address}/webhooks/shop-1"
            httpx.post(url, content=told["body"].encode(), headers=told["headers"]).raise_for_status()
            numbers.append(str(number))
    first_day.settle()
    return numbers


def _fifties() -> list[list[str]]:
    return [HOSTILE[at : at + 50] for at in range(0, 300, 50)]


def _order(number: int, titles: list[str]) -> dict[str, Any]:
    kept = [title.replace("\0", "")[:LONGEST] for title in titles]
    lines = [
        {"sku": f"X-{number}-{n}", "title": title, "quantity": 1, "price": "1.00"}
        for n, title in enumerate(kept)
    ]
    who = {"first_name": kept[0], "last_name": kept[1], "email": "x@example.com"}
    where = {
        "name": kept[2],
        "address1": kept[3],
        "address2": kept[4],
        "city": kept[5],
        "province_code": "NY",
        "zip": "10118",
    }
    return {
        "name": f"#{number}",
        "note": " ".join(kept),
        "customer": who,
        "shipping_address": where,
        "lines": lines,
    }


def test_three_hundred_hostile_titles_are_text_on_an_orders_page(
    chromium: Browser, first_day: House, sold: list[str]
) -> None:
    for number, titles in zip(sold, _fifties(), strict=True):
        for width in (1280, 390):
            page = first_day.enter(chromium, "ada", f"/order?number={number}", width)
            expect(page.locator("h1")).to_have_text(f"#{number}")
            _is_text(page, [title.replace("\0", "")[:LONGEST] for title in titles], width)
            page.close()
    assert first_day.faults == []


def test_three_hundred_hostile_lines_are_text_where_they_are_pasted(
    chromium: Browser, first_day: House
) -> None:
    lines = [" ".join(text.split())[:LONGEST] for text in HOSTILE]
    for width in (1280, 390):
        page = first_day.enter(chromium, "ada", "/tracking", width)
        page.get_by_label("Lines").fill("\n".join(f"{line},{line}" for line in lines))
        page.get_by_role("button", name="Look at it first").click()
        expect(page.locator(".f-stat").filter(has_text="wrong")).to_be_visible()
        _is_whole(page, width)
        page.close()
    assert first_day.faults == []


def test_three_hundred_hostile_notes_are_text_beside_an_exception(
    chromium: Browser, first_day: House, sold: list[str]
) -> None:
    (case, *_) = first_day.api("/cases")["items"]
    headers = {"authorization": f"Bearer {first_day.key}"}
    texts = [text.replace("\0", "").strip()[:LONGEST] or "-" for text in HOSTILE]
    with httpx.Client(base_url=first_day.on.address, headers=headers, timeout=30) as hub:
        for text in texts:
            hub.post(f"/cases/{case['id']}/notes", json={"text": text}).raise_for_status()
    for width in (1280, 390):
        page = first_day.enter(chromium, "ada", f"/exception?case={case['id']}", width)
        _is_text(page, texts, width)
        page.close()
    assert first_day.faults == []


def _is_text(page: Page, texts: list[str], width: int) -> None:
    """Every one of them can be read, and none of them did anything."""
    quiet(page)
    seen = " ".join(page.locator(".stMain").evaluate("main => main.textContent").split())
    assert [text for text in texts if " ".join(shown(text).split()) not in seen] == []
    _is_whole(page, width)


def _is_whole(page: Page, width: int) -> None:
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    foreign = "script, iframe, object, embed, form, video, img, svg, math, link, meta, base, input, a"
    assert page.locator(".stMain .stHtml").locator(foreign).count() == 0
