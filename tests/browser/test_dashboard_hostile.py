"""Three hundred hostile strings on every page, in every field that reaches one: all are text, and nothing breaks.

In every field of every answer of the hub, for whatever somebody could have written: suppliers, carriers, reasons, tags,
cases, flows, connections. And as they come in: a shop's articles and customers, people's notes, pasted lines.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.markup import shown
from hub.cli.dashboard import Dashboard
from hub.cli.serving import address, bound, served
from tests.dashboard.hostile import HOSTILE
from tests.dashboard.hostile_hub import HostileHub
from tests.dashboard.house import PORT, House, quiet

pytestmark = pytest.mark.slow

LONGEST = 240
"""Signs that a shop takes for a title."""
LINES, A_NOTE = 100, 6
WIDTHS = (1280, 390)
PAGES = {
    "/": 100,
    "/orders": 100,
    "/order?number=8401": 140,
    "/order?number=8401&whole": 140,
    "/order?number=8401&view=decision": 140,
    "/order?number=8401&view=ledger": 140,
    "/order?number=8401&view=messages": 100,
    "/order?number=8401&view=map": 60,
    "/exceptions": 100,
    "/exception?case=": 30,
    "/tracking": 100,
    "/slas?state=running": 100,
    "/suppliers": 100,
    "/connectors": 100,
    "/flows": 60,
    "/flow?flow=route": 60,
    "/flow?flow=route&view=text": 5,
    "/money": 180,
}
"""How many of them can be read there at least, at one width or the other; a page shows so much and no more. It is two
thirds of what was counted: which of them come by hangs on how often a page asks anew while it is read."""
MEANT = """[...document.querySelectorAll(
    '.stMain .stHtml :is(script, iframe, object, embed, form, video, img, svg, math, link, meta, base, input, a),' +
    '.stMain [data-testid=stMarkdownContainer] :is(script, iframe, img, svg, a, em, strong, del, h1, h2, ul, ol,' +
    'table, hr, blockquote, math, input, .katex, [data-testid=stIconMaterial], span[class*=stMarkdown])'
)].map(element => element.outerHTML.slice(0, 120))"""
"""What is on a page as an element, and could only be there because a string was not taken for text."""


@pytest.fixture(scope="module")
def sold(monday: House) -> list[str]:
    """Three orders over a hundred articles each, every title hostile, and so are their customers and notes."""
    numbers = []
    with httpx.Client(base_url=monday.on.doubled, timeout=30) as shop:
        for number, titles in enumerate(_hundreds(), 7001):
            made = shop.post(
                "/shopify/shop-1/_sandbox/orders", json=_order(number, titles)
            ).raise_for_status()
            told = shop.post(
                f"/shopify/shop-1/_sandbox/orders/{made.json()['id']}/webhook", json={"topic": "orders/paid"}
            ).json()
            url = f"{monday.on.address}/webhooks/shop-1"
            httpx.post(url, content=told["body"].encode(), headers=told["headers"]).raise_for_status()
            numbers.append(str(number))
    monday.settle()
    return numbers


@pytest.fixture(scope="module")
def poisoned(monday: House) -> Iterator[House]:
    """The same hub, of which every text is hostile; and a dashboard that does not know it."""
    hub, door, stack = HostileHub(monday.on.address), bound("127.0.0.1", 0), AsyncExitStack()

    async def open_both() -> str:
        stack.push_async_callback(hub.close)
        await stack.enter_async_context(served(hub.app, door, lifespan=False))
        seen = await stack.enter_async_context(Dashboard(address(door), PORT + 1))
        await seen.answers()
        return seen.address

    yield replace(monday, dashboard=monday.within(open_both()), faults=[], windows={})
    monday.within(stack.aclose())


def _hundreds() -> list[list[str]]:
    return [HOSTILE[at : at + LINES] for at in range(0, len(HOSTILE), LINES)]


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
        "note": " ".join(kept[:50]),
        "customer": who,
        "shipping_address": where,
        "lines": lines,
    }


@pytest.mark.parametrize("path", PAGES)
def test_a_hostile_text_is_text_on_every_page_wherever_it_stands(
    chromium: Browser, monday: House, poisoned: House, path: str
) -> None:
    read: set[str] = set()
    poisoned.faults.clear()
    (case, *_) = monday.api("/cases", kind="stock")["items"]
    for width in WIDTHS:
        page = poisoned.enter(chromium, "ada", path.replace("case=", f"case={case['id']}"), width)
        _is_whole(page, width)
        said = _said(page)
        read |= {text for text in HOSTILE if _plain(shown(text)) in said}
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        page.close()
    assert poisoned.faults == []
    assert len(read) >= PAGES[path]


def test_three_hundred_hostile_titles_are_text_on_an_orders_page(
    chromium: Browser, monday: House, sold: list[str]
) -> None:
    monday.faults.clear()
    for number, titles in zip(sold, _hundreds(), strict=True):
        for width in WIDTHS:
            page = monday.enter(chromium, "ada", f"/order?number={number}", width)
            expect(page.locator("h1")).to_have_text(f"#{number}")
            _is_text(page, [title.replace("\0", "")[:LONGEST] for title in titles], width)
            page.close()
    assert monday.faults == []


def test_three_hundred_hostile_lines_are_text_where_they_are_pasted(chromium: Browser, monday: House) -> None:
    monday.faults.clear()
    lines = [" ".join(text.split())[:LONGEST] for text in HOSTILE]
    for width in WIDTHS:
        page = monday.enter(chromium, "ada", "/tracking", width)
        page.get_by_label("Lines").fill("\n".join(f"{line},{line}" for line in lines))
        page.get_by_role("button", name="Look at it first").click()
        expect(page.locator(".f-stat").filter(has_text="wrong")).to_be_visible()
        quiet(page)
        _is_whole(page, width)
        page.close()
    assert monday.faults == []


def test_three_hundred_hostile_notes_are_text_beside_an_exception(chromium: Browser, monday: House) -> None:
    monday.faults.clear()
    (case, *_) = monday.api("/cases")["items"]
    headers = {"authorization": f"Bearer {monday.key}"}
    texts = [text.replace("\0", "").strip()[:LONGEST] or "-" for text in HOSTILE]
    with httpx.Client(base_url=monday.on.address, headers=headers, timeout=30) as hub:
        for at in range(0, len(texts), A_NOTE):
            said = {"text": "\n".join(texts[at : at + A_NOTE])}
            hub.post(f"/cases/{case['id']}/notes", json=said).raise_for_status()
    for width in WIDTHS:
        page = monday.enter(chromium, "ada", f"/exception?case={case['id']}", width)
        _is_text(page, texts, width)
        page.close()
    assert monday.faults == []


def _plain(text: str) -> str:
    """A text without what cannot be seen of it."""
    return " ".join(text.replace("\N{WORD JOINER}", "").split())


def _said(page: Page) -> str:
    return _plain(page.locator(".stMain").evaluate("main => main.textContent"))


def _is_text(page: Page, texts: list[str], width: int) -> None:
    """Every one of them can be read, and none of them did anything."""
    quiet(page)
    said = _said(page)
    assert [text for text in texts if _plain(shown(text)) not in said] == []
    _is_whole(page, width)


def _is_whole(page: Page, width: int) -> None:
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.stMain').scrollWidth") <= width
    assert page.evaluate(MEANT) == []
    expect(page.get_by_test_id("stException")).to_have_count(0)
