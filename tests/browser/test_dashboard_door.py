"""The dashboard's door in a real browser: who comes in, for how long, in which tabs, and how they leave."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.door.visits import COOKIE
from tests.dashboard.house import PASSWORD, House, quiet, watched, window

pytestmark = pytest.mark.slow

ELSEWHERE = "http://shop.example/"


@pytest.fixture
def opened(chromium: Browser, monday: House) -> Iterator[BrowserContext]:
    """A window in which nobody has signed in, and of which nothing is left."""
    monday.faults.clear()
    context = window(chromium, 1280)
    yield context
    context.close()


def come_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def titled(page: Page, text: str) -> None:
    """It is the page of this title, and whoever looks has signed in."""
    expect(page.locator("h1").filter(has_text=text)).to_be_visible()
    expect(page.get_by_text("Sign out")).to_have_count(1)
    quiet(page)


def sessions(house: House, name: str) -> int:
    """How many sessions of theirs the hub would still answer."""

    async def count() -> int:
        async with house.on.hub.database.connection() as connection:
            found: int = await connection.fetchval(
                """select count(*) from sessions s join users u on u.id = s.user_id
                   where u.name = $1 and s.ended_at is null and s.expires_at > $2""",
                name,
                house.on.hub.clock.now(),
            )
            return found

    return house.within(count())


def test_a_stranger_sees_a_door_and_nothing_else(opened: BrowserContext, monday: House) -> None:
    page = watched(opened, monday)
    page.goto(f"{monday.dashboard}/order?number=8401")
    come_in(page, "ada", "not hers")

    expect(page.get_by_role("alert")).to_have_text("There is nobody of this name with this password.")
    assert "8401" not in page.inner_text("body")
    assert opened.cookies() == []

    page.get_by_role("link", name="API key").click()
    page.get_by_label("API key").fill(monday.key)
    page.get_by_role("button", name="Sign in").click()
    titled(page, "#8401")  # where the address leads
    page.reload()
    titled(page, "#8401")
    assert [fault for fault in monday.faults if "401" not in fault] == []


def test_a_reload_and_a_second_tab_need_no_password_and_whoever_leaves_one_has_left_both(
    opened: BrowserContext, monday: House
) -> None:
    first = watched(opened, monday)
    first.goto(f"{monday.dashboard}/orders?q=8401")
    come_in(first, "ben")
    titled(first, "Orders")
    first.reload()
    titled(first, "Orders")
    second = watched(opened, monday)
    second.goto(f"{monday.dashboard}/exceptions")
    titled(second, "Exceptions")
    assert sessions(monday, "ben") == 1

    second.get_by_text("Sign out").click()
    expect(second.get_by_role("alert")).to_have_text("You have signed out.")
    assert sessions(monday, "ben") == 0
    first.get_by_label("Find an order").fill("8402")
    first.keyboard.press("Enter")
    expect(first.get_by_text("Your session has ended.")).to_be_visible()
    assert "8402" not in first.locator(".stMain").inner_text()
    first.reload()
    expect(first.get_by_label("Password", exact=True)).to_be_visible()
    assert monday.faults == []


def test_no_script_and_no_storage_of_the_browser_has_what_the_hub_would_answer(
    opened: BrowserContext, monday: House
) -> None:
    page = watched(opened, monday)
    page.goto(monday.dashboard)
    come_in(page, "ben")
    titled(page, "attention today")

    (kept,) = [cookie for cookie in opened.cookies() if cookie["name"] == COOKIE]
    assert (kept["httpOnly"], kept["sameSite"], kept["path"]) == (True, "Strict", "/")
    seen = page.evaluate("JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    assert kept["value"] not in seen and "faros_s_" not in seen + page.content()
    headers = {"authorization": f"Bearer {kept['value']}"}
    assert httpx.get(f"{monday.on.address}/session", headers=headers).status_code == 401


def test_a_session_that_is_over_leads_to_the_door_and_back_to_the_same_view(
    opened: BrowserContext, monday: House
) -> None:
    page = watched(opened, monday)
    page.goto(f"{monday.dashboard}/orders?state=held")
    come_in(page, "ben")
    titled(page, "Orders")

    async def let_pass() -> None:
        over = monday.on.hub.clock.now() - timedelta(seconds=1)
        async with monday.on.hub.database.transaction() as connection:
            await connection.execute("update sessions set expires_at = $1 where ended_at is null", over)

    monday.windows.clear()  # everybody else's are over as well
    monday.within(let_pass())
    page.reload()
    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    come_in(page, "ben")
    titled(page, "Orders")
    assert page.url == f"{monday.dashboard}/orders?state=held"


def test_a_link_on_another_site_leads_in_and_its_forms_do_nothing(
    opened: BrowserContext, monday: House
) -> None:
    page = opened.new_page()
    page.goto(monday.dashboard)
    come_in(page, "ben")
    titled(page, "attention today")
    opened.route(
        f"{ELSEWHERE}**",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f"""<a href="{monday.dashboard}/order?number=8401">Look</a>
                     <form method="post" action="{monday.dashboard}/sign-out"><button>Out</button></form>
                     <form method="post" action="{monday.dashboard}/sign-in"><input name="name" value="vera">
                     <input name="password" value="{PASSWORD}"><button>In</button></form>""",
        ),
    )
    for form in ("Out", "In"):
        page.goto(ELSEWHERE)
        page.get_by_role("button", name=form).click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.goto(ELSEWHERE)
    page.get_by_text("Look").click()
    titled(page, "#8401")
    expect(page.get_by_text("ben · ops")).to_be_visible()


def test_the_door_leads_nowhere_else_and_is_shown_in_no_frame(monday: House) -> None:
    form = {"name": "ada", "password": PASSWORD}
    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/sign-out", "orders"):
        answer = httpx.post(f"{monday.dashboard}/sign-in", data={**form, "to": wanted})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    for path in ("/sign-in", "/orders", "/_stcore/health"):
        assert httpx.get(f"{monday.dashboard}{path}").headers["x-frame-options"] == "DENY"
    too_large = httpx.post(f"{monday.dashboard}/sign-in", data={**form, "to": "/" * 20_000})
    assert too_large.status_code == 400 and "set-cookie" not in too_large.headers


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_door_fits_both_screens_and_breaks_no_rule(chromium: Browser, monday: House, dark: bool) -> None:
    for width in (1280, 390):
        context = window(chromium, width, dark=dark)
        page = watched(context, monday)
        for path in ("/", "/sign-in?way=key", "/sign-in?declined=unknown"):
            page.goto(monday.dashboard + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
        context.close()
