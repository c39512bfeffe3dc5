"""A hub with orders and its dashboard, as `faros demo` runs them, in a thread of its own; and people in it."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.door.visits import COOKIE
from hub.assembly import catalog_of
from hub.cli.dashboard import Dashboard
from hub.cli.monday import Monday
from hub.cli.order_8492 import TUESDAY, Order8492
from hub.cli.performance import Performance, Wanted, perform
from hub.cli.stage import stage_for
from hub.store.keys import Role
from hub.store.passwords import Passwords
from hub.store.users import UserNew, add_user

CATALOG = catalog_of()
PACK = next(pack for pack in CATALOG.installed.flows if pack.name == "faros")
PASSWORD = "a long enough password"
PORT = 18_600
DEMO = PACK / "demo"
STORY, STORY_BEGINS = DEMO / "order-8492", TUESDAY - timedelta(minutes=1)
T = TypeVar("T")
Play = Callable[[Performance], Awaitable[None]]


@dataclass
class House:
    """Where everything is."""

    on: Performance
    dashboard: str
    loop: asyncio.AbstractEventLoop
    faults: list[str] = field(default_factory=list)
    """What browsers complained of, and what they asked of strangers."""
    windows: dict[tuple[Browser, str, int, bool], BrowserContext] = field(default_factory=dict)
    """A window for each person, width and theme, which keeps what it has loaded from page to page."""

    @property
    def key(self) -> str:
        """The admin's key."""
        return Path(self.on.key).read_text().strip()

    def within(self, work: Awaitable[T]) -> T:
        """Do something inside the hub."""

        async def done() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(120)

    def settle(self) -> None:
        """Wait until nothing moves without more time or a person."""

        async def settled() -> None:
            await (await stage_for(self.on)).settle()

        self.within(settled())

    def api(self, path: str, **asked: object) -> Any:
        """What the hub says, to compare with what is shown."""
        headers = {"authorization": f"Bearer {self.key}"}
        params = {name: str(value) for name, value in asked.items()}
        answer = httpx.get(f"{self.on.address}{path}", params=params, headers=headers, timeout=30)
        return answer.raise_for_status().json()

    def add_person(self, name: str, role: Role = "ops") -> None:
        """Somebody who can sign in."""

        async def add() -> None:
            kept = await Passwords().hash(PASSWORD)
            async with self.on.hub.database.transaction() as connection:
                await add_user(connection, UserNew(name, role, None), kept, self.on.hub.clock.now())

        self.within(add())

    def enter(
        self, browser: Browser, name: str, path: str = "/", width: int = 1280, *, dark: bool = False
    ) -> Page:
        """Somebody who has signed in opens an address of the dashboard, in a tab of their window."""
        key = (browser, name, width, dark)
        if key not in self.windows:
            self.windows[key] = window(browser, width, dark=dark)
            self.windows[key].add_cookies(
                [{"name": COOKIE, "value": self.visit(name), "url": self.dashboard}]
            )
        page = watched(self.windows[key], self)
        page.goto(self.dashboard + path)
        # On a phone the side bar, where this stands, is there and out of sight.
        expect(page.get_by_text("Sign out")).to_have_count(1)
        quiet(page)
        return page

    def visit(self, name: str) -> str:
        """What a browser holds of somebody who has come in by the door."""
        form = {"name": name, "password": PASSWORD}
        answer = httpx.post(f"{self.dashboard}/sign-in", data=form, timeout=30)
        assert answer.status_code == 303, answer.text
        return answer.cookies[COOKIE]


def window(browser: Browser, width: int, *, dark: bool = False) -> BrowserContext:
    """A window of this width, of a person in Britain."""
    return browser.new_context(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
    )


def watched(context: BrowserContext, house: House) -> Page:
    """A page whose complaints are kept."""
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.on("console", lambda message: _heard(house, message.type, message.text, message.location["url"]))
    page.on("pageerror", lambda error: house.faults.append(f"error: {error}"))
    page.on("request", lambda request: _asked(house, request.url))
    return page


def turn(page: Page, path: str) -> None:
    """Go to another address in the same tab, as a browser's Back does: what has been loaded stays."""
    page.evaluate(
        "to => { history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate')); }", path
    )
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    quiet(page)


def _heard(house: House, kind: str, text: str, url: str) -> None:
    # A page that is opened by its own address looks for its server at each part of it before it finds it.
    is_search = "/_stcore/" in url and "404" in text
    if kind == "error" and not is_search:
        house.faults.append(f"console: {text} {url}")


def _asked(house: House, url: str) -> None:
    if not url.startswith((house.dashboard, "data:", "blob:")):
        house.faults.append(f"asked a stranger: {url}")


def quiet(page: Page) -> None:
    """Wait until the page does nothing any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.locator("[data-stale=true]")).to_have_count(0)


@contextmanager
def house(
    folder: Path,
    play: Play,
    demo: Traversable,
    begins: datetime | None = None,
    ports: tuple[int, int] = (0, PORT),
) -> Iterator[House]:
    """Open it, with what is played in it first; leave it to close everything. `ports` are the hub's and the
    dashboard's."""
    ready, leave = threading.Event(), threading.Event()
    found: list[House] = []
    failed: list[BaseException] = []

    async def live() -> None:
        async with perform(folder, Wanted(PACK, demo, CATALOG, ports[0], begins=begins)) as on:
            await play(on)
            async with Dashboard(on.address, ports[1]) as seen:
                await seen.answers()
                found.append(House(on, seen.address, asyncio.get_running_loop()))
                ready.set()
                await asyncio.to_thread(leave.wait)

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:  # noqa: BLE001  it is raised again where somebody waits
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=run, name="house")
    thread.start()
    try:
        ready.wait()
        if failed:
            raise failed[0]
        yield found[0]
    finally:
        leave.set()
        thread.join()


async def a_monday(on: Performance) -> None:
    """Eighty orders: 72 bought, 6 with an address to mend, 2 with too little stock; then time goes on by itself."""
    stage = await stage_for(on, timedelta(seconds=20))
    monday = Monday(DEMO, stage, on.doubles)
    await monday.send(await monday.seed(), lambda: None)
    await stage.settle()
    await real_time(on)


async def order_8492(on: Performance) -> None:
    """One order's whole story: bought, silent, replaced, delivered."""
    await Order8492(await stage_for(on), on.doubles, lambda moments: None).play()
    await real_time(on)


async def nothing(on: Performance) -> None:
    """A hub on its first day."""


async def real_time(on: Performance) -> None:
    """Let the clock go as clocks do."""
    async with on.hub.database.connection() as connection:
        await on.hub.clock.release(connection)
