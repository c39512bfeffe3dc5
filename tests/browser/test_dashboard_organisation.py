"""People sign in to the dashboard at their organisation's OpenID provider, in a real browser, from page to page."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.door.visits import COOKIE
from tests.api.provider_double import CLIENT, SECRET, ProviderDouble
from tests.dashboard.house import DEMO, House, house, nothing, quiet, window

pytestmark = pytest.mark.slow

ADA = {"sub": "1", "email": "ada@brand.example", "email_verified": True, "groups": ["everybody", "desk"]}
GRANTS = {"desk": {"role": "ops"}, "lookers": {"role": "viewer"}}


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderDouble]:
    """A provider of another site than the hub and its dashboard, which shows people a page."""
    door = socket.create_server(("127.0.0.1", 0))
    double = ProviderDouble(
        lambda: datetime.now(UTC), f"http://localhost:{door.getsockname()[1]}", dict(ADA), asks=True
    )
    server = uvicorn.Server(uvicorn.Config(double.app(), log_level="error", lifespan="off"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [door]})
    serving.start()
    yield double
    server.should_exit = True
    serving.join()
    door.close()


@pytest.fixture(scope="module")
def organised(tmp_path_factory: pytest.TempPathFactory, provider: ProviderDouble) -> Iterator[House]:
    """A hub that knows the provider, and nobody yet."""
    hub, desk = free_port(), free_port()
    provider.callback = f"http://127.0.0.1:{hub}/session/oidc/callback"
    given = {
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uri": provider.callback,
        "dashboard_url": f"http://127.0.0.1:{desk}",
        "grants": GRANTS,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAROS_OIDC", json.dumps(given))
        with house(tmp_path_factory.mktemp("organised"), nothing, DEMO, ports=(hub, desk)) as found:
            yield found


@pytest.fixture
def opened(chromium: Browser, provider: ProviderDouble) -> Iterator[BrowserContext]:
    """A window of somebody whom nobody knows yet; at the provider they are Ada."""
    provider.person, provider.said = dict(ADA), {}
    context = window(chromium, 1280)
    yield context
    context.close()


def goes(page: Page, house: House, path: str = "/suppliers", way: str = "Go on") -> None:
    """To a page of the dashboard, from its door to the provider, and whichever way they choose there."""
    page.goto(house.dashboard + path)
    page.get_by_role("link", name="Sign in with your organisation").click()
    page.get_by_role("link", name=way).click()


def is_told(page: Page, words: str) -> None:
    """They stand at the door again, and know why."""
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def live_sessions(house: House) -> int:
    async def count() -> int:
        async with house.on.hub.database.connection() as connection:
            found: int = await connection.fetchval("select count(*) from sessions where ended_at is null")
            return found

    return house.within(count())


def test_who_is_known_there_comes_back_to_the_page_they_wanted_and_signs_out(
    opened: BrowserContext, organised: House
) -> None:
    page = opened.new_page()
    goes(page, organised, "/orders?state=held")

    expect(page.locator("h1")).to_have_text("Orders")
    expect(page.get_by_text("ada@brand.example · ops")).to_be_visible()
    assert page.url == f"{organised.dashboard}/orders?state=held"
    page.reload()
    expect(page.get_by_text("ada@brand.example · ops")).to_be_visible()
    assert live_sessions(organised) == 1

    page.get_by_text("Sign out").click()
    is_told(page, "You have signed out.")
    assert live_sessions(organised) == 0


def test_their_groups_say_what_they_may(
    opened: BrowserContext, organised: House, provider: ProviderDouble
) -> None:
    provider.person |= {"sub": "2", "email": "vera@brand.example", "groups": ["lookers"]}
    page = opened.new_page()
    goes(page, organised, "/connectors")

    expect(page.get_by_text("vera@brand.example · viewer")).to_be_visible()
    quiet(page)
    expect(page.locator("h2").first).to_be_visible()
    expect(page.get_by_role("button", name="Try it")).to_have_count(0)


def test_who_is_in_no_group_that_is_let_in_is_told_so(
    opened: BrowserContext, organised: House, provider: ProviderDouble
) -> None:
    provider.person |= {"sub": "3", "email": "eve@brand.example", "groups": ["everybody"]}
    page = opened.new_page()
    goes(page, organised)
    is_told(page, "Your organisation knows you, and nobody has let you into this hub.")


def test_who_does_not_go_on_there_is_not_let_in(opened: BrowserContext, organised: House) -> None:
    page = opened.new_page()
    goes(page, organised, way="Do not")
    is_told(page, "Your organisation did not let you in.")


def test_an_identity_of_another_try_is_refused(
    opened: BrowserContext, organised: House, provider: ProviderDouble
) -> None:
    provider.said = {"nonce": "of another try"}
    page = opened.new_page()
    goes(page, organised)
    is_told(page, "It could not be told who you are.")


def test_a_way_back_that_was_not_begun_here_is_refused(opened: BrowserContext, organised: House) -> None:
    page = opened.new_page()
    page.goto(organised.dashboard)
    page.get_by_role("link", name="Sign in with your organisation").click()
    back = page.get_by_role("link", name="Go on").get_attribute("href") or ""
    for forged in (back.replace("state=", "state=x"), back.partition("&state")[0]):
        page.goto(forged)
        is_told(page, "That sign-in was begun in another browser, or long ago.")


def test_a_link_with_somebody_elses_way_in_signs_nobody_in(opened: BrowserContext, organised: House) -> None:
    with httpx.Client(timeout=30) as theirs:
        away = theirs.get(f"{organised.on.address}/session/oidc").headers["location"]
        back = unescape(theirs.get(away).text.partition('href="')[2].partition('"')[0])
        lure = theirs.get(back).headers["location"]
    assert "ticket" in parse_qs(urlsplit(lure).query)

    page = opened.new_page()
    page.goto(lure)
    is_told(page, "That sign-in was begun in another browser")
    page.get_by_role("link", name="Sign in with your organisation").click()
    expect(page.get_by_role("link", name="Go on")).to_be_visible()  # having begun something of one's own
    page.goto(lure)
    is_told(page, "This way in is over")
    assert [cookie for cookie in opened.cookies() if cookie["name"] == COOKIE] == []
