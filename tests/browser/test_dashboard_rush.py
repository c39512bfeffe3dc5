"""Five hundred exceptions at once: people see two causes within two seconds, and hear a handful of alerts."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.cli.monday import Monday
from hub.cli.performance import Performance
from hub.cli.stage import stage_for
from hub.fulfilment.events import window_of
from tests.dashboard.house import DEMO, House, house, quiet, real_time

pytestmark = pytest.mark.slow

ADDRESSES, FRAUDS = 450, 50
MANY_FLATS = {"address1": "245 Beacon Street", "city": "Boston", "province_code": "MA", "zip": "02116"}
TIMES = "\N{MULTIPLICATION SIGN}"
IN_TIME = 2.0
"""Seconds within which a page is there."""
FIVE_MINUTES = timedelta(minutes=5)


async def a_rush(on: Performance) -> None:
    """So many orders without an apartment, and so many of high risk, come in the same minute."""
    stage = await stage_for(on, timedelta(seconds=1))
    wanted: list[dict[str, Any]] = [
        *({"shipping_address": MANY_FLATS} for _ in range(ADDRESSES)),
        *({"recommendation": "INVESTIGATE", "assessments": [{"level": "HIGH"}]} for _ in range(FRAUDS)),
    ]
    shop: Any = on.doubles.double("shopify", "shop-1")
    ids = [
        shop.add_order(name=f"#{2000 + number}", email=f"buyer-{number}@example.com", **order).id
        for number, order in enumerate(wanted)
    ]
    await Monday(DEMO, stage, on.doubles).send(ids, lambda: None)
    await stage.settle()
    async with on.hub.database.connection() as connection:
        await on.hub.clock.advance(connection, FIVE_MINUTES)
    await stage.settle()
    await real_time(on)


@pytest.fixture(scope="module")
def rush(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The rush, and one person of ops."""
    with house(
        tmp_path_factory.mktemp("rush"), a_rush, DEMO, datetime.now(UTC) - timedelta(hours=1)
    ) as found:
        found.add_person("ada")
        yield found


def seconds_until(page: Page, link: str, title: str, shown: str) -> float:
    """How long it takes from a click until a page has its title, and so much of what it is for."""
    began = time.monotonic()
    page.get_by_role("link", name=link, exact=True).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator(shown).first).to_be_visible()
    return time.monotonic() - began


async def within_five_minutes(on: Performance) -> Counter[tuple[str, datetime]]:
    """How many cases of a kind were opened in each five minutes."""
    async with on.hub.database.connection() as connection:
        rows = await connection.fetch("select kind, opened_at from cases where state = 'open'")
    return Counter((row["kind"], window_of(row["opened_at"])) for row in rows)


@pytest.mark.row("S2-078")
def test_five_hundred_exceptions_are_two_causes_there_at_once_and_few_alerts(
    chromium: Browser, rush: House
) -> None:
    groups = rush.api("/cases/groups")["groups"]
    assert sorted((g["kind"], g["count"]) for g in groups) == [
        ("address", ADDRESSES), ("fraud-review", FRAUDS),
    ]  # fmt: skip

    page = rush.enter(chromium, "ada", "/connectors")
    today, listed = "500 orders need your attention today", "Exceptions"
    for _ in range(2):
        assert seconds_until(page, "Today", today, "[class*=st-key-group-]") < IN_TIME
        assert seconds_until(page, "Exceptions", listed, ".f-case") < IN_TIME
    page.get_by_role("link", name="Today", exact=True).click()
    quiet(page)
    causes = page.locator("[class*=st-key-group-] h2")
    expect(causes).to_have_count(2)
    assert [text.split() for text in sorted(causes.all_inner_texts())] == [
        ["Address", TIMES, "450"], ["Fraud", "review", TIMES, "50"],
    ]  # fmt: skip

    alerts: Any = rush.on.doubles.double("alerts", "alerts-1")
    told = Counter(alert["title"].partition(":")[0] for alert in alerts.alerts)
    windows = rush.within(within_five_minutes(rush.on))
    assert sum(windows.values()) == ADDRESSES + FRAUDS
    # Of each cause and five minutes the first at once, and then how many more.
    for cause in ("address", "fraud-review"):
        assert told[cause] == sum(min(many, 2) for (kind, _), many in windows.items() if kind == cause)
    assert told["address"] + told["fraud-review"] <= 12
    assert rush.faults == []
