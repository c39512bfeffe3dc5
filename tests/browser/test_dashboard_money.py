"""The page Money in a real browser, over a past whose figures are known."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from hub.store.configuration import put_publication
from tests.api.history import History
from tests.dashboard.house import DEMO, House, house, nothing, quiet

pytestmark = pytest.mark.slow

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def a_past(found: House) -> None:
    """A hundred orders of three days ago: five bought late, four shown late, three sold out, two with bad addresses;
    and a hundred tickets, thirty-five of which ask where an order is."""
    noon = datetime.now(UTC) - 3 * DAY
    async with found.on.hub.database.transaction() as connection:
        past = History(connection)
        late, hidden, sold_out, address, fine = [await past.sold(many, noon) for many in (5, 4, 3, 2, 86)]
        for order in late:
            await past.bought(order, noon + 16 * MINUTE)
        for order in [*hidden, *fine]:
            purchase = await past.bought(order, noon + 14 * MINUTE)
            shown_after = 31 * MINUTE if order in hidden else 29 * MINUTE
            await past.left(order, purchase, noon + DAY, shown_after)
        for order in sold_out:
            await past.case(order, "out-of-stock", noon)
        for order in address:
            await past.case(order, "address", noon, "resolved")
        for number, order in enumerate(past.orders):
            await past.asked(order, noon + DAY, "where-is-my-order" if number < 35 else "other")
        # On a busy machine a report of the empty shop may have been kept; under a new publication it is not told.
        await put_publication(connection, {}, "ada", datetime.now(UTC))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A hub with a past, and one person of ops."""
    with house(tmp_path_factory.mktemp("past"), nothing, DEMO) as found:
        found.add_person("ada")
        found.within(a_past(found))
        yield found


def tile(page: Page, title: str) -> Locator:
    """The figure of a tile."""
    return page.locator(".f-stat").filter(has_text=title).locator("b")


@pytest.mark.row("S1-009", "S1-069")
def test_the_four_points_of_failure_are_four_tiles_and_enquiries_have_their_band(
    chromium: Browser, lived_in: House
) -> None:
    page = lived_in.enter(chromium, "ada", "/money")
    quiet(page)
    for title, figure in (
        ("Bought late", "5"),
        ("Shipped, and shown late", "4"),
        ("Sold out after the order", "3"),
        ("Addresses that cannot be delivered to", "2"),
    ):
        expect(tile(page, title)).to_have_text(figure)
    expect(tile(page, "normal")).to_have_text("35 %")
    assert lived_in.faults == []
