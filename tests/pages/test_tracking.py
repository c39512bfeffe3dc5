"""A customer sees the order move: what happened last, when, and what comes next, under the brand's name alone."""

import html
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from hub.fulfilment.links import Purpose
from tests.pages.desk import BRANDS, NOW, MemoryDesk, order, parcel

Tokens = dict[Purpose, str]


async def see(customer: httpx.AsyncClient, desk: MemoryDesk, view: Any) -> str:
    """The text of an order's tracking page, as its customer reads it."""
    desk.orders[view.order_number] = view
    answer = await customer.get(f"/t/{desk.link('tracking', view.order_number)}")
    assert answer.status_code == 200
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", answer.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.mark.row("S1-070")
async def test_the_page_shows_the_last_event_its_time_and_the_next_step(
    customer: httpx.AsyncClient, desk: MemoryDesk
) -> None:
    page = await see(customer, desk, order(parcel(last_event_at=NOW - timedelta(hours=2))))
    assert "Your parcel is on its way to you." in page
    assert "Last update: Thursday 5 March 2026, 12:30 CET" in page
    assert "Next It goes out for delivery near you." in page
    assert "longer than usual" not in page


@pytest.mark.row("S1-070")
@pytest.mark.parametrize(
    ("silence", "is_late"),
    [(timedelta(hours=72), False), (timedelta(hours=72, seconds=1), True), (timedelta(days=9), True)],
)
async def test_three_days_of_silence_are_owned_up_to(
    customer: httpx.AsyncClient, desk: MemoryDesk, silence: timedelta, is_late: bool
) -> None:
    for moving in (
        parcel(last_event_at=NOW - silence),
        parcel(rung="pre_transit", last_event_at=NOW - silence),
        parcel(rung=None, last_event_at=None, known_since=NOW - silence),
        parcel(overlay="expired", last_event_at=NOW - silence),
    ):
        page = await see(customer, desk, order(moving))
        assert ("This is taking longer than usual." in page) is is_late


@pytest.mark.parametrize(
    "still",
    [
        {"rung": "delivered", "delivered_at": NOW - timedelta(days=9)},
        {"overlay": "returned"},
        {"overlay": "failure", "reason": "lost"},
        {"overlay": "available_for_pickup"},
    ],
)
async def test_a_parcel_that_need_not_move_is_never_late(
    customer: httpx.AsyncClient, desk: MemoryDesk, still: dict[str, Any]
) -> None:
    page = await see(customer, desk, order(parcel(last_event_at=NOW - timedelta(days=9), **still)))
    assert "longer than usual" not in page


@pytest.mark.parametrize(
    ("said", "sentence", "ladder"),
    [
        ({"rung": None, "last_event_at": None}, "The carrier has not sent an update yet.", "● Preparing Now"),
        ({"rung": "pre_transit"}, "Your parcel is packed and waits for the carrier.", "● Preparing Now"),
        ({"rung": "out_for_delivery"}, "Your parcel is out for delivery.", "● Out for delivery Now"),
        ({"rung": "delivered", "delivered_at": NOW}, "Your parcel was delivered.", "✓ Delivered (done)"),
        (
            {"overlay": "exception", "reason": "customs"},
            "Your parcel is with customs.",
            "! On its way Held up",
        ),
        ({"overlay": "exception"}, "There is a hold-up with your parcel.", "! On its way Held up"),
        ({"overlay": "available_for_pickup"}, "Your parcel is ready for you to pick up.", "● On its way Now"),
        ({"overlay": "returned"}, "Your parcel is on its way back to us.", "! On its way Held up"),
        ({"overlay": "failure", "reason": "lost"}, "this parcel cannot be delivered", "! On its way Held up"),
    ],
)
async def test_every_state_has_its_sentence_and_its_step_is_marked_by_more_than_colour(
    customer: httpx.AsyncClient, desk: MemoryDesk, said: dict[str, Any], sentence: str, ladder: str
) -> None:
    page = await see(customer, desk, order(parcel(**said)))
    assert sentence in page
    assert ladder in page


async def test_times_are_those_of_the_brands_own_zone(customer: httpx.AsyncClient, desk: MemoryDesk) -> None:
    moving = parcel(last_event_at=NOW, expected_at=NOW + timedelta(days=2))
    page = await see(customer, desk, order(moving, store="kiosk"))
    assert "Thursday 5 March 2026, 08:30 EST" in page
    assert "Expected Saturday 7 March" in page


async def test_an_order_in_several_parcels_shows_each_with_its_articles(
    customer: httpx.AsyncClient, desk: MemoryDesk
) -> None:
    first = parcel(items=[{"title": "Beeswax candle"}], tracking_number="1Z999AA10123456784", carrier="UPS")
    second = parcel(rung="delivered", delivered_at=NOW, items=[{"title": "Linen towel", "quantity": 2}])
    page = await see(customer, desk, order(first, second))
    assert "Your order comes in 2 parcels" in page
    assert page.index("Parcel 1 of 2") < page.index("1Z999AA10123456784 UPS") < page.index("Parcel 2 of 2")


async def test_an_order_without_a_parcel_is_being_prepared(
    customer: httpx.AsyncClient, desk: MemoryDesk
) -> None:
    assert "We are getting your order ready" in await see(customer, desk, order())


@pytest.mark.row("S1-075", "S1-163")
@pytest.mark.parametrize("store", BRANDS)
async def test_the_page_wears_its_own_brand_and_no_other(
    customer: httpx.AsyncClient, desk: MemoryDesk, store: str
) -> None:
    desk.orders["8492"] = order(parcel(), store=store)
    page = html.unescape((await customer.get(f"/t/{desk.link('tracking', '8492')}")).text)
    own = BRANDS[store]
    assert own.name in page and f"--brand:{own.colour}" in page
    assert (own.logo in page) if own.logo else ("<img" not in page)
    for other in BRANDS.values():
        if other is not own:
            assert not any(word in page for word in (other.name, other.colour, other.email) if word)


@pytest.mark.row("S1-163")
async def test_neither_supplier_nor_carrier_words_can_come_near_the_page(
    customer: httpx.AsyncClient, desk: MemoryDesk
) -> None:
    """The views have no field for them: what a carrier wrote has no way onto the page."""
    fields = {name for view in (order(parcel()), parcel()) for name in type(view).model_fields}
    assert fields.isdisjoint({"supplier", "text", "place", "code", "url", "tracking_url", "origin"})
    page = await see(customer, desk, order(parcel(overlay="exception", reason="held")))
    assert "http" not in page
