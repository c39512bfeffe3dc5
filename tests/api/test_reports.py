"""Reports over a store's past: each figure with its denominator, and unknown where nothing was measured."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from hub.engine.publishing import StoreSpec
from hub.fulfilment.figures.reports import REPORTS
from tests.api.history import History
from tests.floor import MONDAY, Floor, open_floor, shop

NOON = MONDAY - timedelta(days=3)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    """A store with a past, and a sister."""
    async with open_floor(database_url, {}) as floor:
        wanted = shop([], store=StoreSpec("main", settings={"currency": "USD"}))
        await floor.publish(wanted)
        yield floor


@pytest.fixture
async def past(floor: Floor) -> AsyncIterator[History]:
    async with floor.hub.database.connection() as connection:
        yield History(connection)


async def figures(client: httpx.AsyncClient, name: str, **asked: str) -> list[dict[str, Any]]:
    """A report's figures."""
    answer = await client.get(f"/reports/{name}", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["figures"]
    return found


def read(found: list[dict[str, Any]], name: str, **labels: str) -> tuple[Any, int | None]:
    """The only figure of a name with these labels, as its value and its denominator."""
    (figure,) = [f for f in found if f["name"] == name and labels.items() <= f["labels"].items()]
    value = figure["value"]
    return (Decimal(value) if isinstance(value, str) else value), figure["of"]


@pytest.mark.row("S1-009")
async def test_the_four_failure_points_are_four_measures(past: History, viewer: httpx.AsyncClient) -> None:
    late, hidden, sold_out, address, *fine = (
        await past.sold(5, NOON), await past.sold(4, NOON), await past.sold(3, NOON), await past.sold(2, NOON),
        await past.sold(86, NOON),
    )  # fmt: skip
    for order in late:
        await past.bought(order, NOON + 16 * MINUTE)
    await past.case(late[0], "forward-late", NOON + 15 * MINUTE)
    for order in [*hidden, *fine[0]]:
        purchase = await past.bought(order, NOON + 14 * MINUTE)
        await past.left(order, purchase, NOON + DAY, 31 * MINUTE if order in hidden else 29 * MINUTE)
    for order in sold_out:
        await past.case(order, "out-of-stock", NOON)
        await past.case(order, "out-of-stock-unanswered", NOON + DAY)
    for order in address:
        await past.case(order, "address", NOON, "resolved")
        await past.bought(order, NOON + DAY)

    found = await figures(viewer, "failure-points")
    assert [(f["name"], f["value"], f["of"]) for f in found] == [
        ("late_routed", 5, 100),
        ("tracking_gaps", 4, 100),
        ("out_of_stock_after_order", 3, 100),
        ("bad_addresses", 2, 100),
    ]


@pytest.mark.row("S1-124")
async def test_a_cohort_that_asks_less_than_the_one_before_is_told_in_percent(
    past: History, viewer: httpx.AsyncClient
) -> None:
    before, after = MONDAY - 45 * DAY, MONDAY - 5 * DAY
    for moment, asking in ((before, 40), (after, 10)):
        orders = await past.sold(100, moment)
        for order in orders[:asking]:
            await past.asked(order, moment + DAY)
        await past.asked(orders[0], moment + DAY, topic="return")

    found = await figures(viewer, "enquiries")
    assert read(found, "wismo_per_100_orders", cohort="before") == (40, 100)
    assert read(found, "wismo_per_100_orders", cohort="after") == (10, 100)
    assert read(found, "wismo_reduction") == (75, 100)
    (nothing,) = [
        f
        for f in await figures(viewer, "enquiries", against="2020-01-01T00:00:00Z")
        if f["name"] == "wismo_reduction"
    ]
    assert (nothing["value"], bool(nothing["unknown"])) == (None, True)


@pytest.mark.row("S1-181", "S2-092")
async def test_nine_of_ten_exceptions_were_seen_before_the_customer_wrote(
    past: History, viewer: httpx.AsyncClient
) -> None:
    orders = await past.sold(12, NOON)
    for number, order in enumerate(orders[:10]):
        await past.case(order, "stalled", NOON + DAY)
        # Two cases of one trouble are one exception.
        await past.case(order, "lost", NOON + DAY + MINUTE)
        if number < 5:
            await past.asked(order, NOON + DAY + (MINUTE if number else -MINUTE))
    await past.asked(orders[11], NOON)

    found = await figures(viewer, "before-customers")
    assert read(found, "detected_before_customer") == (90, 10)
    (told,) = [f for f in found if f["name"] == "proactive_ratio"]
    assert (told["value"], told["unknown"]) == (None, "No notice was sent.")


@pytest.mark.row("S2-077")
@pytest.mark.parametrize(("touched", "rate", "band"), [(80, 92, "on-target"), (101, "89.9", "below-target")])
async def test_the_share_of_orders_that_needed_nobody_is_held_against_its_target(
    past: History, viewer: httpx.AsyncClient, touched: int, rate: Any, band: str
) -> None:
    orders = await past.sold(1000, NOON)
    for order in orders[:touched]:
        await past.case(order, "address", NOON, "resolved")
        await past.case(order, "stalled", NOON)

    found = await figures(viewer, "touchless")
    assert read(found, "touchless_rate") == (Decimal(rate), 1000)
    assert (read(found, "orders_touched"), read(found, "orders_untouched")) == (
        (touched, 1000),
        (1000 - touched, 1000),
    )
    assert found[0]["band"] == {"name": band, "says": "The target is 90 %."}


async def test_five_hundred_open_cases_are_grouped_by_cause_within_two_seconds(
    past: History, viewer: httpx.AsyncClient
) -> None:
    kinds = ["address"] * 240 + ["out-of-stock"] * 150 + ["address-review"] * 60 + ["stalled"] * 50
    orders = await past.sold(500, NOON)
    for order, kind in zip(orders, kinds, strict=True):
        await past.case(order, kind, MONDAY - timedelta(hours=2 if kind == "stalled" else 1))

    began = time.monotonic()
    found = await figures(viewer, "exceptions")
    assert time.monotonic() - began < 2
    assert [(f["labels"]["cause"], f["value"], f["of"]) for f in found if f["name"] == "open_exceptions"] == [
        ("address", 300, 500),
        ("out-of-stock", 150, 500),
        ("stalled", 50, 500),
    ]
    assert read(found, "oldest_open_hours", cause="stalled") == (2, 50)


async def test_money_of_two_currencies_stands_side_by_side_and_is_never_added(
    past: History, viewer: httpx.AsyncClient
) -> None:
    for currency, said in (("USD", 11), ("USD", 12), ("EUR", 9)):
        (order,) = await past.sold(1, NOON)
        cost = {"amount": "10.00", "currency": currency}
        line = {"line_id": "1", "quantity": 1, "unit_cost": cost}
        offers = [
            {"supplier": supplier, "standing": "possible", "unit_cost": cost | {"amount": amount},
             "shipping": {"amount": "4.00", "currency": currency}, "fee": None}
            for supplier, amount in (("a", "10.00"), ("b", "13.00"))
        ]  # fmt: skip
        decided = [{"line_id": "1", "quantity": 1, "supplier": "a", "candidates": offers}]
        await past.bought(order, NOON, lines=[line], cost=Decimal(said), currency=currency, decided=decided)

    drift = await figures(viewer, "suppliers")
    assert read(drift, "cost_drift", currency="USD") == (15, 2)
    assert read(drift, "cost_drift", currency="EUR") == (-10, 1)
    gains = [f for f in await figures(viewer, "margin") if f["name"] == "margin_gain"]
    assert {(f["labels"]["supplier"], f["currency"], f["value"], f["of"]) for f in gains} == {
        ("a", "USD", "0.00", 2), ("b", "USD", "6.00", 2), ("a", "EUR", "0.00", 1), ("b", "EUR", "3.00", 1),
    }  # fmt: skip


async def test_a_store_without_a_past_knows_nothing_and_says_why(viewer: httpx.AsyncClient) -> None:
    for name in REPORTS:
        for figure in await figures(viewer, name):
            is_count_of_books = name == "reconciliation"
            assert is_count_of_books or (figure["value"] is None and figure["unknown"]), figure


async def test_only_what_happened_within_the_period_is_counted(
    past: History, viewer: httpx.AsyncClient
) -> None:
    for moment in (NOON - MINUTE, NOON, NOON + DAY):
        await past.sold(1, moment)

    found = await figures(viewer, "touchless", since=NOON.isoformat(), until=(NOON + DAY).isoformat())
    assert read(found, "orders_untouched") == (1, 1)


@pytest.mark.parametrize(
    ("path", "asked", "status", "kind"),
    [
        ("/reports/nonsense", {}, 404, "urn:faros:no-such-report"),
        ("/reports/touchless", {"store": "another"}, 404, "urn:faros:no-such-store"),
        ("/reports/touchless", {"since": "2027-01-01T00:00:00Z"}, 422, "urn:faros:bad-period"),
        ("/reports/touchless", {"since": "2020-01-01T00:00:00Z"}, 422, "urn:faros:bad-period"),
        ("/reports/touchless", {"until": "0001-01-01T00:00:00Z"}, 422, "urn:faros:bad-period"),
        ("/reports/touchless", {"until": "0001-01-01T00:00:00+14:00"}, 422, "urn:faros:bad-period"),
        (
            "/reports/touchless",
            {"since": "9999-12-30T00:00:00Z", "until": "9999-12-31T23:00:00-12:00"},
            422,
            "urn:faros:bad-period",
        ),
        ("/reports/enquiries", {"against": "9999-12-31T00:00:00Z"}, 422, "urn:faros:bad-period"),
        ("/reports/touchless", {"since": "2026-11-01T00:00:00"}, 422, "urn:faros:invalid"),
    ],
)
async def test_what_cannot_be_told_is_declined_in_words(
    viewer: httpx.AsyncClient, path: str, asked: dict[str, str], status: int, kind: str
) -> None:
    answer = await viewer.get(path, params=asked)
    assert (answer.status_code, answer.json()["type"]) == (status, kind)


async def test_reports_are_listed_and_need_a_key(
    viewer: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    listed = (await viewer.get("/reports")).json()["items"]
    assert [report["name"] for report in listed] == list(REPORTS)
    assert all(report["says"].endswith(".") for report in listed)
    for path in ("/reports", "/reports/touchless"):
        assert (await stranger.get(path)).status_code == 401


async def test_prometheus_is_told_the_same_figures_and_no_sample_of_what_is_unknown(
    past: History, viewer: httpx.AsyncClient, floor: Floor
) -> None:
    orders = await past.sold(10, NOON)
    await past.case(orders[0], "address", NOON)

    told = (await viewer.get("/metrics")).text
    assert 'faros_touchless_rate{store="main"} 90.0' in told
    assert 'faros_open_exceptions{cause="address",store="main"} 1.0' in told
    assert "# TYPE faros_wismo_share gauge" in told and "faros_wismo_share{" not in told

    await past.case(orders[1], "address", NOON)
    assert 'faros_touchless_rate{store="main"} 90.0' in (await viewer.get("/metrics")).text, (
        "not reckoned anew"
    )
    await floor.let_pass(minutes=5)
    assert 'faros_touchless_rate{store="main"} 80.0' in (await viewer.get("/metrics")).text


async def test_a_scrape_does_not_wait_for_figures_that_take_long(
    past: History, viewer: httpx.AsyncClient, app: FastAPI, floor: Floor
) -> None:
    await past.sold(10, NOON)
    app.state.gauges.patience = 0.0
    assert "faros_touchless_rate{" not in (await viewer.get("/metrics")).text, "not yet reckoned"
    app.state.gauges.patience = 60.0
    assert 'faros_touchless_rate{store="main"} 100.0' in (await viewer.get("/metrics")).text
    await past.case((await past.sold(1, NOON))[0], "address", NOON)
    await floor.let_pass(minutes=5)
    app.state.gauges.patience = 0.0
    assert 'faros_touchless_rate{store="main"} 100.0' in (await viewer.get("/metrics")).text, (
        "those of before"
    )
