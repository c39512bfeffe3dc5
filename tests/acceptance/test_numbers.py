"""Twice a day people are reminded of tracking numbers that nobody has told; where none is missing, nobody is."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.brand import Brand, Terms
from tests.acceptance.test_alerts import DASHBOARD, come_to
from tests.acceptance.test_parcels import FIRST

TEN, FOUR = datetime(2026, 11, 23, 15, 0, tzinfo=UTC), datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
"""Ten in the morning and four in the afternoon at the brand's, in New York."""
NUMBERS_AT = f"{{safety_threshold: 5, numbers_at: [10:00, 16:00], dashboard_url: '{DASHBOARD}'}}"


@pytest.fixture
def terms() -> Terms:
    return Terms(policies=NUMBERS_AT)


def reminders(brand: Brand) -> list[dict[str, str]]:
    return [alert for alert in brand.alerts.alerts if "tracking number" in alert["title"]]


@pytest.mark.row("S2-076")
async def test_at_the_two_set_times_and_only_while_something_is_pending(brand: Brand) -> None:
    await brand.buy()
    await brand.buy("RING-02")
    await come_to(brand, TEN - timedelta(minutes=1))
    assert reminders(brand) == []

    await come_to(brand, TEN)
    (reminder,) = reminders(brand)
    assert reminder["title"] == "2 purchases have no tracking number yet"
    assert reminder["message"].splitlines()[:3] == ["a: 1001", "b: 1002", f"{DASHBOARD}/tracking"]

    await brand.ships(FIRST)
    await come_to(brand, FOUR - timedelta(minutes=1))
    assert len(reminders(brand)) == 1, "once at each of the times"
    await come_to(brand, FOUR)
    assert [r["title"] for r in reminders(brand)[1:]] == ["1 purchase has no tracking number yet"]

    await brand.ships("1Z999AA10123456784", "b")
    await brand.floor.let_pass(hours=24)
    assert len(reminders(brand)) == 2, "nothing is pending the next day"


async def test_a_hub_that_was_away_at_both_times_reminds_once(brand: Brand) -> None:
    await brand.buy()
    await come_to(brand, FOUR + timedelta(hours=1))
    assert len(reminders(brand)) == 1


@pytest.mark.parametrize("terms", [Terms()])
async def test_a_store_that_sets_no_time_is_never_reminded(brand: Brand) -> None:
    await brand.buy()
    await come_to(brand, FOUR + timedelta(hours=1))
    assert reminders(brand) == []
    assert [run for run in await brand.floor.runs() if run["flow"] == "numbers"] == []
