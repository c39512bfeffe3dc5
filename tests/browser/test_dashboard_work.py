"""A morning's work at the dashboard, by two people: what they decide happens, once, and each hears of the other."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.house import House, quiet

pytestmark = pytest.mark.slow


def opened(page: Page, house: House, kind: str, number: str) -> str:
    """Go through Today to an exception of this kind and order; its id."""
    (case,) = [c for c in house.api("/cases", kind=kind)["items"] if c["subject"] == number]
    page.get_by_test_id("stPageLink").filter(has_text=f"#{number}").first.click()
    expect(page.locator("h1").filter(has_text=number)).to_be_visible()
    return str(case["id"])


def decides(page: Page, choice: str, why: str) -> None:
    page.get_by_text(choice, exact=True).click()
    page.get_by_label("Why").fill(why)
    page.get_by_label("Why").blur()
    quiet(page)
    page.get_by_role("button", name=f"Decide: {choice}").click()


def test_a_morning_at_the_dashboard(chromium: Browser, monday: House) -> None:
    ada, ben = (monday.enter(chromium, name) for name in ("ada", "ben"))
    for page in (ada, ben):
        expect(page.locator("h1")).to_have_text("8 orders need your attention today")

    _one_resolves_an_exception_and_the_run_goes_on(ada, monday)
    _two_resolve_the_same_and_the_second_is_told(ada, ben, monday)
    _six_addresses_are_released_at_once(ada, monday)
    assert monday.faults == []


def _one_resolves_an_exception_and_the_run_goes_on(ada: Page, monday: House) -> None:
    (first, _) = monday.api("/cases", kind="stock")["items"]
    before = monday.api(f"/runs/{first['run']}")
    assert [token["state"] for token in before["tokens"]] == ["held"]

    opened(ada, monday, "stock", first["subject"])
    expect(ada.get_by_text("Oversold: sold, and then not there to be shipped.").first).to_be_visible()
    decides(ada, "The supplier confirms that they are there", "Rosa of harbour said so on the phone")

    expect(ada.get_by_text("Decided. The run goes on.")).to_be_visible()
    expect(ada.get_by_text("Rosa of harbour said so on the phone")).to_be_visible()
    decided = monday.api(f"/cases/{first['id']}")
    assert (decided["choice"], decided["resolved_by"]) == ("confirmed", "ada")
    ada.get_by_test_id("stPageLink").filter(has_text=f"Order #{first['subject']}").click()
    expect(ada.get_by_text("Create purchase order").first).to_be_visible(timeout=60_000)


def _two_resolve_the_same_and_the_second_is_told(ada: Page, ben: Page, monday: House) -> None:
    ada.get_by_role("link", name="Today").click()
    (case,) = monday.api("/cases", kind="stock")["items"]
    for page in (ada, ben):
        opened(page, monday, "stock", case["subject"])
        page.get_by_text("Do not ship it", exact=True).click()
        quiet(page)
    ada.get_by_role("button", name="Decide:").click()
    expect(ada.get_by_text("Decided. The run goes on.")).to_be_visible()

    ben.get_by_role("button", name="Decide:").click()

    expect(ben.get_by_test_id("stAlert").filter(has_text="ada").first).to_be_visible()
    expect(ben.locator(".f-facts").first).to_contain_text("ada")
    assert monday.api(f"/cases/{case['id']}")["resolved_by"] == "ada"


def _six_addresses_are_released_at_once(ada: Page, monday: House) -> None:
    ada.get_by_role("link", name="Today").click()
    expect(ada.locator("h1")).to_have_text("6 orders need your attention today")
    ada.get_by_role("button", name="Ship to it as it is (6)").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog).to_contain_text("6 exceptions")
    dialog.get_by_label("Why").fill("Concierge takes parcels")
    dialog.get_by_label("Why").blur()
    dialog.get_by_role("button", name="Ship to it as it is").click()

    expect(ada.locator("h1")).to_have_text("0 orders need your attention today")
    resolved = monday.api("/cases", state="resolved", kind="address")["items"]
    assert [(case["choice"], case["resolved_by"]) for case in resolved] == [("as-is", "ada")] * 6


def ups(number: int) -> str:
    """A number that the carrier could have given: its last figure is reckoned from the others."""
    body = f"F4R05903{number:07d}"
    worth = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in body]
    return f"1Z{body}{-(sum(worth[::2]) + 2 * sum(worth[1::2])) % 10}"


@pytest.mark.row("S2-076")
def test_forty_tracking_lines_are_pasted_looked_at_and_applied_once(chromium: Browser, monday: House) -> None:
    page = monday.enter(chromium, "ada", "/tracking")
    missing = monday.api("/trackings/missing", limit=200)["items"]
    lines = [f"{item['number']},{ups(n)}" for n, item in enumerate(missing[:40])]
    page.get_by_label("Lines").fill("\n".join([*lines[:39], "nobody,123"]))
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".f-stat").filter(has_text="wrong")).to_contain_text("1")
    expect(page.get_by_role("button", name="Apply")).to_have_count(0)

    page.get_by_label("Lines").fill("\n".join(lines))
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".f-stat").filter(has_text="ready to apply")).to_contain_text("40")
    page.get_by_role("button", name="Apply 40 lines").click()
    expect(page.get_by_text("40 tracking numbers applied.")).to_be_visible()
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".f-stat").filter(has_text="known already")).to_contain_text("40")

    number, tracking = lines[7].split(",")
    page.get_by_role("link", name="Orders").click()
    page.get_by_label("Find an order").fill(tracking)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stPageLink").filter(has_text=f"#{number}")).to_be_visible()
    expect(page.get_by_text("by tracking")).to_be_visible()
    assert monday.faults == []


def test_order_8492_is_found_by_the_number_on_its_parcel(chromium: Browser, story: House) -> None:
    lost = next(parcel for parcel in story.api("/orders/8492")["parcels"] if parcel["voided_at"])
    page = story.enter(chromium, "ada", f"/orders?q={lost['tracking_number']}")

    page.get_by_test_id("stPageLink").filter(has_text="#8492").click()

    expect(page.locator("h1")).to_have_text("#8492")
    expect(page.get_by_text("Parcel given up").first).to_be_visible()
    expect(page.locator(".f-facts").filter(has_text="Void")).to_have_count(1)
    expect(page.get_by_text("replaces an earlier parcel")).to_be_visible()
    assert story.faults == []
