"""When an order will be there: what the customer may be promised."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.fulfilment.hours import Days, Hours
from hub.fulfilment.policies import Policies
from hub.fulfilment.promises import AskWindow, DeliveryWindow, Window, reckon, widest, window
from hub.fulfilment.supplier import ShippingQuote, SupplierSpec
from hub.model.calendar import Calendar
from tests.fulfilment.trade import BERLIN, Trade, line, order, refusal, supplier, usd

ZONES = ("UTC", "America/New_York", "Asia/Shanghai", "Pacific/Honolulu", "Pacific/Auckland", "Europe/Berlin")
BRAND = Calendar("America/New_York")
TUESDAY = datetime(2026, 12, 1, 10, tzinfo=ZoneInfo("America/New_York"))

moments = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
calendars = st.builds(
    Hours,
    days=st.lists(st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")), min_size=1),
    opens=st.just(time(0)),
    closes=st.times(time(1), time(23, 59)),
    zone=st.sampled_from(ZONES),
    holidays=st.lists(st.dates(date(2024, 1, 1), date(2030, 2, 1)), max_size=20),
)
ranges = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(
    lambda pair: Days(earliest=min(pair), latest=max(pair))
)


def reckoned(of: SupplierSpec, now: datetime = TUESDAY, store: Calendar = BRAND, **policies: Any) -> Window:
    return reckon(of, order(), Policies(**policies), store, now)


def in_transit(days: int, latest: int | None = None, **place: str) -> list[ShippingQuote]:
    return [ShippingQuote(cost=usd(4), days=days, days_latest=latest, **place)]


def test_handling_then_the_way_by_zone_in_working_days() -> None:
    near, inland, abroad = (supplier("a", region) for region in ("US-NY", "US-CA", "CN-GD"))
    assert str(reckoned(near)) == "Fri 4 - Tue 8 Dec"
    assert str(reckoned(inland)) == "Mon 7 - Fri 11 Dec"
    assert str(reckoned(abroad)) == "Fri 11 - Thu 24 Dec"
    assert reckoned(near).ship_by == datetime(2026, 12, 3, 17, tzinfo=ZoneInfo("America/New_York"))


def test_after_closing_counts_as_the_next_working_day() -> None:
    same_day = supplier("a", handling_days=0, shipping=in_transit(1))
    assert str(reckoned(same_day, TUESDAY.replace(hour=16, minute=59))) == "Wed 2 Dec"
    assert str(reckoned(same_day, TUESDAY.replace(hour=17))) == "Thu 3 Dec"
    friday_evening = datetime(2026, 12, 4, 18, tzinfo=ZoneInfo("America/New_York"))
    assert str(reckoned(same_day, friday_evening)) == "Tue 8 Dec"


def test_a_supplier_works_by_its_own_clock_and_holidays() -> None:
    # 10:00 in New York is 23:00 in Shanghai: that day is over there, and the next two are days off.
    hours = Hours(zone="Asia/Shanghai", closes=time(18), holidays=[date(2026, 12, 2), date(2026, 12, 3)])
    far = supplier("a", "CN", hours=hours, handling_days=0, shipping=in_transit(1))
    assert reckoned(far).ship_by == datetime(2026, 12, 4, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert str(reckoned(far)) == "Mon 7 Dec"


def test_dates_are_those_of_the_stores_own_day() -> None:
    # 17:00 on Monday in Berlin is already Tuesday morning in Auckland.
    near = supplier("a", hours=Hours(zone="Europe/Berlin"), handling_days=0, shipping=in_transit(0))
    monday = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert str(reckoned(near, monday, Calendar("Pacific/Auckland"))) == "Tue 1 Dec"
    assert str(reckoned(near, monday, Calendar("Europe/Berlin"))) == "Mon 30 Nov"


def test_nobody_delivers_on_the_carriers_holidays() -> None:
    near = supplier("a", handling_days=0, shipping=in_transit(1, 2))
    eve = datetime(2026, 12, 24, 10, tzinfo=ZoneInfo("America/New_York"))
    assert str(reckoned(near, eve)) == "Fri 25 - Mon 28 Dec"
    assert str(reckoned(near, eve, carrier_holidays=[date(2026, 12, 25)])) == "Mon 28 - Tue 29 Dec"


def test_the_most_specific_quote_that_says_how_long_counts() -> None:
    quotes = [
        *in_transit(9),
        *in_transit(4, 5, country="US"),
        ShippingQuote(cost=usd(9), country="US", region="NY"),
    ]
    of = supplier("a", handling_days=0, shipping=quotes)
    assert str(reckoned(of)) == "Mon 7 - Tue 8 Dec"


def test_a_window_over_the_turn_of_a_month_or_year_names_both() -> None:
    found = Window(TUESDAY, date(2026, 12, 31), date(2027, 1, 4))
    assert str(found) == "Thu 31 Dec - Mon 4 Jan"


def test_the_spring_change_takes_no_day_away() -> None:
    berlin = Calendar("Europe/Berlin")
    friday = datetime(2026, 3, 27, 16, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    found = reckoned(supplier("a", handling_days=1, shipping=in_transit(1)), friday, berlin)
    assert found.ship_by == datetime(2026, 3, 30, 15, tzinfo=UTC), "17:00 of summer time"
    assert str(found) == "Tue 31 Mar"


@given(moments, calendars, calendars, ranges, ranges)
def test_no_date_is_before_the_moment_and_none_is_after_the_next(
    now: datetime, works: Hours, store: Hours, handling: Days, transit: Days
) -> None:
    of = supplier(
        "a", hours=works, handling_days=handling, shipping=in_transit(transit.earliest, transit.latest)
    )
    found = reckoned(of, now, store.calendar("UTC"))
    today = now.astimezone(ZoneInfo(store.zone)).date()
    assert found.ship_by > now
    assert today <= found.earliest <= found.latest
    assert found.ship_by.date() <= found.latest


@given(moments, calendars, ranges, st.integers(0, 5), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_more_handling_and_a_later_start_never_make_it_earlier(
    now: datetime, works: Hours, handling: Days, more: int, later: timedelta
) -> None:
    slower = Days(earliest=handling.earliest + more, latest=handling.latest + more)
    one, other = (supplier("a", hours=works, handling_days=days) for days in (handling, slower))
    before, after, postponed = reckoned(one, now), reckoned(other, now), reckoned(one, now + later)
    for second in (after, postponed):
        assert before.ship_by <= second.ship_by
        assert before.earliest <= second.earliest
        assert before.latest <= second.latest


@given(moments, calendars, ranges)
def test_nothing_leaves_on_a_day_off(now: datetime, works: Hours, handling: Days) -> None:
    leaves = reckoned(supplier("a", hours=works, handling_days=handling), now).ship_by
    calendar = works.calendar("UTC")
    assert calendar.works_on(leaves.astimezone(ZoneInfo(works.zone)).date())


@given(moments, calendars, ranges, calendars, ranges)
def test_of_several_parcels_the_window_holds_each(
    now: datetime, one: Hours, fast: Days, other: Hours, slow: Days
) -> None:
    parcels = [
        reckoned(supplier("a", hours=hours, handling_days=days), now)
        for hours, days in ((one, fast), (other, slow))
    ]
    whole = widest(parcels)
    assert all(whole.earliest <= p.earliest and p.latest <= whole.latest for p in parcels)
    assert all(p.ship_by <= whole.ship_by for p in parcels)


def test_ranges_and_hours_are_read_as_people_write_them() -> None:
    written = {
        "connection": "a",
        "name": "A",
        "handling_days": "3",
        "hours": {"days": ["mon", "sat"], "opens": "08:00", "closes": "18:30", "holidays": ["2026-10-01"]},
    }
    spec = SupplierSpec.model_validate(written)
    assert spec.handling_days == Days(earliest=3, latest=3)
    assert spec.hours is not None
    assert spec.hours.calendar("Asia/Shanghai") == Calendar(
        "Asia/Shanghai", frozenset({0, 5}), time(8), time(18, 30), frozenset({date(2026, 10, 1)})
    )
    assert SupplierSpec.model_validate(spec.model_dump(mode="json")) == spec


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"handling_days": {"earliest": 3, "latest": 1}}, "the earliest, 3, is after the latest, 1"),
        ({"handling_days": -1}, "greater than or equal to 0"),
        ({"hours": {"zone": "Asia/Shangai"}}, "no time zone"),
        ({"hours": {"opens": "18:00", "closes": "09:00"}}, "closes before it opens"),
        ({"hours": {"days": []}}, "at least 1"),
        ({"shipping": [{"cost": usd(1), "days_latest": 4}]}, "days_latest needs days"),
        ({"shipping": [{"cost": usd(1), "days": 5, "days_latest": 4}]}, "days_latest needs days"),
    ],
)
def test_hours_and_ranges_that_make_no_sense_are_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        SupplierSpec.model_validate({"connection": "a", "name": "A", **more})


async def promised(trade: Trade, **asked: Any) -> DeliveryWindow:
    return await trade.ask(window, AskWindow(**{"order": order(), **asked}))


async def test_an_orders_window_is_that_of_who_ships_it(trade: Trade) -> None:
    trade.suppliers = [supplier("a", "US-NY"), supplier("b", "CN")]
    await trade.sells(a=10, b=12)
    decision = await trade.assign(order())
    by_decision = await promised(trade, decision=decision)
    assert (by_decision.earliest, by_decision.latest) == ("2026-03-05", "2026-03-09")
    assert by_decision.text == "Thu 5 - Mon 9 Mar"
    assert by_decision.until == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
    assert await promised(trade) == by_decision, "what is on record says the same"
    assert (await promised(trade, supplier="b")).text == "Thu 12 - Wed 25 Mar"


async def test_two_parcels_are_promised_together(trade: Trade) -> None:
    trade.suppliers = [supplier("a", "US-NY"), supplier("b", "CN")]
    await trade.sells(a=10)
    await trade.sells("RING-02", b=10)
    both = order(lines=[line(), line("RING-02")])
    found = await promised(trade, order=both, decision=await trade.assign(both))
    assert found.text == "Thu 5 - Wed 25 Mar"


async def test_nothing_is_promised_where_nobody_ships_or_nobody_knows_where_to(trade: Trade) -> None:
    assert (await refusal(promised(trade))).code == "not-assigned"
    assert (await refusal(promised(trade, supplier="nobody"))).code == "not-assigned"
    nowhere = order(ship_to=None)
    assert (await refusal(promised(trade, order=nowhere, supplier="a"))).code == "cannot-place"


async def test_the_address_decides_how_far_it_is(trade: Trade) -> None:
    trade.suppliers = [supplier("a", "US-NY")]
    near = await promised(trade, supplier="a")
    far = await promised(trade, order=order(ship_to=BERLIN), supplier="a")
    assert (near.latest, far.latest) == ("2026-03-09", "2026-03-25")
